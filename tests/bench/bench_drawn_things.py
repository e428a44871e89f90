"""How well few letters on drawn things are read: signs, plates, displays, labels, notes and more.

Run by hand: ``python -m tests.bench.bench_drawn_things --hand FOLDER --print FOLDER --pictures 230``. The
folders hold faces (``.ttf``, ``.otf``, ``.woff2``) of handwriting and of print, and folders of these; faces
with ``mono`` in their path are also those of number plates. The things lie on wood, brick, cloth or the
like, in perspective and shade, and are photographed with blur, noise and JPEG.

A table shows for each kind of thing the share of letters and digits that are wrong, the F1 of words, and our
seconds for a picture; spaces and punctuation do not count, and a picture has at most all of its letters
wrong. Kinds have words of many lengths, so the mean of the kinds tells more than all letters together.
Beside it is Tesseract, if it is installed: of its page segmentation modes 3 and 11 the one that comes nearer
to the truth counts, picture by picture. ``--kinds`` chooses kinds by name, ``--clean`` leaves out blur,
noise and JPEG, and ``--worst`` takes a folder in which the pictures with faults are kept, and a text that
tells what was read, the worst first.

The same seed draws the same pictures of a kind, whichever others are drawn. To choose anything by them,
draw with one seed, and judge it with another.
"""

from __future__ import annotations

from tests.bench.drawn_bench import Bench
from tests.bench.drawn_camera import photographed
from tests.bench.drawn_scores import letters_and_digits
from tests.bench.drawn_things import KINDS

THINGS = Bench(
    name="drawn_things",
    pictures="pictures",
    count=230,
    kinds=KINDS,
    spoil=photographed,
    measure=letters_and_digits,
    letters="letters and digits",
    layouts=(3, 11),
)

if __name__ == "__main__":
    THINGS.run(__doc__)
