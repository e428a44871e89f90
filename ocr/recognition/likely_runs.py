"""Pruning of runs of atoms that the line network considers unlikely."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.layout.segment import Atoms
from pipelines.sheet import Mask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.floating]


def likely_runs(atoms: Atoms, runs: Ints, evidence: Floats, most_below: float) -> Mask:
    """Return which runs are part of a path through their word that is nearly as likely as the best one.

    A path is a chain of runs, each read as its likeliest character. The best path through each run is found
    by a forward and a backward pass (Viterbi), for all words at once.

    Parameters
    ----------
    atoms : Atoms
    runs : int64 array, shape (R, 2)
        First atom and end, sorted.
    evidence : float array, shape (R, C)
        Log-probabilities of the characters, in nats.
    most_below : float
        Largest difference to the best path, in nats.

    Returns
    -------
    bool array, shape (R,)

    Examples
    --------
    >>> import cv2
    >>> boxes = np.array([[0, 0, 5, 9], [6, 0, 11, 9]])
    >>> word, height = np.zeros(2, np.int64), np.full(2, 9.0)
    >>> atoms = Atoms(np.zeros((9, 11), np.int32), boxes, np.arange(2), word, word, height)
    >>> runs = np.array([[0, 1], [0, 2], [1, 2]])
    >>> likely_runs(atoms, runs, np.array([[-9.0], [-1.0], [-9.0]]), 5.0).tolist()
    [False, True, False]
    """
    if not len(runs):
        return np.zeros(0, bool)
    word = atoms.word[runs[:, 0]]
    start, stop = (runs + word[:, None]).T
    score = evidence.max(axis=1).astype(np.float64)
    first = np.flatnonzero(np.diff(word, prepend=-1))
    size = np.diff(np.append(first, len(word)))
    begin = np.repeat(start[first], size)
    end = np.repeat(np.maximum.reduceat(stop, first), size)
    forward, backward = np.full((2, len(atoms.boxes) + int(word[-1]) + 2), -np.inf)
    forward[begin], backward[end] = 0.0, 0.0
    place = start - begin
    order = np.argsort(place, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(place[order])) + 1)
    for part in parts:
        np.maximum.at(forward, stop[part], forward[start[part]] + score[part])
    for part in reversed(parts):
        np.maximum.at(backward, start[part], score[part] + backward[stop[part]])
    through = forward[start] + score + backward[stop]
    return np.asarray(through >= forward[end] - most_below)
