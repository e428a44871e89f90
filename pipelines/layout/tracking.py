"""Letters followed along their line, straight or not, from left to right."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from pipelines.layout.near import near_pairs
from pipelines.sheet import Boxes

Indices = npt.NDArray[np.int64]

_SHARED = 0.35
"""Share of a letter's height, or its line's, that the two must have in common."""
_OFF, _FAR = 0.35, 0.004
"""What it takes off that a letter is higher or lower than its line, and farther to the right, in heights."""
_BESIDE, _BELOW = 2.5, 0.8
"""A mark is at most so far from the nearest letter, from left to right and from top to bottom, in heights."""
_OVER, _UNDER = 1.3, 2.2
"""What white counts between a mark and a letter under it, and any other that is not beside it."""


def track(boxes: Boxes, height: float) -> list[Indices]:
    """Follow lines from left to right; a letter joins the line whose band it overlaps most.

    The band is that of the line's last letters, so that a line may climb, fall or wave. Marks much
    smaller than a letter are given to lines afterwards. Lines come from top to bottom.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
    height : float
        Of ordinary letters, in pixels.
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
    lines = [order[line] for line in follow(boxes[order], height)]
    merged = _merge(boxes, lines, height)
    marks = np.flatnonzero(~main)
    apart = marks[_clear_of(boxes[marks], boxes[main], 0.25 * height)]
    smaller = 2.0 * _median(boxes[apart, 3] - boxes[apart, 1]) if len(apart) else 0.0
    if not 0.4 * height < smaller < 1.4 * height or len(apart) < 5:
        return _sorted(boxes, _with_marks(boxes, merged, marks, height))
    found = _with_marks(boxes, merged, np.setdiff1d(marks, apart), height)
    found += [apart[line] for line in track(boxes[apart], smaller / 2) if len(line) >= 3]
    return _sorted(boxes, found)


def follow(boxes: Boxes, height: float) -> list[Indices]:
    """Put letters into lines, one by one: into the one whose band they overlap most, or a new one.

    Only lines at the height of a letter are looked at; another can only come before them where the letter
    lies very far to the right of them.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Letters by their left edge.
    height : float
        Of ordinary letters, in pixels.
    """
    height = float(height)
    lines: list[list[int]] = []
    bands: list[list[float]] = []
    shelves: defaultdict[int, list[int]] = defaultdict(list)
    tallest = 0.0
    for index, (left, top, right, bottom) in enumerate(boxes.tolist()):
        middle, reach = (top + bottom) / 2, (tallest + bottom - top) / 2
        first, last = int((middle - reach) // height), int((middle + reach) // height)
        near = [k for shelf in range(first, last + 1) if shelf in shelves for k in shelves[shelf]]
        chosen = _best_band(bands, near, left, top, bottom, height)
        if chosen < 0:
            shelves[int(middle // height)].append(len(lines))
            bands.append([top, bottom, right])
            lines.append([index])
            tallest = max(tallest, bottom - top)
            continue
        lines[chosen].append(index)
        band = bands[chosen]
        high, low, end = band
        was = int((high + low) / 2 // height)
        high += 0.25 * max(-height, min(height, top - high))
        low += 0.25 * max(-0.6 * height, min(0.6 * height, bottom - low))
        band[:] = high, low, right if right > end else end
        tallest = max(tallest, low - high)
        now = int((high + low) / 2 // height)
        if now != was:
            shelves[was].remove(chosen)
            shelves[now].append(chosen)
    return [np.array(line, np.int64) for line in lines]


def _best_band(
    bands: list[list[float]], near: list[int], left: int, top: int, bottom: int, height: float
) -> int:
    """Return the line whose band a letter overlaps most, -1 where it overlaps none enough.

    `near` are those at its height. A letter that is far from the best of them may be nearer to any other,
    which it does not overlap: then it joins none.
    """
    best, score, share, joins = -1, -np.inf, 0.0, False
    size, both, double = bottom - top, top + bottom, 2 * height
    for k in near:
        high, low, end = bands[k]
        common = (low if low < bottom else bottom) - (high if high > top else top)
        common /= low - high if low - high < size else size
        off = abs(high + low - both) / double
        value = common - _OFF * off - _FAR * ((left - end if left > end else 0) / height)
        joins |= common > _SHARED
        if value > score or (value == score and k < best):
            best, score, share = k, value, common
    if joins and score <= 0 and len(near) < len(bands):
        return _best_band(bands, [*range(len(bands))], left, top, bottom, height)
    return best if share > _SHARED else -1


def _median(values: Boxes) -> float:
    """Return the median of a few whole numbers, (N,): NumPy's takes ten times as long for them."""
    ordered, last = np.sort(values), len(values) - 1
    return (int(ordered[last // 2]) + int(ordered[(last + 1) // 2])) / 2


def _sorted(boxes: Boxes, lines: list[Indices]) -> list[Indices]:
    """Return lines from top to bottom."""
    return sorted(lines, key=lambda line: _median(boxes[line, 1] + boxes[line, 3]))


def _clear_of(boxes: Boxes, others: Boxes, distance: float) -> npt.NDArray[np.bool_]:
    """Tell which of `boxes` have nothing of `others` above, below or beside them within `distance`."""
    clear = np.ones(len(boxes), bool)
    for first, second in near_pairs(boxes, others, 4 * distance, distance):
        dx, dy, _ = _apart(boxes[first], others[second])
        clear[first[(dx < 4 * distance) & (dy < distance)]] = False
    return clear


def _apart(boxes: Boxes, others: Boxes) -> tuple[Boxes, Boxes, npt.NDArray[np.bool_]]:
    """Return the white between pairs across and along, below 0 where they overlap, and which are above."""
    dx = np.maximum(others[:, 0] - boxes[:, 2], boxes[:, 0] - others[:, 2])
    under = others[:, 1] - boxes[:, 3]
    return dx, np.maximum(under, boxes[:, 1] - others[:, 3]), under > 0


def _close_over(boxes: Boxes, others: Boxes, distance: float) -> npt.NDArray[np.bool_]:
    """Tell which of `boxes` are close over one of `others`, and no wider: the rings of å."""
    found = np.zeros(len(boxes), bool)
    for first, second in near_pairs(boxes, others, 0, distance):
        box, other = boxes[first], others[second]
        gap = other[:, 1] - box[:, 3]
        within = np.minimum(other[:, 2], box[:, 2]) - np.maximum(other[:, 0], box[:, 0])
        covered = within > 0.8 * (box[:, 2] - box[:, 0])
        found[first[(gap > -distance) & (gap < distance) & covered]] = True
    return found


def _middle(boxes: Boxes, line: Indices, x: float) -> tuple[float, float]:
    """Return the band (top, bottom) of a line near `x`: of its four nearest letters."""
    near = line[np.argsort(np.abs((boxes[line, 0] + boxes[line, 2]) / 2 - x))[:4]]
    return _median(boxes[near, 1]), _median(boxes[near, 3])


def _merge(boxes: Boxes, lines: list[Indices], height: float) -> list[Indices]:
    """Join pieces of one line that were followed apart: side by side, in the same band."""
    lines = sorted(lines, key=len, reverse=True)
    kept: list[Indices] = []
    tops, bottoms = np.empty(len(lines)), np.empty(len(lines))
    for line in lines:
        x = float(np.mean(boxes[line, 0] + boxes[line, 2]) / 2)
        top, bottom = _median(boxes[line, 1]), _median(boxes[line, 3])
        near = np.abs(tops[: len(kept)] - top) < 1.5 * height
        near |= np.abs(bottoms[: len(kept)] - bottom) < 1.5 * height
        for k in np.flatnonzero(near).tolist():
            other_top, other_bottom = _middle(boxes, kept[k], x)
            shared = min(bottom, other_bottom) - max(top, other_top)
            least = min(bottom - top, other_bottom - other_top)
            if shared > 0.6 * least and crossing(boxes[line], boxes[kept[k]]) < 0.3:
                kept[k] = np.concatenate([kept[k], line])
                break
        else:
            tops[len(kept)], bottoms[len(kept)] = top, bottom
            kept.append(line)
    return kept


def crossing(boxes: Boxes, others: Boxes) -> float:
    """Return the share of `boxes` whose middle lies in the width of one of `others`."""
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    begun = np.searchsorted(np.sort(others[:, 0]), x, side="left")
    ended = np.searchsorted(np.sort(others[:, 2]), x, side="right")
    return float((begun > ended).mean())


def _with_marks(boxes: Boxes, lines: list[Indices], marks: Indices, height: float) -> list[Indices]:
    """Give dots, commas and other small marks to the nearest line, and sort everything."""
    if len(marks) and lines:
        members = np.concatenate(lines)
        owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        nearest = _nearest(boxes[marks], boxes[members], height)
        gained = np.where(nearest >= 0, owner[nearest], -1)
        order = np.argsort(gained, kind="stable")
        borders = np.searchsorted(gained[order], np.arange(len(lines) + 1))
        lines = [
            np.concatenate([line, marks[order[borders[k] : borders[k + 1]]]]) for k, line in enumerate(lines)
        ]
    return [line[np.argsort(boxes[line, 0], kind="stable")] for line in lines]


def _nearest(boxes: Boxes, others: Boxes, height: float) -> Indices:
    """Return which of `others` is nearest to each of `boxes`, int64 (N,); -1 where that one is not near."""
    least, found = np.full(len(boxes), np.inf), np.full(len(boxes), -1)
    near = np.zeros(len(boxes), bool)
    most = (_BESIDE + _UNDER * _BELOW) * height
    for first, second in near_pairs(boxes, others, most, most / _OVER):
        dx, dy, over = _apart(boxes[first], others[second])
        dx, dy = np.maximum(dx, 0), np.maximum(dy, 0)
        distance = dx + np.where(over, _OVER, _UNDER) * dy
        order = np.lexsort((second, distance, first))
        order = order[np.diff(first[order], prepend=-1) > 0]
        one, other, far = first[order], second[order], distance[order]
        order = order[(far < least[one]) | ((far == least[one]) & (other < found[one]))]
        one = first[order]
        least[one], found[one] = distance[order], second[order]
        near[one] = (dy[order] < _BELOW * height) & (dx[order] < _BESIDE * height)
    return np.where(near, found, -1)
