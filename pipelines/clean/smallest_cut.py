"""Binarization of a whole picture at once as a minimum cut."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD, CleanParams, Cut
from pipelines.sheet import Mask

Costs = npt.NDArray[np.float32]

_ZERO, _ONE = np.float32(0), np.float32(1)


def smallest_cut(ink: Costs, right: Costs, down: Costs, start: Mask, params: CleanParams = STANDARD) -> Mask:
    """Return the mask of least cost, or one close to it.

    The cost is ``sum(ink[mask])`` plus ``right`` and ``down`` wherever a pixel and its right or lower
    neighbour differ. Relaxed to ``0 <= u <= 1`` the problem is convex and has the same minimum. A primal-dual
    iteration solves it in overlapping tiles that fit into the cache. A tile in which ink lowers the cost of
    no pixel is paper.

    Parameters
    ----------
    ink : float32 array, shape (H, W)
        The cost of each pixel as ink, negative where ink is likely; of the order of 1.
    right, down : float32 array, shape (H, W)
        The cost of a pixel and its neighbour differing, from 0 to about 1.
    start : bool array, shape (H, W)
        An initial guess.
    params : CleanParams
        Its `strokes.cut` gives the size of tiles and the number of rounds.

    References
    ----------
    A. Chambolle, T. Pock: A first-order primal-dual algorithm for convex problems with applications to
    imaging, Journal of Mathematical Imaging and Vision 40, 2011, algorithm 1.
    """
    mask = np.zeros(ink.shape, bool)
    height, width = ink.shape
    cut = params.strokes.cut
    side, margin = cut.tile, cut.margin
    for top in range(0, height, side):
        for left in range(0, width, side):
            first, begin = max(top - margin, 0), max(left - margin, 0)
            tile = (slice(first, top + side + margin), slice(begin, left + side + margin))
            if ink[tile].min() >= 0:
                continue
            labels = _solve(ink[tile], right[tile], down[tile], start[tile], cut)
            inner = labels[top - first :, left - begin :][:side, :side]
            mask[top : top + side, left : left + side] = inner
    return mask


def _solve(ink: Costs, right: Costs, down: Costs, start: Mask, cut: Cut) -> Mask:
    """Return the labels of one tile; the dual variables are kept divided by the step."""
    step = np.float32(cut.step)
    pull, across, along = ink * step, right / step, down / step
    most = ((across, -across), (along, -along))
    u = start.astype(np.float32)
    leading, change = u.copy(), np.zeros_like(u)
    p, q = np.zeros_like(u), np.zeros_like(u)
    for _ in range(cut.rounds):
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
        cv2.scaleAdd(change, cut.step**2, u, change)
        change -= pull
        np.clip(change, _ZERO, _ONE, out=change)
        cv2.addWeighted(change, 2, u, -1, 0, leading)
        u, change = change, u
    return np.asarray(u > 0.5)


def _bound(values: Costs, most: Costs, least: Costs) -> None:
    np.minimum(values, most, out=values)
    np.maximum(values, least, out=values)
