"""How well whole drawn pages of many kinds are read, in the faces of folders, with no pipeline named.

Run by hand: ``python -m tests.bench.bench_drawn_pages --hand FOLDER --print FOLDER --pages 210``. The
folders hold faces (``.ttf``, ``.otf``, ``.woff2``) of handwriting and of print, and folders of these; faces
with ``mono`` in their path are also those of receipts. A table shows for each kind of page the share of
characters that are wrong, the F1 of words and our seconds for a page, beside Tesseract if it is installed.
``--kinds`` chooses kinds by name, ``--clean`` leaves out uneven light, blur, noise and JPEG, and ``--worst``
takes a folder in which the pages with faults are kept, and a text that tells what was read, the worst first.

The same seed draws the same pages of a kind, whichever others are drawn. To choose anything by them, draw
with one seed, and judge it with another.
"""

from __future__ import annotations

from tests.bench.drawn_bench import Bench
from tests.bench.drawn_pages import KINDS, degraded
from tests.bench.drawn_scores import characters

PAGES = Bench(
    name="drawn_pages",
    pictures="pages",
    count=210,
    kinds=KINDS,
    spoil=degraded,
    measure=characters,
    letters="characters",
    layouts=(3,),
)

if __name__ == "__main__":
    PAGES.run(__doc__)
