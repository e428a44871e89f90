"""Pairs of boxes that are near each other, found without comparing all pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from pipelines.median import median
from pipelines.sheet import Boxes

Indices = npt.NDArray[np.int64]

_PAIRS = 500_000
"""Pairs that are yielded at a time, so that little memory is needed."""
_WIDE = 4
"""Boxes at least this many times as wide as usual are searched separately, so that the others have few
candidates."""


def near_pairs(boxes: Boxes, others: Boxes, across: float, along: float) -> Iterator[tuple[Indices, Indices]]:
    """Yield all pairs of a box and another that are near, and some that are not.

    Two boxes are near if they are less than `across` apart horizontally and less than `along` vertically.

    Parameters
    ----------
    boxes, others : int32 arrays, shapes (N, 4) and (M, 4)
    across, along : float

    Yields
    ------
    tuple of int64 arrays, shape (P,)
        Indices into `boxes`, sorted, and into `others`. All pairs of one box with the narrow ones of
        `others`, or with the wide ones, come together.
    """
    if not len(boxes) or not len(others):
        return
    widths = others[:, 2] - others[:, 0]
    wide = widths > max(_WIDE * median(widths), across)
    for some in (np.flatnonzero(~wide), np.flatnonzero(wide)):
        if len(some):
            for first, second in _pairs(boxes, others[some], across, along):
                yield first, some[second]


def _pairs(boxes: Boxes, others: Boxes, across: float, along: float) -> Iterator[tuple[Indices, Indices]]:
    """Yield pairs; `others` are binned into rows, and searched there from left to right."""
    tallest, widest = (int((others[:, k + 2] - others[:, k]).max()) for k in (1, 0))
    row = max(1.0, (tallest + along) / 2)
    lowest = int(min(boxes[:, 0].min(), others[:, 0].min()) - widest - across - 1)
    span = int(max(boxes[:, 2].max(), others[:, 2].max()) + across + 1) - lowest
    shelves = np.floor_divide(others[:, 1], row).astype(np.int64)
    keys = shelves * span + (others[:, 0] - lowest)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first_shelf = np.floor_divide(boxes[:, 1] - along - tallest, row).astype(np.int64)
    last_shelf = np.floor_divide(boxes[:, 3] + along, row).astype(np.int64)
    left = np.floor(boxes[:, 0] - across - widest).astype(np.int64) - lowest
    right = np.ceil(boxes[:, 2] + across).astype(np.int64) - lowest
    of = np.repeat(np.arange(len(boxes)), last_shelf - first_shelf + 1)
    shelf = first_shelf[of] + _places(last_shelf - first_shelf + 1)
    start = np.searchsorted(keys, shelf * span + np.maximum(left[of], 0), side="left")
    stop = np.searchsorted(keys, shelf * span + np.minimum(right[of], span - 1), side="right")
    counts = np.maximum(stop - start, 0)
    done = np.cumsum(np.bincount(of, counts, len(boxes))).astype(np.int64)
    begin = 0
    while begin < len(boxes):
        before = done[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(done, before + _PAIRS, side="right")))
        part = slice(*np.searchsorted(of, (begin, end)).tolist())
        pairs = np.repeat(start[part], counts[part]) + _places(counts[part])
        yield np.repeat(of[part], counts[part]), order[pairs]
        begin = end


def _places(counts: Indices) -> Indices:
    """Return 0, 1, 2 and so on up to each count, one after another."""
    total = int(counts.sum())
    return np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
