"""Ink and paper told apart at once for a whole picture: the labels whose cost is least."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.sheet import Mask

Costs = npt.NDArray[np.float32]

_TILE, _MARGIN = 224, 24
_ROUNDS = 40
_STEP = 0.35
"""Of both variables: below ``1 / sqrt(8)``, where the iteration is sure to converge.

The dual variables are kept divided by it."""
_ZERO, _ONE = np.float32(0), np.float32(1)


def smallest_cut(ink: Costs, right: Costs, down: Costs, start: Mask) -> Mask:
    """Return the mask of least cost, or one close to it.

    Minimised is ``sum(ink[mask])`` plus ``right`` and ``down`` wherever a pixel and its right or lower
    neighbour differ. Relaxed to ``0 <= u <= 1`` this is convex with the same least cost; a primal-dual
    iteration solves it in tiles that overlap and fit the cache. A tile in which no pixel gains by being ink
    is paper.

    Parameters
    ----------
    ink : float32 array, shape (H, W)
        What it costs that a pixel is ink; negative where that is a gain. Of the order of 1.
    right, down : float32 array, shape (H, W)
        What it costs that a pixel and its neighbour differ, from 0 to about 1.
    start : bool array, shape (H, W)
        A guess.

    References
    ----------
    A. Chambolle, T. Pock: A first-order primal-dual algorithm for convex problems with applications to
    imaging, Journal of Mathematical Imaging and Vision 40, 2011, algorithm 1.
    """
    mask = np.zeros(ink.shape, bool)
    height, width = ink.shape
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            first, begin = max(top - _MARGIN, 0), max(left - _MARGIN, 0)
            tile = (slice(first, top + _TILE + _MARGIN), slice(begin, left + _TILE + _MARGIN))
            if ink[tile].min() >= 0:
                continue
            labels = _solve(ink[tile], right[tile], down[tile], start[tile])
            inner = labels[top - first :, left - begin :][:_TILE, :_TILE]
            mask[top : top + _TILE, left : left + _TILE] = inner
    return mask


def _solve(ink: Costs, right: Costs, down: Costs, start: Mask) -> Mask:
    pull = ink * np.float32(_STEP)
    across, along = right / np.float32(_STEP), down / np.float32(_STEP)
    most = ((across, -across), (along, -along))
    u = start.astype(np.float32)
    leading, change = u.copy(), np.zeros_like(u)
    p, q = np.zeros_like(u), np.zeros_like(u)
    for _ in range(_ROUNDS):
        np.subtract(leading[:, 1:], leading[:, :-1], out=change[:, :-1])
        change[:, -1] = 0
        p += change
        _bound(p, *most[0])
        np.subtract(leading[1:], leading[:-1], out=change[:-1])
        change[-1] = 0
        q += change
        _bound(q, *most[1])
        np.add(p, q, out=change)
        change[:, 1:] -= p[:, :-1]
        change[1:] -= q[:-1]
        cv2.scaleAdd(change, _STEP**2, u, change)
        change -= pull
        np.clip(change, _ZERO, _ONE, out=change)
        cv2.addWeighted(change, 2, u, -1, 0, leading)
        u, change = change, u
    return np.asarray(u > 0.5)


def _bound(values: Costs, most: Costs, least: Costs) -> None:
    np.minimum(values, most, out=values)
    np.maximum(values, least, out=values)
