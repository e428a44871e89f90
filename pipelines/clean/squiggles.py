"""Wavy underlines, such as those that spell checkers draw, where they are joined to letters above."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD, CleanParams, Squiggles
from pipelines.median import median
from pipelines.sheet import Components, Mask

Ints = npt.NDArray[np.int64]


def without_squiggles(
    components: Components, letter_height: float, params: CleanParams = STANDARD
) -> Mask | None:
    """Return the ink of components without wavy underlines, bool (H, W); None where there are none.

    A wavy underline is a thin, low stroke along most of a wide component's lower side that goes up and down
    more often than any letters do.

    Parameters
    ----------
    components : Components
    letter_height : float
        Of ordinary letters, in pixels.
    params : CleanParams
        Its `squiggles` are used.
    """
    numbers, ink = params.squiggles, None
    wide = components.widths >= numbers.length * letter_height
    wide &= components.heights <= numbers.highest * letter_height
    for k in np.flatnonzero(wide).tolist():
        left, top, right, bottom = components.boxes[k].tolist()
        part = components.labels[top:bottom, left:right] == k + 1
        rows = _lowest_stroke(part, letter_height, numbers)
        if rows is not None:
            ink = components.labels > 0 if ink is None else ink
            ink[top:bottom, left:right] &= ~rows
    return ink


def _lowest_stroke(part: Mask, letter_height: float, numbers: Squiggles) -> Mask | None:
    """Return the wavy underline of a component, as a mask of its box; None if it has none."""
    height, columns = len(part), np.arange(part.shape[1])
    lowest = height - 1 - part[::-1].argmax(axis=0)
    near = np.abs(lowest - median(lowest)) <= numbers.amplitude * letter_height
    thin = np.zeros(len(columns), bool)
    for above in range(1, math.ceil(max(1.0, numbers.thickness * letter_height)) + 1):
        thin |= (above > lowest) | ~part[np.maximum(lowest - above, 0), columns]
    drawn = near & thin
    if (
        drawn.mean() < numbers.share
        or _turns(lowest[drawn]) * numbers.period * letter_height < 2 * drawn.sum()
    ):
        return None
    number = np.arange(height)[:, None]
    first = np.where(~part & (number < lowest), number, -1).max(axis=0) + 1
    return np.asarray((number >= first) & (number <= lowest) & drawn)


def _turns(course: Ints) -> int:
    """Return how often a course changes between up and down."""
    steps = np.sign(np.diff(course))
    steps = steps[steps != 0]
    return int(np.count_nonzero(np.diff(steps)))
