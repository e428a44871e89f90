"""Groups the lines of a page into blocks, as `Page.blocks` gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from ocr.document import LEADERS, Block, Box, Cell, Glyph, Grid, Line, Page, Word
from ocr.formats.baseline import baseline
from ocr.formats.upright import quarter_turns, turned, upright, upright_size
from ocr.recognition.blocks import STANDARD, Found, find_blocks
from ocr.recognition.params import BlockParams
from ocr.recognition.tables import Extent, LineShapes, Words
from pipelines.median import median

LOW, HANGING, TALL = frozenset("acemnorsuvwxzµ"), frozenset("gpqy"), frozenset("j")
LOW_HEIGHT, HANGING_HEIGHT, TALL_HEIGHT = 0.7, 0.95, 1.2
"""Heights of some letters, in heights of capitals; all others count as 1."""

MARKS = ",:;'`|"
"""Small marks that do not make a cell of a table."""

Floats = npt.NDArray[np.float64]


def blocks_of(page: Page, params: BlockParams = STANDARD) -> tuple[Block, ...]:
    """Return the blocks of a page, in reading order, from the boxes of its lines.

    The rules are those of `ocr.recognition.blocks`, applied to the upright, deskewed page. Lines in the cells
    of a grid are a block by themselves, and part the others.
    """
    blocks: list[Block] = []
    done = 0
    for first, stop, grid in _grids(page):
        blocks += _others(page, done, first, params)
        blocks.append(grid_block(page.lines[first:stop], grid))
        done = stop
    return (*blocks, *_others(page, done, len(page.lines), params))


def _grids(page: Page) -> Iterator[tuple[int, int, Grid]]:
    """Yield where the lines of each grid that holds letters begin and end, and the grid, in reading order."""
    found = []
    for grid in page.grids:
        around = grid.box
        inside = [_holds(around, line.box) for line in page.lines]
        if any(inside):
            first = inside.index(True)
            stop = inside.index(False, first) if not all(inside[first:]) else len(inside)
            found.append((first, stop, grid))
    end = 0
    for first, stop, grid in sorted(found, key=lambda each: each[0]):
        if first >= end:
            yield first, stop, grid
            end = stop


def _holds(around: Box, box: Box) -> bool:
    """Return whether a box holds the middle of another."""
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return around.left <= x < around.right and around.top <= y < around.bottom


def grid_block(lines: tuple[Line, ...], grid: Grid) -> Block:
    """Return the block of a grid: in each cell the letters whose middle it holds."""
    letters = [glyph for line in lines for word in line.words for glyph in word.glyphs]
    rows = tuple(
        tuple(Cell(tuple(_letter(glyph) for glyph in letters if _holds(box, glyph.box)), box) for box in row)
        for row in grid.rows
    )
    return Block("grid", lines, rows)


def _letter(glyph: Glyph) -> Word:
    return Word((glyph,), glyph.confidence, glyph.alternatives)


def _others(page: Page, first: int, stop: int, params: BlockParams) -> tuple[Block, ...]:
    """Return the blocks of some lines of a page, none of them in a grid."""
    if first == stop:
        return ()
    page = replace(page, lines=page.lines[first:stop])
    turns = quarter_turns(page)
    standing = upright(page, turns)
    slope = _slope(standing)
    lines = _shapes(standing, slope)
    return tuple(_block(found, lines, page, turns, slope) for found in find_blocks(lines, params))


def _slope(page: Page) -> float:
    """Return the slope of the lines of an upright page: their median, weighted by length."""
    slopes = np.array([baseline(line)[0] for line in page.lines])
    order = np.argsort(slopes)
    lengths = np.cumsum(np.array([line.box.width for line in page.lines])[order])
    return float(slopes[order][np.searchsorted(lengths, lengths[-1] / 2)])


def _shapes(page: Page, slope: float) -> LineShapes:
    """Return the lines of an upright page, deskewed."""
    glyphs = page.glyphs
    boxes = np.array([(g.box.left, g.box.top, g.box.right, g.box.bottom) for g in glyphs], np.float64)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    left, right = boxes[:, 0] + slope * middle[:, 1], boxes[:, 2] + slope * middle[:, 1]
    foot = boxes[:, 3] - slope * middle[:, 0]
    is_letter = np.array([glyph.text.isalnum() for glyph in glyphs])
    stands = is_letter & np.array([glyph.text not in HANGING | TALL for glyph in glyphs])
    size = (boxes[:, 3] - boxes[:, 1]) / [_height(glyph.text) for glyph in glyphs]
    firsts = np.array([0, *accumulate(len(word.glyphs) for word in page.words)])
    words = np.stack(
        [np.minimum.reduceat(left, firsts[:-1]), np.maximum.reduceat(right, firsts[:-1])], axis=1
    )
    leads = np.array([not word.text.strip(LEADERS + MARKS) for word in page.words])
    of_lines = np.array([0, *accumulate(len(line.words) for line in page.lines)])
    parts = [slice(start, stop) for start, stop in pairwise(of_lines.tolist())]
    letters = [slice(start, stop) for start, stop in pairwise(firsts[of_lines].tolist())]
    return LineShapes(
        np.array([words[part, 0].min() for part in parts]),
        np.array([words[part, 1].max() for part in parts]),
        np.array([_median(foot[part], stands[part]) for part in letters]),
        np.array([max(1.0, _median(size[part], is_letter[part])) for part in letters]),
        np.array([is_letter[part].sum() for part in letters]),
        tuple(words[part] for part in parts),
        tuple(leads[part] for part in parts),
    )


def _height(text: str) -> float:
    """Return the height of a letter, in heights of capitals."""
    if text in LOW:
        return LOW_HEIGHT
    return HANGING_HEIGHT if text in HANGING else TALL_HEIGHT if text in TALL else 1.0


def _median(values: Floats, counted: npt.NDArray[np.bool_]) -> float:
    return median(values[counted] if counted.any() else values)


def _block(found: Found, lines: LineShapes, page: Page, turns: int, slope: float) -> Block:
    held = page.lines[found.first : found.stop]
    if found.table is None:
        ended = frozenset(line - found.first for line in found.short)
        return Block("heading" if found.level else "paragraph", held, level=found.level, ended=ended)
    rows = tuple(
        tuple(
            _cell(words, column, row, lines, page, turns, slope)
            for words, column in zip(row, found.table.columns, strict=True)
        )
        for row in found.table.rows
    )
    return Block("table", held, rows)


def _cell(
    words: Words,
    column: Extent,
    row: tuple[Words, ...],
    lines: LineShapes,
    page: Page,
    turns: int,
    slope: float,
) -> Cell:
    """Return a cell; the box of an empty one is the intersection of its column and row."""
    if words:
        held = tuple(page.lines[line].words[place] for line, place in words)
        return Cell(held, Box.around(word.box for word in held))
    line = next(line for one in row for line, _ in one)
    width, height = upright_size(page, turns)
    shift = slope * lines.base[line]
    left, right = (min(width, max(0, round(x - shift))) for x in column)
    foot = lines.base[line] + slope * (left + right) / 2
    top, bottom = (min(height, max(0, round(y))) for y in (foot - lines.size[line], foot))
    return Cell((), turned(Box(left, top, right, bottom), width, height, -turns))
