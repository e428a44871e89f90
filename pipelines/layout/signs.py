"""Ink that is no letter: plates that light letters stand on, boxes to tick, and bullets."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.layout.components import inside
from pipelines.layout.params import STANDARD, Signs
from pipelines.median import median
from pipelines.sheet import Components, Mask


def are_signs(components: Components, fits: Mask, height: float, params: Signs = STANDARD.signs) -> Mask:
    """Tell which components are plates or lie on one, or are rings, boxes and bullets before a line.

    A plate is a rectangle, mostly ink, larger than letters: what is light on it is read as a text of its own,
    and what is dark within that is the inside of its letters. A ring or a box is hollow, stands apart, and
    reaches higher and lower than the letters that follow it; a letter O does not, whether it begins a word or
    a chapter. A box with four corners need not. A bullet is a dot at half the height of the letters.

    Parameters
    ----------
    components : Components
    fits : bool array, shape (N,)
        Which of them may be letters.
    height : float
        Of ordinary letters, in pixels.
    params : Signs

    Returns
    -------
    bool array, shape (N,)
    """
    found = np.zeros(len(components), bool)
    sizes = np.minimum(components.heights, components.widths)
    large = np.argsort(-sizes, kind="stable")[: params.most]
    large = large[sizes[large] >= params.least * height]
    for k in large.tolist():
        if _is_plate(components, k, height, params):
            found |= inside(list(components.boxes.T), components.boxes[k])
            found[k] = True
        elif fits[k] and not found[k]:
            found[k] = _is_marker(components, k, fits, params)
    for k in _dots(components, height, params).tolist():
        found[k] |= _is_bullet(components, k, fits & ~found, height, params)
    return found


def _dots(components: Components, height: float, params: Signs) -> npt.NDArray[np.int64]:
    """Return the largest components that are as large, round and solid as bullets."""
    wide, high = components.widths, components.heights
    sizes = np.maximum(wide, high)
    dots = (sizes >= params.least_dot * height) & (sizes <= params.most_dot * height)
    dots &= (sizes <= params.oblong * np.minimum(wide, high)) & (
        components.areas >= params.solid * wide * high
    )
    found = np.flatnonzero(dots)
    return found[np.argsort(-sizes[found], kind="stable")][: params.most]


def _is_bullet(components: Components, k: int, fits: Mask, height: float, params: Signs) -> bool:
    """Tell whether a dot stands before a line, at half the height of its letters, with nothing before it."""
    left, top, right, bottom = components.boxes[k].tolist()
    starts, highs, ends, lows = components.boxes.T
    letters = fits & (components.heights > params.bullet_letter * height)
    letters[k] = False
    room = params.beside * height
    level = letters & (highs < bottom + room) & (lows > top - room)
    if (level & (starts < right) & (ends > left - params.before * height)).any():
        return False
    behind = level & (starts >= right) & (starts < right + params.room * height)
    if not behind.any() or starts[behind].min() < right + params.bullet_apart * height:
        return False
    row = (
        letters
        & (lows > top)
        & (highs < bottom)
        & (starts >= right)
        & (starts < right + 4 * params.room * height)
    )
    upper, lower = median(highs[row]), median(lows[row])
    middle = (top + bottom) / 2
    return bool(top > upper and middle < lower - params.raised * (lower - upper))


def _is_plate(components: Components, k: int, height: float, params: Signs) -> bool:
    """Tell whether a component is a rectangle, mostly ink, too wide or too high for a letter."""
    left, top, right, bottom = components.boxes[k].tolist()
    high, wide = bottom - top, right - left
    if high < params.plate * height or wide < params.plate_aspect * high:
        return False
    if (
        not params.plate_ink * high * wide
        <= components.areas[k]
        <= params.plate_page * components.labels.size
    ):
        return False
    return _has_corners(components.labels[top:bottom, left:right] == k + 1, params)


def _sides(mask: Mask) -> Iterator[Mask]:
    """Yield the rows and columns a little within the four sides of a mask."""
    for turned in (mask, mask[::-1], mask.T, mask.T[::-1]):
        yield turned[min(1, len(turned) - 1)]


def _is_marker(components: Components, k: int, fits: Mask, params: Signs) -> bool:
    """Tell whether a component is hollow, and stands out above and below the letters that follow it."""
    left, top, right, bottom = components.boxes[k].tolist()
    size = bottom - top
    if not size / params.oblong <= right - left <= size * params.oblong:
        return False
    starts, highs, _, lows = components.boxes.T
    middles = (highs + lows) / 2
    level = fits & (middles > top) & (middles < bottom)
    behind = level & (starts > left) & (starts < right + params.room * size)
    behind[k] = False
    letters = behind & (components.heights > params.letter * size)
    if not letters.any() or starts[behind].min() < right + params.apart * size:
        return False
    mask = components.labels[top:bottom, left:right] == k + 1
    if _hollow(mask) < params.hollow:
        return False
    if starts[behind].min() >= right + params.box_apart * size and _has_corners(mask, params):
        return True
    is_within = highs[letters].min() < top + params.beyond * size
    return not is_within and median(lows[letters]) <= bottom - params.beyond * size


def _has_corners(mask: Mask, params: Signs) -> bool:
    """Tell whether a mask has ink along the whole of its four sides, as no round letter has."""
    return all(side.mean() >= params.straight for side in _sides(mask))


def _hollow(mask: Mask) -> float:
    """Return the share of a mask's box that its largest hole takes, 0 to 1."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        (~np.pad(mask, 1)).astype(np.uint8), connectivity=4
    )
    holes = np.asarray(stats[1:, cv2.CC_STAT_AREA], np.int32)
    outside = int(labels[0, 0])
    return float(np.delete(holes, outside - 1).max(initial=0)) / mask.size
