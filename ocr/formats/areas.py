"""Groups the blocks of a page into areas: columns, or parts of columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ocr.document import Block, Box, Page
from ocr.formats.upright import turned

WIDEST_GAP = 1.2
"""More white than this between two lines, in heights of a line, separates areas."""


def areas(page: Page, turns: int) -> Iterator[tuple[Block, ...]]:
    """Yield the page's blocks by areas, in reading order. A table or a grid is an area by itself.

    `turns` are the quarter turns that make the page upright.
    """
    blocks = page.blocks
    starts = [k for k, pair in enumerate(pairwise(blocks), start=1) if not _follows(*pair, page, turns)]
    for start, stop in pairwise([0, *starts, len(blocks)]):
        if stop > start:
            yield blocks[start:stop]


def _follows(upper: Block, lower: Block, page: Page, turns: int) -> bool:
    """Return whether a block is directly below another."""
    if upper.rows or lower.rows:
        return False
    one, other = (
        turned(line.box, page.width, page.height, turns) for line in (upper.lines[-1], lower.lines[0])
    )
    overlap = min(one.right, other.right) - max(one.left, other.left)
    is_below = other.top + other.bottom > one.top + one.bottom
    return overlap > 0 and is_below and other.top - one.bottom <= WIDEST_GAP * (one.height + other.height) / 2


def around(blocks: tuple[Block, ...]) -> Box:
    """Return the box of an area."""
    return Box.around(block.box for block in blocks)
