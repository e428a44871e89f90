"""Lines tracked from letter to letter, straight or not, from left to right."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from pipelines.layout.near import near_pairs
from pipelines.layout.params import STANDARD, LayoutParams, LooseMarks, Tracking
from pipelines.median import median
from pipelines.sheet import Boxes

Indices = npt.NDArray[np.int64]


def track(boxes: Boxes, height: float, params: LayoutParams = STANDARD) -> list[Indices]:
    """Track lines from left to right; a letter joins the line whose band it overlaps most.

    The band (top and bottom) follows the line's last letters, so that a line may climb, fall or wave. Marks
    much smaller than a letter are assigned to lines afterwards. Lines are returned from top to bottom.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
    height : float
        Of ordinary letters, in pixels.
    params : LayoutParams
    """
    tracking, loose, small_print = params.tracking, params.loose_marks, params.small_print
    if not len(boxes):
        return []
    heights = boxes[:, 3] - boxes[:, 1]
    main = heights >= tracking.main * height
    small = np.flatnonzero(main & (heights < loose.ring_height * height))
    bases = boxes[main & (heights > loose.ring_base * height)]
    main[small[_close_over(boxes[small], bases, loose.ring_distance * height, loose.ring_covered)]] = False
    if not main.any():
        main = heights >= tracking.main * median(heights)
    order = np.flatnonzero(main)[np.argsort(boxes[main, 0], kind="stable")]
    lines = [order[line] for line in follow(boxes[order], height, tracking)]
    merged = _merge(boxes, lines, height, tracking)
    marks = np.flatnonzero(~main)
    apart = marks[_clear_of(boxes[marks], boxes[main], small_print.distance * height, small_print.aspect)]
    smaller = small_print.factor * _median(boxes[apart, 3] - boxes[apart, 1]) if len(apart) else 0.0
    is_print = small_print.least * height < smaller < small_print.most * height
    if not is_print or len(apart) < small_print.components:
        return _sorted(boxes, _with_marks(boxes, merged, marks, height, loose))
    found = _with_marks(boxes, merged, np.setdiff1d(marks, apart), height, loose)
    lines = track(boxes[apart], smaller / 2, params)
    found += [apart[line] for line in lines if len(line) >= small_print.line]
    return _sorted(boxes, found)


def follow(boxes: Boxes, height: float, params: Tracking = STANDARD.tracking) -> list[Indices]:
    """Assign letters to lines one by one: to the line whose band they overlap most, or to a new one.

    Only lines at the height of a letter are tested; another can be better only where the letter is very far
    to the right of those.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Letters by their left edge.
    height : float
        Of ordinary letters, in pixels.
    params : Tracking
    """
    height = float(height)
    gain, top_step, bottom_step = params.gain, params.top_step * height, params.bottom_step * height
    lines: list[list[int]] = []
    bands: list[list[float]] = []
    shelves: defaultdict[int, list[int]] = defaultdict(list)
    tallest = 0.0
    for index, (left, top, right, bottom) in enumerate(boxes.tolist()):
        middle, reach = (top + bottom) / 2, (tallest + bottom - top) / 2
        first, last = int((middle - reach) // height), int((middle + reach) // height)
        near = [k for shelf in range(first, last + 1) if shelf in shelves for k in shelves[shelf]]
        chosen = _best_band(bands, near, left, top, bottom, height, params)
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
        high += gain * max(-top_step, min(top_step, top - high))
        low += gain * max(-bottom_step, min(bottom_step, bottom - low))
        band[:] = high, low, right if right > end else end
        tallest = max(tallest, low - high)
        now = int((high + low) / 2 // height)
        if now != was:
            shelves[was].remove(chosen)
            shelves[now].append(chosen)
    return [np.array(line, np.int64) for line in lines]


def _best_band(
    bands: list[list[float]],
    near: list[int],
    left: int,
    top: int,
    bottom: int,
    height: float,
    params: Tracking,
) -> int:
    """Return the line whose band a letter overlaps most, -1 where no overlap is large enough.

    `near` are those at its height. A letter far from the best of them may be nearer to a line that it does
    not overlap: then it joins none.
    """
    best, score, share, joins = -1, -np.inf, 0.0, False
    size, both, double = bottom - top, top + bottom, 2 * height
    least, offset_cost, distance_cost = params.shared, params.offset_cost, params.distance_cost
    for k in near:
        high, low, end = bands[k]
        common = (low if low < bottom else bottom) - (high if high > top else top)
        common /= low - high if low - high < size else size
        off = abs(high + low - both) / double
        value = common - offset_cost * off - distance_cost * ((left - end if left > end else 0) / height)
        joins |= common > least
        if value > score or (value == score and k < best):
            best, score, share = k, value, common
    if joins and score <= 0 and len(near) < len(bands):
        return _best_band(bands, [*range(len(bands))], left, top, bottom, height, params)
    return best if share > least else -1


def _median(values: Boxes) -> float:
    """Return the median of a few whole numbers, (N,), ten times as fast as NumPy's."""
    ordered, last = np.sort(values), len(values) - 1
    return (int(ordered[last // 2]) + int(ordered[(last + 1) // 2])) / 2


def _sorted(boxes: Boxes, lines: list[Indices]) -> list[Indices]:
    """Return lines from top to bottom."""
    return sorted(lines, key=lambda line: _median(boxes[line, 1] + boxes[line, 3]))


def _clear_of(boxes: Boxes, others: Boxes, distance: float, aspect: float) -> npt.NDArray[np.bool_]:
    """Return which `boxes` have none of `others` within `distance`, or `aspect` times it sideways."""
    clear = np.ones(len(boxes), bool)
    for first, second in near_pairs(boxes, others, aspect * distance, distance):
        dx, dy, _ = _apart(boxes[first], others[second])
        clear[first[(dx < aspect * distance) & (dy < distance)]] = False
    return clear


def _apart(boxes: Boxes, others: Boxes) -> tuple[Boxes, Boxes, npt.NDArray[np.bool_]]:
    """Return the horizontal and vertical gap of pairs, negative where they overlap, and which are above."""
    dx = np.maximum(others[:, 0] - boxes[:, 2], boxes[:, 0] - others[:, 2])
    under = others[:, 1] - boxes[:, 3]
    return dx, np.maximum(under, boxes[:, 1] - others[:, 3]), under > 0


def _close_over(boxes: Boxes, others: Boxes, distance: float, share: float) -> npt.NDArray[np.bool_]:
    """Return which of `boxes` are close over one of `others`, and no wider: the rings of å."""
    found = np.zeros(len(boxes), bool)
    for first, second in near_pairs(boxes, others, 0, distance):
        box, other = boxes[first], others[second]
        gap = other[:, 1] - box[:, 3]
        within = np.minimum(other[:, 2], box[:, 2]) - np.maximum(other[:, 0], box[:, 0])
        covered = within > share * (box[:, 2] - box[:, 0])
        found[first[(gap > -distance) & (gap < distance) & covered]] = True
    return found


def _middle(boxes: Boxes, line: Indices, x: float, letters: int) -> tuple[float, float]:
    """Return the band (top, bottom) of a line near `x`, from this many nearest letters."""
    near = line[np.argsort(np.abs((boxes[line, 0] + boxes[line, 2]) / 2 - x))[:letters]]
    return _median(boxes[near, 1]), _median(boxes[near, 3])


def _merge(boxes: Boxes, lines: list[Indices], height: float, params: Tracking) -> list[Indices]:
    """Join pieces of one line that were tracked separately: side by side, in the same band.

    Superscripts, quotation marks and commas may also be a little above or below the band.
    """
    lines = sorted(lines, key=len, reverse=True)
    kept: list[Indices] = []
    distance = params.piece_distance * height
    tops, bottoms = np.empty(len(lines)), np.empty(len(lines))
    for line in lines:
        x = float(np.mean(boxes[line, 0] + boxes[line, 2]) / 2)
        top, bottom = _median(boxes[line, 1]), _median(boxes[line, 3])
        near = np.abs(tops[: len(kept)] - top) < distance
        near |= np.abs(bottoms[: len(kept)] - bottom) < distance
        for k in np.flatnonzero(near).tolist():
            other_top, other_bottom = _middle(boxes, kept[k], x, params.piece_letters)
            shared = min(bottom, other_bottom) - max(top, other_top)
            least = min(bottom - top, other_bottom - other_top)
            fits = shared > params.piece_shared * least
            fits = fits or _is_within(boxes, line, kept[k], height, params)
            if fits and crossing(boxes[line], boxes[kept[k]]) < params.piece_crossing:
                kept[k] = np.concatenate([kept[k], line])
                break
        else:
            tops[len(kept)], bottoms[len(kept)] = top, bottom
            kept.append(line)
    return kept


def _is_within(boxes: Boxes, piece: Indices, line: Indices, height: float, params: Tracking) -> bool:
    """Return whether each letter of a piece is as high as the letters of a line beside it, or as low.

    A quotation mark at the beginning of a line has a piece begin too high, which then takes tall letters and
    leaves the low ones to the line.
    """
    some, room = piece[:: 1 + len(piece) // params.piece_tried], params.gap_room * height
    x = boxes[:, 0] + boxes[:, 2]
    near = np.argsort(np.abs(x[line] - x[some, None]), axis=1)[:, : params.piece_letters]
    next_, (left, top, right, bottom) = boxes[line[near[:, 0]]], boxes[some].T
    is_near = np.maximum(next_[:, 0] - right, left - next_[:, 2]) < params.gap_reach * height
    tops, bottoms = boxes[line[near], 1].min(axis=1) - room, boxes[line[near], 3].max(axis=1) + room
    shared = np.minimum(bottom, bottoms) - np.maximum(top, tops)
    return bool((is_near & (shared > params.gap_shared * (bottom - top))).all())


def crossing(boxes: Boxes, others: Boxes) -> float:
    """Return the share of `boxes` whose middle lies within the width of one of `others`."""
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    begun = np.searchsorted(np.sort(others[:, 0]), x, side="left")
    ended = np.searchsorted(np.sort(others[:, 2]), x, side="right")
    return float((begun > ended).mean())


def _with_marks(
    boxes: Boxes, lines: list[Indices], marks: Indices, height: float, params: LooseMarks
) -> list[Indices]:
    """Assign dots, commas and other small marks to the nearest line, and sort everything."""
    if len(marks) and lines:
        members = np.concatenate(lines)
        owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        nearest = _nearest(boxes[marks], boxes[members], height, params)
        gained = np.where(nearest >= 0, owner[nearest], -1)
        order = np.argsort(gained, kind="stable")
        borders = np.searchsorted(gained[order], np.arange(len(lines) + 1))
        lines = [
            np.concatenate([line, marks[order[borders[k] : borders[k + 1]]]]) for k, line in enumerate(lines)
        ]
    return [line[np.argsort(boxes[line, 0], kind="stable")] for line in lines]


def _nearest(
    boxes: Boxes, others: Boxes, height: float, params: LooseMarks = STANDARD.loose_marks
) -> Indices:
    """Return the nearest of `others` for each of `boxes`, int64 (N,); -1 where it is not near."""
    least, found = np.full(len(boxes), np.inf), np.full(len(boxes), -1)
    near = np.zeros(len(boxes), bool)
    over_cost, under_cost = params.over_cost, params.under_cost
    most = (params.beside + max(over_cost, under_cost) * params.below) * height
    for first, second in near_pairs(boxes, others, most, most / min(over_cost, under_cost)):
        dx, dy, over = _apart(boxes[first], others[second])
        dx, dy = np.maximum(dx, 0), np.maximum(dy, 0)
        distance = dx + np.where(over, over_cost, under_cost) * dy
        order = np.lexsort((second, distance, first))
        order = order[np.diff(first[order], prepend=-1) > 0]
        one, other, far = first[order], second[order], distance[order]
        order = order[(far < least[one]) | ((far == least[one]) & (other < found[one]))]
        one = first[order]
        least[one], found[one] = distance[order], second[order]
        near[one] = (dy[order] < params.below * height) & (dx[order] < params.beside * height)
    return np.where(near, found, -1)
