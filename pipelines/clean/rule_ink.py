"""One rule, and the ink that is removed with it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.params import Rules
from pipelines.sheet import Mask

NOWHERE = -1_000_000
"""Stands for no row: outside of any picture."""
BARE = 25
"""This percentile of the thickness along a rule is the rule's own: fewer columns than that carry letters."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule that runs from left to right, or a piece of one.

    Attributes
    ----------
    start : int
        Its first column.
    middles : float64 array, shape (N,)
        The row of its middle in each column.
    thickness : float
        In pixels.
    bare : int
        Length of its longest stretch that no letter touches, in columns.
    """

    start: int
    middles: Floats
    thickness: float
    bare: int

    @property
    def stop(self) -> int:
        """The column after its last one."""
        return self.start + len(self.middles)


def bands_of(shape: tuple[int, ...], rules: list[Rule]) -> Mask:
    """Return a mask of the rules, widened by a pixel above and below, bool (H, W)."""
    found = np.zeros(shape, bool)
    for rule in rules:
        first, columns, depth = _course(rule, shape[1])
        rows = np.clip(first + np.arange(-1, depth + 1)[:, None], 0, shape[0] - 1)
        found[rows, columns] = True
    return found


def ink_of_rules(ink: Mask, rules: list[Rule], letter_height: float, numbers: Rules) -> Mask:
    """Return the ink to remove with rules: what lies on them, except for strokes that cross them.

    Thickness is measured around each place, where no letter touches the rule.
    """
    gone = np.zeros_like(ink)
    if not rules:
        return gone
    most, around = 2 * thickness_of(letter_height, numbers), round(3 * letter_height) | 1
    first, columns, depth = _courses(rules, ink.shape[1], around // 2)
    edges = [_row(ink, row, columns) for row in (first - 2, first - 1, first + depth, first + depth + 1)]
    above, below = edges[0] & edges[1], edges[2] & edges[3]
    crosses = np.zeros_like(above)
    for thickness in np.unique(depth).tolist():
        reach = np.ones((1, 2 * round(thickness / 2) + 1), np.uint8)
        crosses |= _widened(above, reach) & _widened(below, reach) & (depth == thickness)
    for step in range(-1, int(depth.max()) + 1):
        beyond = above if step < 0 else below & (step == depth)
        _mark(gone, first + step, columns, ~crosses & ~beyond & (step <= depth))
    middle = first + depth // 2
    over, under = runs_through(ink, middle, columns, most)
    height = over + under + 1
    usual = percentile_around(height, BARE, around)
    alone = (over >= 0) & (height <= np.minimum(most, np.maximum(2 * depth, 1.5 * usual)))
    for step in range(-most, most + 1):
        _mark(gone, middle + step, columns, alone & (-over <= step) & (step <= under))
    return gone


def percentile_around(values: Ints, percent: int, window: int) -> Ints:
    """Return a percentile of the window around each of some small integers, int64 (N,); its side is odd."""
    rank = window * percent // 100
    beyond = np.pad(values, window // 2, mode="edge")
    found = np.empty_like(values)
    for value in np.unique(values)[::-1].tolist():
        below = np.cumsum(np.concatenate([[0], beyond <= value]))
        found[below[window:] - below[:-window] > rank] = value
    return found


def _courses(rules: list[Rule], width: int, apart: int) -> tuple[Ints, Ints, Ints]:
    """Return the courses of all rules as `_course` does, concatenated with this many places between."""
    parts = [_course(rule, width) for rule in rules]
    nowhere, zero = np.full(apart, NOWHERE), np.zeros(apart, np.int64)
    first = np.concatenate([array for part in parts for array in (part[0], nowhere)])
    columns = np.concatenate([array for part in parts for array in (part[1], zero)])
    depth = np.concatenate([np.full(len(part[1]) + apart, part[2]) for part in parts])
    return first, columns, depth


def _mark(mask: Mask, rows: Ints, columns: Ints, chosen: Mask) -> None:
    """Set the chosen places of a mask that lie inside of it."""
    chosen = chosen & (rows >= 0) & (rows < len(mask))
    mask[rows[chosen], columns[chosen]] = True


def thickness_of(letter_height: float, numbers: Rules) -> int:
    """Return how thick a rule may be, in pixels; locally it may be twice as thick."""
    return max(numbers.thin_pixels, round(numbers.thickness * letter_height))


def runs_through(ink: Mask, rows: Ints, columns: Ints, most: int) -> tuple[Ints, Ints]:
    """Return how many rows of ink continue above and below some places without a gap, up to `most` each.

    Both are -1 where there is no ink.
    """
    here = _row(ink, rows, columns)
    counts = []
    for way in (-1, 1):
        count, on = np.where(here, 0, -1), np.flatnonzero(here)
        for step in range(1, most + 1):
            on = on[_row(ink, rows[on] + way * step, columns[on])]
            count[on] = step
        counts.append(count)
    return counts[0], counts[1]


def _course(rule: Rule, width: int) -> tuple[Ints, Ints, int]:
    """Return the first row of a rule in each of its columns, the columns, and its rows in each."""
    depth = max(1, round(rule.thickness))
    columns = np.arange(max(0, rule.start - depth - 1), min(width, rule.stop + depth + 1))
    middles = rule.middles[np.clip(columns - rule.start, 0, len(rule.middles) - 1)]
    return np.floor(middles - (depth - 1) / 2 + 0.25).astype(np.int64), columns, depth


def _row(ink: Mask, rows: Ints, columns: Ints) -> Mask:
    """Return the ink at one row of each column; False outside of the picture."""
    inside = (rows >= 0) & (rows < len(ink))
    return np.asarray(ink[np.clip(rows, 0, len(ink) - 1), columns] & inside)


def _widened(mask: Mask, reach: Bytes) -> Mask:
    return np.asarray(cv2.dilate(mask[None].astype(np.uint8), reach)[0] > 0)
