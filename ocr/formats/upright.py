"""The orientation in which a page was read, and its boxes after turning it upright.

Boxes of a `Document` are those of the picture as loaded, which may be sideways: the letters of a line may run
from top to bottom, and the lines from right to left.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ocr.document import Box, Page


def quarter_turns(page: Page) -> int:
    """Return the quarter turns, counter-clockwise, that make the picture upright.

    They follow from the direction of words from their first letter to their last, weighted by length.
    """
    ends = [(word.glyphs[0].box, word.glyphs[-1].box) for word in page.words]
    if len(ends) > 1:
        ends += [(line.words[0].box, line.words[-1].box) for line in page.lines]
    if not ends:
        return 0
    x, y = np.sum([_between(first, last) for first, last in ends], axis=0)
    if abs(x) >= abs(y):
        return 0 if x >= 0 else 2
    return 1 if y > 0 else 3


def _between(one: Box, other: Box) -> tuple[float, float]:
    """Return the vector from the middle of one box to that of another."""
    x = (other.left + other.right - one.left - one.right) / 2
    return x, (other.top + other.bottom - one.top - one.bottom) / 2


def turned(box: Box, width: int, height: int, turns: int) -> Box:
    """Return a box of a picture, `width` x `height`, after `turns` quarter turns."""
    for _ in range(turns % 4):
        box = Box(box.top, width - box.right, box.bottom, width - box.left)
        width, height = height, width
    return box


def upright_size(page: Page, turns: int) -> tuple[int, int]:
    """Return the width and the height of a page after `turns` quarter turns."""
    return (page.height, page.width) if turns % 2 else (page.width, page.height)


def upright(page: Page, turns: int) -> Page:
    """Return the page with all its boxes after `turns` quarter turns, counter-clockwise."""
    if not turns:
        return page
    lines = tuple(
        replace(
            line,
            words=tuple(
                replace(
                    word,
                    glyphs=tuple(
                        replace(glyph, box=turned(glyph.box, page.width, page.height, turns))
                        for glyph in word.glyphs
                    ),
                )
                for word in line.words
            ),
        )
        for line in page.lines
    )
    width, height = upright_size(page, turns)
    return replace(page, lines=lines, width=width, height=height)
