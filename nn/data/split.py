"""Splits samples into training, validation and test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nn.data.samples import Samples
from nn.errors import DataError

Texts = npt.NDArray[np.str_]
Chosen = npt.NDArray[np.bool_]


def resplit(samples: Samples, val: float, test: float, seed: int, by_group: bool = False) -> Samples:
    """Return `samples` with a new split for every sample.

    Parameters
    ----------
    samples : Samples
    val, test : float
        The fraction of each split, 0 to 1; the rest is "train".
    seed : int
    by_group : bool
        Whether all of a group goes to the same split; otherwise every class is split alike.

    Raises
    ------
    DataError
        If `by_group` is asked for and the samples have no groups, or nothing would be left to learn from.
    """
    if not 0 <= val + test < 1 or min(val, test) < 0:
        raise DataError(f"val = {val} and test = {test}: must be at least 0 and together less than 1")
    if by_group and samples.groups is None:
        raise DataError("the samples have no groups; expected an array 'group' (.npz) or writers (.mat)")
    rng = np.random.default_rng(seed)
    split = np.full(len(samples), "train", "U5")
    for name, fraction in (("test", test), ("val", val / (1 - test))):
        among = np.flatnonzero(split == "train")
        if by_group and samples.groups is not None:
            chosen = whole_groups(samples.groups[among], fraction, rng)
        else:
            chosen = stratified(samples.labels[among], fraction, rng)
        split[among[chosen]] = name
    return replace(samples, split=split)


def stratified(labels: Texts, fraction: float, rng: np.random.Generator) -> Chosen:
    """Return which of `labels` (N,) to take: `fraction` of each class, rounded."""
    _, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    order = np.lexsort((rng.random(len(labels)), inverse))
    rank = np.empty(len(labels), np.int64)
    rank[order] = np.arange(len(labels)) - np.repeat(np.cumsum(counts) - counts, counts)
    take = np.floor(counts * fraction + rng.random(len(counts)))
    return np.asarray(rank < take[inverse])


def whole_groups(groups: Texts, fraction: float, rng: np.random.Generator) -> Chosen:
    """Return which of the samples with these `groups` (N,) to take: whole groups, about `fraction` of all."""
    _, inverse, counts = np.unique(groups, return_inverse=True, return_counts=True)
    order = rng.permutation(len(counts))
    before = np.cumsum(counts[order]) - counts[order]
    taken = np.zeros(len(counts), bool)
    taken[order[before + counts[order] / 2 < fraction * len(groups)]] = True
    return np.asarray(taken[inverse])
