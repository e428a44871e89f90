"""Dotted and dashed rules: rows of equal dots or dashes at equal distances."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.clean.labelled import ink_without
from pipelines.clean.params import STANDARD, CleanParams, Dotted
from pipelines.sheet import Components, Mask

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_TOGETHER = 128
"""So many boxes are compared with those around them at a time."""


def without_dotted_rules(
    components: Components, letter_height: float, params: CleanParams = STANDARD
) -> Mask | None:
    """Return the ink of components without dotted and dashed rules, bool (H, W); None where there are none.

    Parameters
    ----------
    components : Components
    letter_height : float
        Of ordinary letters, in pixels.
    params : CleanParams
        Its `dotted` is used.
    """
    numbers = params.dotted
    heights, widths = components.heights, components.widths
    small = (heights <= numbers.highest * letter_height) & (widths <= numbers.widest * letter_height)
    small &= components.areas >= numbers.solid * heights * widths
    dots = np.flatnonzero(small)
    if not numbers.fewest <= len(dots) <= numbers.most:
        return None
    boxes = components.boxes[dots].astype(np.float64)
    row = _rows(boxes, letter_height, numbers)
    taken = np.zeros(len(dots), bool)
    for k in range(row.max(initial=-1) + 1):
        members = np.flatnonzero(row == k)
        if _is_rule(boxes[members], numbers):
            taken |= _along(boxes, members, numbers)
    return ink_without(components, dots[taken].tolist()) if taken.any() else None


def is_dashed(
    components: Components, line: Ints, letter_height: float, params: CleanParams = STANDARD
) -> bool:
    """Return whether a line of components is a dashed rule, of which some dashes run into each other.

    All of it is low and solid; small letters below a heading are not solid.
    """
    numbers = params.dotted
    if len(line) < numbers.fewest:
        return False
    heights, widths = components.heights[line], components.widths[line]
    if heights.max() > numbers.lowest * letter_height:
        return False
    return bool(np.median(components.areas[line] / (heights * widths)) >= numbers.solid_dash)


def _rows(boxes: Floats, letter_height: float, numbers: Dotted) -> Ints:
    """Return for each box the number of its row, int64 (N,); -1 for boxes in rows of too few.

    A row goes from each box to the nearest one on its right, at its height and of its size, and back. Boxes
    with others close above or below are pieces of letters or grain.
    """
    count = len(boxes)
    sizes = boxes[:, 2:] - boxes[:, :2]
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    order = np.argsort(middles[:, 1], kind="stable")
    heights, reach = middles[order, 1], numbers.gap * letter_height
    after, before, linked = np.arange(count), np.arange(count), np.zeros(count, bool)
    for start in range(0, count, _TOGETHER):
        some = order[start : start + _TOGETHER]
        low = np.searchsorted(heights, heights[start] - reach)
        high = np.searchsorted(heights, middles[some[-1], 1] + reach, side="right")
        others = order[low:high]
        across, down = np.moveaxis(middles[others] - middles[some][:, None], -1, 0)
        known = (np.abs(across) <= reach) & (np.abs(down) <= reach) & (others != some[:, None])
        differ = np.abs(sizes[others] - sizes[some][:, None])
        alike = (differ <= np.maximum(1.5, 0.4 * sizes[some][:, None])).all(axis=2)
        level = np.abs(down) <= np.maximum(1.5, 0.5 * sizes[some, 1])[:, None]
        beside = known & alike & level
        right, left = (np.where(beside & side, np.abs(across), np.inf) for side in (across > 0, across < 0))
        after[some], before[some] = (others[side.argmin(axis=1)] for side in (right, left))
        period = np.minimum(right.min(axis=1), left.min(axis=1))[:, None]
        crowded = known & ~level & (np.abs(across) <= 0.6 * period) & (np.abs(down) <= numbers.alone * period)
        linked[some] = np.isfinite(right.min(axis=1)) & ~crowded.any(axis=1)
    starts = np.flatnonzero(linked)
    starts = starts[before[after[starts]] == starts]
    first = np.arange(count)  # of each row: from dot to dot, then twice as far, and so on
    first[after[starts]] = starts
    for _ in range(count.bit_length()):
        first = first[first]
    row = np.unique(first, return_inverse=True)[1]
    is_long = np.bincount(row) >= numbers.fewest
    number = np.where(is_long, np.cumsum(is_long) - 1, -1)
    return np.asarray(number[row], np.int64)


def _is_rule(boxes: Floats, numbers: Dotted) -> bool:
    """Return whether the boxes of a row are at equal distances."""
    middles = np.sort((boxes[:, 0] + boxes[:, 2]) / 2)
    steps = np.diff(middles)
    period = float(np.median(steps))
    equal = np.abs(steps - period) <= np.maximum(1.0, numbers.uneven * period)
    return bool(equal.mean() >= numbers.regular and (boxes[:, 2] - boxes[:, 0]).mean() < 0.9 * period)


def _along(boxes: Floats, members: Ints, numbers: Dotted) -> Mask:
    """Return which of all boxes are on the rule that the members of a row make, bool (N,).

    Those beyond what interrupts the row belong to it, too, if they are in step with it.
    """
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    own = middles[members]
    order = np.argsort(own[:, 0])
    slope, offset = np.polyfit(own[order, 0], own[order, 1], 1)
    period = float(np.median(np.diff(own[order, 0])))
    size = np.median(boxes[members, 2:] - boxes[members, :2], axis=0)
    sizes = boxes[:, 2:] - boxes[:, :2]
    on = np.abs(middles[:, 1] - slope * middles[:, 0] - offset) <= max(1.5, 0.5 * float(size[1]))
    on &= (np.abs(sizes - size) <= np.maximum(1.5, 0.4 * size)).all(axis=1)
    first, last = own[order[0], 0], own[order[-1], 0]
    beyond = np.maximum(first - middles[:, 0], middles[:, 0] - last)
    steps = np.where(middles[:, 0] < first, middles[:, 0] - first, middles[:, 0] - last) / period
    in_step = np.abs(steps - np.round(steps)) <= numbers.uneven + 0.01 * np.abs(steps)
    on &= (beyond <= 0) | (in_step & (beyond <= numbers.beyond * period))
    on[members] = True
    return np.asarray(on)
