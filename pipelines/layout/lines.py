"""Components grouped into lines, and lines in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from pipelines.layout.curvature import levelled
from pipelines.layout.limits import Limits
from pipelines.layout.params import STANDARD, Columns, LayoutParams, LinesApart
from pipelines.layout.tracking import track
from pipelines.median import median
from pipelines.sheet import Boxes, Mask

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Effort:
    """How many boxes may still be tracked along lines in the search for columns.

    The same boxes are requested repeatedly while a page is split, so lines are cached.

    Attributes
    ----------
    left : int
    params : LayoutParams
    """

    def __init__(self, left: int, params: LayoutParams = STANDARD) -> None:
        self.left = left
        self.params = params
        self._known: dict[tuple[bytes, float], list[Indices]] = {}

    def spend(self, boxes: Boxes, height: float) -> bool:
        """Subtract the boxes unless their lines are cached; return whether enough effort was left."""
        self.left -= 0 if (boxes.tobytes(), height) in self._known else len(boxes)
        return self.left >= 0

    def lines(self, boxes: Boxes, height: float) -> list[Indices]:
        """Return the lines of boxes, as `pipelines.layout.tracking.track` finds them."""
        key = boxes.tobytes(), height
        if key not in self._known:
            self._known[key] = track(boxes, height, self.params)
        return self._known[key]


def find_lines(
    boxes: Boxes, height: float, effort: Effort | None = None, params: LayoutParams = STANDARD
) -> list[Indices]:
    """Sort components into lines of text, straight or curved, in reading order.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Of an upright page, without specks and rules.
    height : float
        Of ordinary letters, in pixels.
    effort : Effort, optional
        For the search for columns. Once it is spent, the rest counts as one column.
    params : LayoutParams
        Where `effort` is given, columns use the parameters of that.

    Returns
    -------
    list of int arrays
        The indices of each line's components, by their left edge.
    """
    boxes = levelled(boxes, height, params.curves)
    effort = effort or Effort(Limits.of(0, params.growth).effort, params)
    lines: list[Indices] = []
    for block in find_blocks(boxes, height, effort):
        lines += [block[line] for line in effort.lines(boxes[block], height)]
    return lines


def lines_apart(
    boxes: Boxes,
    lines: list[Indices],
    height: float,
    rows: int,
    params: LinesApart = STANDARD.lines_apart,
) -> list[Indices]:
    """Return the whole lines of a picture of one line that also shows lines above or below it.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
    lines : list of int arrays
        As `find_lines` gives them.
    height : float
        Of ordinary letters, in pixels.
    rows : int
        Height of the picture. A line cut off by its upper or lower edge is not whole.
    params : LinesApart

    Returns
    -------
    list of int arrays
        Empty where there is only one line, whole or not, or the lines are not clearly apart.
    """
    least, length = params.letters, params.length * height
    long = [line for line in lines if len(line) >= least and np.ptp(boxes[line][:, ::2]) > length]
    middles = np.array([median(boxes[line, 1] + boxes[line, 3]) / 2 for line in long])
    if len(long) < 2 or np.diff(np.sort(middles)).min() < params.distance * height:
        return []
    cut = (boxes[:, 1] <= 1) | (boxes[:, 3] >= rows - 1)
    return [line for line in long if cut[line].mean() < params.cut]


def find_blocks(boxes: Boxes, height: float, effort: Effort) -> list[Indices]:
    """Split a page into columns and the bands between them, in reading order (recursive X-Y cut)."""
    return _split(boxes, np.arange(len(boxes)), height, effort)


def _split(boxes: Boxes, members: Indices, height: float, effort: Effort) -> list[Indices]:
    gutter = _gutter(boxes[members], height, effort)
    if gutter is not None:
        left = boxes[members, 0] < gutter
        return _split(boxes, members[left], height, effort) + _split(boxes, members[~left], height, effort)
    for part in _parts(boxes[members], height, effort.params.columns):
        if _gutter(boxes[members[part]], height, effort) is not None:
            return _split_around(boxes, members, part, height, effort)
    return [members]


def _split_around(boxes: Boxes, members: Indices, part: Mask, height: float, effort: Effort) -> list[Indices]:
    """Split what is above a part of a page, the part itself, and what is below it."""
    top = boxes[members[part], 1].min()
    above = ~part & (boxes[members, 1] < top)
    blocks: list[Indices] = []
    for each in (above, part, ~part & ~above):
        if each.any():
            blocks += _split(boxes, members[each], height, effort)
    return blocks


def _parts(boxes: Boxes, height: float, params: Columns) -> Iterator[Mask]:
    """Yield which boxes are in each part of a page that may have columns, bounded by wide white.

    First come the parts above and below each white, from the widest; then those between two of them, such as
    the columns between a heading and a page number, from the largest.
    """
    cuts = _bands(boxes, height, params)
    for y in cuts:
        upper = boxes[:, 1] < y
        yield upper
        yield ~upper
    between = [(boxes[:, 1] >= low) & (boxes[:, 1] < high) for low, high in combinations(sorted(cuts), 2)]
    yield from sorted(between, key=np.count_nonzero, reverse=True)


def _empty_runs(starts: Boxes, ends: Boxes, least: float) -> list[tuple[float, float]]:
    """Return the gaps of at least `least` between intervals, from the widest."""
    order = np.argsort(starts)
    reach = np.maximum.accumulate(ends[order])[:-1]
    after = starts[order][1:]
    wide = np.flatnonzero(after - reach >= least)
    runs = [(float(reach[k]), float(after[k])) for k in wide]
    return sorted(runs, key=lambda run: run[0] - run[1])


def _gutter(boxes: Boxes, height: float, effort: Effort) -> float | None:
    """Return the x of a white gap with columns of text on both sides, not single letters or cells."""
    params = effort.params.columns
    if len(boxes) < params.components:
        return None
    runs = _empty_runs(boxes[:, 0], boxes[:, 2], params.gutter * height)
    for start, end in runs[: params.gutters]:
        middle = (start + end) / 2
        sides = [boxes[boxes[:, 0] < middle], boxes[boxes[:, 0] >= middle]]
        if all(_is_wide(side, height, params) for side in sides):
            rows = _rows_of_both(sides, height, effort)
            if rows is None or _is_table(*rows, height, params):
                continue
            fewest = min(len(side.middles) for side in rows)
            if end - start >= params.gutter * height * (1 + params.chance / fewest):
                return middle
    return None


def _rows_of_both(sides: list[Boxes], height: float, effort: Effort) -> tuple[_Rows, _Rows] | None:
    """Return the lines of two sides if both are running text; first the smaller one is looked at."""
    first = int(len(sides[1]) < len(sides[0]))
    rows = _rows(sides[first], height, effort)
    beside = None if rows is None else _rows(sides[1 - first], height, effort)
    if rows is None or beside is None:
        return None
    return (beside, rows) if first else (rows, beside)


def _is_wide(boxes: Boxes, height: float, params: Columns) -> bool:
    """Return whether there are enough components, over enough width, for a column."""
    return len(boxes) >= params.side and bool(np.ptp(boxes[:, ::2]) > params.width * height)


def _rows(boxes: Boxes, height: float, effort: Effort) -> _Rows | None:
    """Return the lines of these components if they are running text."""
    params = effort.params.columns
    if not effort.spend(boxes, height):
        return None
    lines = effort.lines(boxes, height)
    filled = [line for line in lines if len(line) >= params.letters]
    if len(filled) < params.lines or len(filled) < params.running * len(lines):
        return None
    widths = [boxes[line, 2].max() - boxes[line, 0].min() for line in filled]
    return _Rows.of(boxes, lines, height, params) if median(widths) > params.width * height else None


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The lines on one side of a gap, in pixels: their middles, their widths and those of their cells."""

    middles: Floats
    widths: Floats
    cells: Floats

    @classmethod
    def of(cls, boxes: Boxes, lines: list[Indices], height: float, params: Columns) -> _Rows:
        """Measure the boxes of lines; white as wide as a gutter separates cells.

        Where spaces are as wide, only white that goes through all lines does.
        """
        parts = [boxes[line] for line in lines]
        middles = [(part[:, 1].min() + part[:, 3].max()) / 2 for part in parts]
        white = params.gutter * height
        gaps = [sorted(_empty_runs(part[:, 0], part[:, 2], white)) for part in parts]
        if _are_spaces(parts, gaps, height, params):
            through = _empty_runs(boxes[:, 0], boxes[:, 2], white)
            gaps = [
                [gap for gap in of_line if any(low < gap[1] and high > gap[0] for low, high in through)]
                for of_line in gaps
            ]
        cells = [width for part, of_line in zip(parts, gaps, strict=True) for width in _cells(part, of_line)]
        widths = [float(np.ptp(part[:, ::2])) for part in parts]
        return cls(np.array(middles), np.array(widths), np.array(cells))


def _are_spaces(
    parts: list[Boxes], gaps: list[list[tuple[float, float]]], height: float, params: Columns
) -> bool:
    """Return whether gaps on lines of boxes are spaces, as wide as gutters in typefaces of one width.

    There are several on a line, hardly any is much wider, and they do not stand between single letters, as
    those in the cells of forms do.
    """
    wide = np.array([end - start for of_line in gaps for start, end in of_line])
    if len(wide) < max(1, params.spaces * len(parts)):
        return False
    words = [width for part, of_line in zip(parts, gaps, strict=True) for width in _cells(part, of_line)]
    is_loose = (wide >= params.apart * height).mean() >= params.loose
    return bool(not is_loose and median(np.array(words)) >= params.letter * height)


def _cells(boxes: Boxes, gaps: list[tuple[float, float]]) -> list[float]:
    """Return the widths of what gaps, from left to right, leave of a line of boxes."""
    edges = [float(boxes[:, 0].min()), *(x for gap in gaps for x in gap), float(boxes[:, 2].max())]
    return [end - start for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _is_table(one: _Rows, other: _Rows, height: float, params: Columns) -> bool:
    """Return whether the lines on either side of a gap are rows of a table.

    The rows of a table match in pairs, and their cells are short or of uneven length; lines of running text
    fill their column.
    """
    fewer, more = sorted((one.middles, other.middles), key=len)
    apart = np.abs(fewer[:, None] - more).min(axis=1)
    if float((apart < params.level * height).mean()) <= params.paired:
        return False
    return any(
        median(rows.cells) < params.cell * height
        or median(rows.widths) < params.full * np.percentile(rows.widths, params.widest)
        for rows in (one, other)
    )


def _bands(boxes: Boxes, height: float, params: Columns) -> list[float]:
    runs = _empty_runs(boxes[:, 1], boxes[:, 3], params.band * height)[: params.bands]
    return [(start + end) / 2 for start, end in runs]
