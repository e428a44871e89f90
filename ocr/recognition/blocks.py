"""Which lines of a page are a paragraph, a heading or a table.

Blocks are runs of lines in reading order: each line is in one block. The rules are these; names in backquotes
are fields of `BlockParams`, and lengths are in heights of capitals.

1. **Tables** are taken first (`ocr.recognition.tables`). 2. **Paragraphs.** Of the remaining lines, a line
continues the block of the line before if it overlaps that in width, its baseline is lower by no more than
`step` times the page's usual pitch, and the letters of
   neither are `higher` than the other's. Blocks with a straight left margin are split at indented lines:
   where a line ends short, so that the first word of the next would have fitted after it, and one of the two
   is indented, the next begins a paragraph. The other lines that end short are recorded, too.
3. **Headings** are blocks of few lines whose letters are `higher` than the page's most frequent size. The
highest are of level 1, the next lower ones of level 2, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.params import BlockParams
from ocr.recognition.tables import Floats, LineShapes, Table, find_tables
from pipelines.median import median

STANDARD = BlockParams()

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """A run of lines that are one block.

    Attributes
    ----------
    first, stop : int
        Its lines, as in `range`.
    level : int
        Of a heading, from 1; 0 for others.
    table : Table or None
    short : tuple of int
        Lines that end short.
    """

    first: int
    stop: int
    level: int = 0
    table: Table | None = None
    short: tuple[int, ...] = ()


def find_blocks(lines: LineShapes, params: BlockParams = STANDARD) -> list[Found]:
    """Return the blocks of a page, which hold each of its lines, in order."""
    tables = find_tables(lines, params)
    blocks = [Found(table.first, table.stop, table=table) for table in tables]
    starts, stops = (
        [0, *(table.stop for table in tables)],
        [*(table.first for table in tables), len(lines.left)],
    )
    follows = _following(lines, params)
    for start, stop in zip(starts, stops, strict=True):
        for first, end in _runs(follows, start, stop):
            blocks += _paragraphs(lines, first, end, params)
    return _with_headings(sorted(blocks, key=lambda block: block.first), lines, params)


def _following(lines: LineShapes, params: BlockParams) -> list[bool]:
    """For each line but the first, return whether it may continue the paragraph of the line before."""
    overlap = np.minimum(lines.right[1:], lines.right[:-1]) - np.maximum(lines.left[1:], lines.left[:-1])
    sizes = np.stack([lines.size[1:], lines.size[:-1]])
    pitch = np.diff(lines.base) / sizes.mean(axis=0)
    below = (overlap > 0) & (pitch > 0)
    alike = sizes.max(axis=0) <= params.higher * sizes.min(axis=0)
    near = pitch[below & alike]
    usual = min(params.loosest, float(np.percentile(near, params.usual))) if len(near) else 0.0
    found: list[bool] = (below & alike & (pitch <= params.step * usual)).tolist()
    return found


def _runs(follows: list[bool], start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the first line and the end of each run of lines that follow each other."""
    if start < stop:
        yield from pairwise([start, *(k for k in range(start + 1, stop) if not follows[k - 1]), stop])


def _paragraphs(lines: LineShapes, first: int, stop: int, params: BlockParams) -> list[Found]:
    """Split a run of lines into paragraphs."""
    part = slice(first, stop)
    size = median(lines.size[part])
    words = np.array([lines.words[k][0] for k in range(first, stop)])
    needed = words[1:, 1] - words[1:, 0] + params.room * size
    short = lines.right[part].max() - lines.right[first : stop - 1] > needed
    indented = _indented(lines.left[part], size, params)
    begins = short & (indented[1:] | indented[:-1])
    borders = pairwise([first, *(first + 1 + np.flatnonzero(begins)).tolist(), stop])
    ends = (first + np.flatnonzero(short)).tolist()
    return [Found(a, b, short=tuple(k for k in ends if a <= k < b - 1)) for a, b in borders]


def _indented(left: Floats, size: float, params: BlockParams) -> Mask:
    """Return which lines of a run are indented; none where they have no common margin, as in centred text."""
    margin = np.percentile(left, params.usual, method="lower")
    near = np.abs(left - margin) < params.indent * size
    return np.asarray(left > margin + params.indent * size) & bool(near.mean() >= params.margin)


def _with_headings(blocks: list[Found], lines: LineShapes, params: BlockParams) -> list[Found]:
    if not lines.letters.any():
        return blocks
    order = np.argsort(lines.size, kind="stable")
    shares = np.cumsum(lines.letters[order])
    usual = lines.size[order][np.searchsorted(shares, shares[-1] / 2)]
    high: dict[int, float] = {}
    for k, block in enumerate(blocks):
        part = slice(block.first, block.stop)
        is_short = block.stop - block.first <= params.heading_lines
        enough = lines.letters[part].sum() >= params.heading_letters
        size = median(lines.size[part])
        if block.table is None and is_short and enough and size >= params.higher * usual:
            high[k] = size
    level, last = 0, np.inf
    found = [*blocks]
    for k in sorted(high, key=lambda k: -high[k]):
        if high[k] * params.levels < last:
            level, last = level + 1, high[k]
        found[k] = replace(blocks[k], level=level)
    return found
