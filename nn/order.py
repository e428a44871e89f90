"""Which samples an epoch takes, in which order: a function of the seed and the epoch's number alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


def in_turn(count: int, size: int, epoch: int, seed: int) -> Indices:
    """Return the `size` indices of an epoch out of an endless row of shuffles of `count` samples.

    Every sample comes once before any comes again, across the borders of epochs.
    """
    start = epoch * size
    first, last = start // count, (start + size - 1) // count
    shuffles = [np.random.default_rng([seed, turn]).permutation(count) for turn in range(first, last + 1)]
    return np.concatenate(shuffles)[start - first * count :][:size]


def balanced(labels: npt.NDArray[np.int64], balance: float, size: int, epoch: int, seed: int) -> Indices:
    """Return `size` indices drawn in proportion to ``count of the sample's class ** -balance``.

    The draw is systematic: how often a sample comes differs from what is expected by less than one.
    """
    rng = np.random.default_rng([seed, epoch])
    shuffled = rng.permutation(len(labels))
    weights = np.bincount(labels)[labels[shuffled]] ** -float(balance)
    ends = np.cumsum(weights)
    picks = (np.arange(size) + rng.random()) * (ends[-1] / size)
    drawn = shuffled[np.minimum(np.searchsorted(ends, picks, side="right"), len(labels) - 1)]
    return rng.permutation(drawn)
