"""How well short drawn pages are read that were spoiled in one of many ways: noise, blur, stains, rules.

Run by hand: ``python -m tests.bench.bench_drawn_spoiled --hand FOLDER --print FOLDER --pages 198``. The
folders hold faces (``.ttf``, ``.otf``, ``.woff2``) of handwriting and of print, and folders of these. A
table shows for each way of spoiling the share of characters that are wrong, the F1 of words and our seconds
for a page, beside Tesseract if it is installed. ``--kinds`` chooses ways by name, ``--clean`` leaves out the
slight blur, noise and JPEG that every page gets, and ``--worst`` takes a folder in which the pages with
faults are kept, and a text that tells what was read, the worst first.

Each page is spoiled slightly, half, or much. The same seed draws the same pages of a kind, whichever others
are drawn. To choose anything by them, draw with one seed, and judge it with another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from PIL import Image

from tests.bench.bench_drawn_pages import PAGES
from tests.bench.drawn_faults import FAULTS, Fault
from tests.bench.drawn_marks import MARKS, Mark
from tests.bench.drawn_sheet import Chance, Sheet, wrapped

HAND = 0.4
"""Share of the pages that are written by hand."""


def short_page(chance: Chance) -> tuple[Sheet, int]:
    """Draw a few lines of text, and return the height of their letters too."""
    style = chance.style(HAND)
    size = chance.size(24, 30, 38) if style == "hand" else chance.size(18, 22, 28, 36)
    face = chance.face(style, size)
    lines = wrapped(chance.sentences(2, 4), face, size * chance.rng.randint(16, 24))
    leading = round(size * chance.rng.uniform(1.4, 1.8))
    width = max(face.getlength(line) for line in lines)
    sheet = Sheet.blank(width + 4 * size, leading * len(lines) + 4 * size)
    sheet.write_all(2 * size, 2 * size, lines, face, leading)
    return sheet, size


def _with_fault(fault: Fault, chance: Chance) -> Sheet:
    sheet, _ = short_page(chance)
    pixels = np.asarray(sheet.picture).astype(np.float32)
    spoiled = fault(chance, pixels, _severity(chance)).clip(0, 255).astype(np.uint8)
    return Sheet(Image.fromarray(spoiled), sheet.lines)


def _with_mark(mark: Mark, chance: Chance) -> Sheet:
    sheet, size = short_page(chance)
    mark(chance, sheet, size, _severity(chance))
    return sheet


def _severity(chance: Chance) -> float:
    return chance.rng.choice([0, 0.5, 1])


KINDS: dict[str, Callable[[Chance], Sheet]] = {
    **{name: partial(_with_fault, fault) for name, fault in FAULTS.items()},
    **{name: partial(_with_mark, mark) for name, mark in MARKS.items()},
}

SPOILED = replace(PAGES, name="drawn_spoiled", count=198, kinds=KINDS)

if __name__ == "__main__":
    SPOILED.run(__doc__)
