"""The samples of an epoch and their order, as a function of the seed and the epoch's number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]


def in_turn(count: int, size: int, epoch: int, seed: int) -> Indices:
    """Return the `size` indices of an epoch from an endless sequence of shuffles of `count` samples.

    Every sample comes once before any comes again, across the borders of epochs.
    """
    start = epoch * size
    first, last = start // count, (start + size - 1) // count
    shuffles = [np.random.default_rng([seed, turn]).permutation(count) for turn in range(first, last + 1)]
    return np.concatenate(shuffles)[start - first * count :][:size]


def balanced(labels: npt.NDArray[np.int64], balance: float, size: int, epoch: int, seed: int) -> Indices:
    """Return `size` indices drawn in proportion to ``count of the sample's class ** -balance``.

    The sampling is systematic: the count of a sample differs from its expectation by less than one.
    """
    rng = np.random.default_rng([seed, epoch])
    shuffled = rng.permutation(len(labels))
    weights = np.bincount(labels)[labels[shuffled]] ** -float(balance)
    ends = np.cumsum(weights)
    picks = (np.arange(size) + rng.random()) * (ends[-1] / size)
    drawn = shuffled[np.minimum(np.searchsorted(ends, picks, side="right"), len(labels) - 1)]
    return rng.permutation(drawn)


def one_of_each(labels: npt.NDArray[np.int64], size: int, epoch: int, seed: int) -> Indices:
    """Return `size` indices, rounded down to a multiple of the C classes, in runs of C: one of each class.

    Every sample of a class comes once before any of it comes again, across the borders of epochs.
    """
    places = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    count = size // len(places)
    rows = [own[in_turn(len(own), count, epoch, seed + number)] for number, own in enumerate(places)]
    return np.stack(rows, axis=1).ravel()
