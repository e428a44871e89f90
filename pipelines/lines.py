"""Which components stand on one line, and in which order lines are read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.curvature import levelled
from pipelines.sheet import Boxes

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_GUTTERS, _BANDS = 4, 6
"""How many of the widest gaps are tried, across the page and down it."""


def find_lines(boxes: Boxes, height: float) -> list[Indices]:
    """Sort components into lines of text, straight or curved, in reading order.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Of an upright page, without specks and rules.
    height : float
        Of ordinary letters, in pixels.

    Returns
    -------
    list of int arrays
        The indices of each line's components, by their left edge.
    """
    boxes = levelled(boxes, height)
    lines: list[Indices] = []
    for block in find_blocks(boxes, height):
        lines += [block[line] for line in _track(boxes[block], height)]
    return lines


def lines_apart(boxes: Boxes, lines: list[Indices], height: float, rows: int) -> list[Indices]:
    """Return those of the lines on a cut-out of one line that are whole, if others stand above or below.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
    lines : list of int arrays
        As `find_lines` gives them.
    height : float
        Of ordinary letters, in pixels.
    rows : int
        Height of the cut-out. What is cut off at its upper or lower edge is no whole line.

    Returns
    -------
    list of int arrays
        Empty where there is but one line, whole or not, or the lines are not clearly apart.
    """
    long = [line for line in lines if len(line) >= 3 and np.ptp(boxes[line][:, ::2]) > 2 * height]
    middles = np.array([np.median(boxes[line, 1] + boxes[line, 3]) / 2 for line in long])
    if len(long) < 2 or np.diff(np.sort(middles)).min() < 0.9 * height:
        return []
    cut = (boxes[:, 1] <= 1) | (boxes[:, 3] >= rows - 1)
    return [line for line in long if cut[line].mean() < 0.3]


def find_blocks(boxes: Boxes, height: float) -> list[Indices]:
    """Split a page into columns and the bands between them, in reading order (recursive X-Y cut)."""
    return _split(boxes, np.arange(len(boxes)), height)


def _split(boxes: Boxes, members: Indices, height: float) -> list[Indices]:
    gutter = _gutter(boxes[members], height)
    if gutter is not None:
        left = boxes[members, 0] < gutter
        return _split(boxes, members[left], height) + _split(boxes, members[~left], height)
    for y in _bands(boxes[members], height):
        upper = boxes[members, 1] < y
        above, below = members[upper], members[~upper]
        if any(_gutter(boxes[part], height) is not None for part in (above, below)):
            return _split(boxes, above, height) + _split(boxes, below, height)
    return [members]


def _empty_runs(starts: Boxes, ends: Boxes, least: float) -> list[tuple[float, float]]:
    """Return the gaps of at least `least` between intervals, from the widest."""
    order = np.argsort(starts)
    reach = np.maximum.accumulate(ends[order])[:-1]
    after = starts[order][1:]
    wide = np.flatnonzero(after - reach >= least)
    runs = [(float(reach[k]), float(after[k])) for k in wide]
    return sorted(runs, key=lambda run: run[0] - run[1])


def _gutter(boxes: Boxes, height: float) -> float | None:
    """Return the x of a white gap with columns of text, not of single letters, on either side."""
    if len(boxes) < 30:
        return None
    for start, end in _empty_runs(boxes[:, 0], boxes[:, 2], 1.0 * height)[:_GUTTERS]:
        middle = (start + end) / 2
        sides = boxes[boxes[:, 0] < middle], boxes[boxes[:, 0] >= middle]
        if all(_is_column(side, height) for side in sides):
            return middle
    return None


def _is_column(boxes: Boxes, height: float) -> bool:
    """Tell whether these components are lines of running text: three or more, each of many letters."""
    if len(boxes) < 15:
        return False
    lines = _track(boxes, height)
    filled = [line for line in lines if len(line) >= 5]
    if len(filled) < 3:
        return False
    widths = [boxes[line, 2].max() - boxes[line, 0].min() for line in filled]
    return float(np.median(widths)) > 7 * height and len(filled) >= 0.5 * len(lines)


def _bands(boxes: Boxes, height: float) -> list[float]:
    runs = _empty_runs(boxes[:, 1], boxes[:, 3], 0.35 * height)[:_BANDS]
    return [(start + end) / 2 for start, end in runs]


def _track(boxes: Boxes, height: float) -> list[Indices]:
    """Follow lines from left to right; a letter joins the line whose band it overlaps most.

    The band is that of the line's last letters, so that a line may climb, fall or wave. Marks much
    smaller than a letter are given to lines afterwards. Lines come from top to bottom.
    """
    if not len(boxes):
        return []
    heights = boxes[:, 3] - boxes[:, 1]
    main = heights >= 0.5 * height
    small = np.flatnonzero(main & (heights < 0.65 * height))
    main[small[_close_over(boxes[small], boxes[main & (heights > 0.8 * height)], 0.2 * height)]] = False
    if not main.any():
        main = heights >= 0.5 * np.median(heights)
    order = np.flatnonzero(main)[np.argsort(boxes[main, 0], kind="stable")]
    bands = np.empty((len(order), 3))
    lines: list[list[int]] = []
    for index, (left, top, right, bottom) in zip(order.tolist(), boxes[order].tolist(), strict=True):
        tops, bottoms, rights = bands[: len(lines)].T
        chosen = _nearest_band(tops, bottoms, rights, left, top, bottom, height)
        if chosen < 0:
            bands[len(lines)] = top, bottom, right
            lines.append([index])
            continue
        lines[chosen].append(index)
        rights[chosen] = max(rights[chosen], right)
        tops[chosen] += 0.25 * max(-height, min(height, top - tops[chosen]))
        bottoms[chosen] += 0.25 * max(-0.6 * height, min(0.6 * height, bottom - bottoms[chosen]))
    merged = _merge(boxes, [np.array(line) for line in lines], height)
    marks = np.flatnonzero(~main)
    apart = marks[_clear_of(boxes[marks], boxes[main], 0.25 * height)]
    marks = np.setdiff1d(marks, apart)
    smaller = 2.0 * float(np.median(boxes[apart, 3] - boxes[apart, 1])) if len(apart) else 0.0
    found = _with_marks(boxes, merged, marks, height)
    if not 0.4 * height < smaller < 1.4 * height or len(apart) < 5:
        return _sorted(boxes, _with_marks(boxes, merged, np.flatnonzero(~main), height))
    found += [apart[line] for line in _track(boxes[apart], smaller / 2) if len(line) >= 3]
    return _sorted(boxes, found)


def _sorted(boxes: Boxes, lines: list[Indices]) -> list[Indices]:
    """Return lines from top to bottom."""
    return sorted(lines, key=lambda line: float(np.median(boxes[line, 1] + boxes[line, 3])))


def _clear_of(boxes: Boxes, others: Boxes, distance: float) -> Indices:
    """Return which of `boxes` have nothing of `others` above, below or beside them within `distance`."""
    near = np.zeros(len(boxes), bool)
    for start in range(0, len(boxes), 512):
        part = boxes[start : start + 512, None]
        dx = np.maximum(others[:, 0] - part[..., 2], part[..., 0] - others[:, 2])
        dy = np.maximum(others[:, 1] - part[..., 3], part[..., 1] - others[:, 3])
        near[start : start + 512] = ((dx < 4 * distance) & (dy < distance)).any(axis=1)
    return np.flatnonzero(~near)


def _close_over(boxes: Boxes, others: Boxes, distance: float) -> npt.NDArray[np.bool_]:
    """Tell which of `boxes` are close over one of `others`, and no wider: the rings of å."""
    if not len(boxes) or not len(others):
        return np.zeros(len(boxes), bool)
    gap = others[:, 1] - boxes[:, 3, None]
    within = np.minimum(others[:, 2], boxes[:, 2, None]) - np.maximum(others[:, 0], boxes[:, 0, None])
    covered = within > 0.8 * (boxes[:, 2] - boxes[:, 0])[:, None]
    return np.asarray(((gap > -distance) & (gap < distance) & covered).any(axis=1))


def _nearest_band(
    tops: Floats, bottoms: Floats, rights: Floats, left: int, top: int, bottom: int, height: float
) -> int:
    """Return the line whose band a letter overlaps most, -1 where it overlaps none enough."""
    if not len(tops):
        return -1
    share = (np.minimum(bottoms, bottom) - np.maximum(tops, top)) / np.minimum(bottoms - tops, bottom - top)
    off = np.abs((tops + bottoms) - (top + bottom)) / (2 * height)
    far = np.maximum(left - rights, 0) / height
    best = int(np.argmax(share - 0.35 * off - 0.004 * far))
    return best if share[best] > 0.35 else -1


def _middle(boxes: Boxes, line: Indices, x: float) -> tuple[float, float]:
    """Return the band (top, bottom) of a line near `x`: of its four nearest letters."""
    near = line[np.argsort(np.abs((boxes[line, 0] + boxes[line, 2]) / 2 - x))[:4]]
    return float(np.median(boxes[near, 1])), float(np.median(boxes[near, 3]))


def _merge(boxes: Boxes, lines: list[Indices], height: float) -> list[Indices]:
    """Join pieces of one line that were followed apart: side by side, in the same band."""
    lines = sorted(lines, key=len, reverse=True)
    kept: list[Indices] = []
    bands = np.empty((len(lines), 2))
    for line in lines:
        x = float(np.mean(boxes[line, 0] + boxes[line, 2]) / 2)
        top, bottom = float(np.median(boxes[line, 1])), float(np.median(boxes[line, 3]))
        near = np.flatnonzero(np.abs(bands[: len(kept)] - (top, bottom)).min(axis=1) < 1.5 * height)
        for k in near.tolist():
            other_top, other_bottom = _middle(boxes, kept[k], x)
            shared = min(bottom, other_bottom) - max(top, other_top)
            least = min(bottom - top, other_bottom - other_top)
            if shared > 0.6 * least and _crossing(boxes[line], boxes[kept[k]]) < 0.3:
                kept[k] = np.concatenate([kept[k], line])
                break
        else:
            bands[len(kept)] = top, bottom
            kept.append(line)
    return kept


def _crossing(boxes: Boxes, others: Boxes) -> float:
    """Return the share of `boxes` whose middle lies in the width of one of `others`."""
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    inside = (x[:, None] > others[None, :, 0]) & (x[:, None] < others[None, :, 2])
    return float(inside.any(axis=1).mean())


def _with_marks(boxes: Boxes, lines: list[Indices], marks: Indices, height: float) -> list[Indices]:
    """Give dots, commas and other small marks to the nearest line, and sort everything."""
    if len(marks) and lines:
        members = np.concatenate(lines)
        owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        gained: dict[int, list[int]] = {}
        for mark in marks:
            left, top, right, bottom = boxes[mark]
            dx = np.maximum(0, np.maximum(boxes[members, 0] - right, left - boxes[members, 2]))
            dy = np.maximum(0, np.maximum(boxes[members, 1] - bottom, top - boxes[members, 3]))
            above = boxes[members, 1] - bottom > 0
            distance = dx + np.where(above, 1.3, 2.2) * dy
            nearest = int(np.argmin(distance))
            if dy[nearest] < 0.8 * height and dx[nearest] < 2.5 * height:
                gained.setdefault(int(owner[nearest]), []).append(int(mark))
        lines = [
            np.concatenate([line, np.array(gained.get(k, []), np.int64)]) for k, line in enumerate(lines)
        ]
    return [line[np.argsort(boxes[line, 0], kind="stable")] for line in lines]
