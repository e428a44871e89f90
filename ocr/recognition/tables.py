"""Table detection: which lines are rows of a table, and which words its cells.

Lines side by side at one height are one row. White that is `spaces` times as wide as that between words
separates its cells; leader dots and other small marks count as white. A table grows downwards from a row of
several cells; its columns are the horizontal extents that its cells cover together. A row with several cells
belongs to it if it joins no two of its cells and no two of the columns; narrower white, `gutter` of the
other, separates cells, too, if that makes no new column. The table ends at letters of another size, or at a
large vertical gap. Then rows above it, such as its head, are tried in the same way. A row with a single cell
belongs to a table if one with several follows soon; it may span several columns, as the description of an
item does, and is put into the first of them. A table has at least `gaps` gaps between cells, in more than one
row, and most are `clear`: three rows of two cells are a table, and two rows of three.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.params import BlockParams
from pipelines.median import median

Floats = npt.NDArray[np.float64]
Extent = tuple[float, float]
Words = tuple[tuple[int, int], ...]
"""The words of a cell, each as a line and a position on it; empty for an empty cell."""


@dataclass(frozen=True, slots=True, eq=False)
class LineShapes:
    """Lines of a page that stands upright and level, in reading order, in pixels.

    Attributes
    ----------
    left, right, base : float arrays, shape (N,)
        Where lines begin and end, and the y of their baselines.
    size : float array, shape (N,)
        The height of their capitals.
    letters : int64 array, shape (N,)
        How many letters and digits they have.
    words : tuple of float arrays, shape (W, 2)
        Where the words of each begin and end.
    leaders : tuple of bool arrays, shape (W,)
        Which of them are leader dots or other small marks.
    """

    left: Floats
    right: Floats
    base: Floats
    size: Floats
    letters: npt.NDArray[np.int64]
    words: tuple[Floats, ...]
    leaders: tuple[npt.NDArray[np.bool_], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A run of lines that are a table.

    Attributes
    ----------
    first, stop : int
        Its lines, as in `range`.
    columns : tuple of Extent
        Where the columns begin and end.
    rows : tuple of tuple of Words
        Each has a cell for each column.
    """

    first: int
    stop: int
    columns: tuple[Extent, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines side by side, and the pieces between wide white: their extents, and their words."""

    first: int
    stop: int
    extents: tuple[Extent, ...]
    pieces: tuple[Words, ...]


def find_tables(lines: LineShapes, params: BlockParams) -> list[Table]:
    """Return the tables of a page in reading order."""
    borders, gaps = _rows(lines, params), _gaps(lines, params)
    wide, narrow = ([_row(lines, *border, gap) for border in borders] for gap in gaps)
    tables: list[Table] = []
    done = k = 0
    while k < len(wide):
        taken, columns = _grown(lines, wide[k:], narrow[k:], params)
        if not _is_table(taken, lines, params):
            k += max(1, len(taken) - 1)
            continue
        stop = k + len(taken)
        heads, columns = _heads(lines, [*reversed(narrow[done:k])], taken[0], columns, params)
        rows = [*reversed(heads), *taken]
        cells = tuple(_cells(row, columns) for row in rows)
        tables.append(Table(rows[0].first, rows[-1].stop, tuple(columns), cells))
        done = k = stop
    return tables


def _is_table(rows: list[_Row], lines: LineShapes, params: BlockParams) -> bool:
    """Return whether rows have enough gaps between cells for a table, and wide enough ones."""
    gaps = [
        (after[0] - before[1]) / lines.size[row.first]
        for row in rows
        for before, after in pairwise(row.extents)
    ]
    several = sum(len(row.pieces) > 1 for row in rows) > 1
    return several and len(gaps) >= params.gaps and median(gaps) >= params.clear


def _rows(lines: LineShapes, params: BlockParams) -> list[tuple[int, int]]:
    """Return where rows begin and end: lines at one height, each to the right of the one before."""
    count = len(lines.left)
    starts = [
        k
        for k in range(count)
        if k == 0
        or lines.left[k] < lines.right[k - 1]
        or abs(lines.base[k] - lines.base[k - 1]) > params.level * min(lines.size[k - 1 : k + 1])
    ]
    return [*pairwise([*starts, count])]


def _gaps(lines: LineShapes, params: BlockParams) -> tuple[float, float]:
    """Return the width of white that separates cells, and the narrower one, in heights of capitals."""
    white = [
        (words[1:, 0] - words[:-1, 1]) / size for words, size in zip(lines.words, lines.size, strict=True)
    ]
    between = np.concatenate([np.zeros(0), *white])
    usual = float(np.percentile(between, params.usual)) if len(between) else 0.0
    gap = max(params.gap, params.spaces * usual)
    wide = min(params.widest_gap, gap)
    return wide, min(wide, params.gutter * gap)


def _row(lines: LineShapes, first: int, stop: int, gap: float) -> _Row:
    words = [(line, place) for line in range(first, stop) for place in range(len(lines.words[line]))]
    extents, leads = (np.concatenate(parts[first:stop]) for parts in (lines.words, lines.leaders))
    ink = np.flatnonzero(leads if leads.all() else np.logical_not(leads))
    left, reach = extents[ink, 0], np.maximum.accumulate(extents[ink, 1])
    wide = left[1:] - reach[:-1] >= gap * median(lines.size[first:stop])
    begins = np.flatnonzero(np.r_[True, wide])
    ends = reach[np.r_[begins[1:], len(ink)] - 1]
    borders = [0, *ink[begins[1:]].tolist(), len(words)]
    return _Row(
        first,
        stop,
        tuple(zip(np.minimum.reduceat(left, begins).tolist(), ends.tolist(), strict=True)),
        tuple(tuple(words[start:end]) for start, end in pairwise(borders)),
    )


def _grown(
    lines: LineShapes, wide: list[_Row], narrow: list[_Row], params: BlockParams
) -> tuple[list[_Row], list[Extent]]:
    """Return the rows of the table that begins with the first row, and its columns.

    Rows are given twice: split at wide white, and at narrow white.
    """
    if len(wide[0].pieces) < 2:
        return [], []
    columns = list(wide[0].extents)
    rows, whole = [wide[0]], 1
    for row, parted in zip(wide[1:], narrow[1:], strict=True):
        if not _is_next(lines, rows[-1], row, params) or not _are_alike(lines, row, rows[0], params):
            break
        found, split = _with_row(row, columns), row
        if not found:
            found, split = _within(parted, columns), parted
        if found:
            rows.append(split)
            columns, whole = found, len(rows)
        elif len(row.pieces) > 1 or len(rows) - whole >= params.between:
            break
        else:
            rows.append(row)
    return rows[:whole], columns


def _heads(
    lines: LineShapes, above: list[_Row], first: _Row, columns: list[Extent], params: BlockParams
) -> tuple[list[_Row], list[Extent]]:
    """Return the rows above a table that fit its columns, the lowest first, and the columns with them."""
    heads: list[_Row] = []
    for row in above[: params.between]:
        found = _within(row, columns)
        is_next = _is_next(lines, row, [first, *heads][-1], params)
        if not found or not is_next or not _are_alike(lines, row, first, params):
            break
        heads.append(row)
        columns = found
    return heads, columns


def _is_next(lines: LineShapes, upper: _Row, lower: _Row, params: BlockParams) -> bool:
    """Return whether a row is close below another."""
    height = median(lines.size[upper.first : lower.stop])
    pitch = lines.base[lower.first : lower.stop].mean() - lines.base[upper.first : upper.stop].mean()
    return bool(0 < pitch <= params.row_pitch * height)


def _are_alike(lines: LineShapes, row: _Row, first: _Row, params: BlockParams) -> bool:
    """Return whether the letters of neither row are much higher than those of the other."""
    sizes = [median(lines.size[one.first : one.stop]) for one in (row, first)]
    return max(sizes) <= params.higher * min(sizes)


def _with_row(row: _Row, columns: list[Extent]) -> list[Extent]:
    """Return the union of columns and the cells of a row; none where that joins two of either."""
    found: list[Extent] = []
    for left, right in sorted((*columns, *row.extents)):
        if found and left < found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    apart = (len({_column(one, found) for one in part}) == len(part) for part in (columns, row.extents))
    return found if len(row.extents) > 1 and all(apart) else []


def _within(row: _Row, columns: list[Extent]) -> list[Extent]:
    """Return the same as `_with_row` where the number of columns stays."""
    found = _with_row(row, columns)
    return found if len(found) == len(columns) else []


def _column(extent: Extent, columns: list[Extent]) -> int:
    """Return the first column that overlaps an extent, or else the nearest."""
    shared = [min(extent[1], right) - max(extent[0], left) for left, right in columns]
    return int(np.argmax(np.minimum(shared, 0)))


def _cells(row: _Row, columns: list[Extent]) -> tuple[Words, ...]:
    """Return the words in each column, in reading order."""
    cells: list[Words] = [()] * len(columns)
    column = 0
    for extent, piece in zip(row.extents, row.pieces, strict=True):
        column = max(column, _column(extent, columns))
        cells[column] += piece
    return tuple(cells)
