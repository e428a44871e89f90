"""Dirt: specks as large as dots that lie all over a page, and are no marks where they lie beside letters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.layout.params import STANDARD, Dirt
from pipelines.sheet import Boxes, Components, Mask


def are_dirt(components: Components, fits: Mask, height: float, params: Dirt = STANDARD.dirt) -> Mask:
    """Return which components are dirt, bool (N,).

    What lies far from letters is dirt for sure, and dirt is as dense near them. So of the small components
    near letters, a known share is dirt. The larger the components, the smaller is that share, as marks are
    larger than most dirt: all that are smaller than the size at which it is low enough are dirt.

    Parameters
    ----------
    components : Components
    fits : bool array, shape (N,)
        Which of them may be letters or marks.
    height : float
        Of ordinary letters, in pixels.
    params : Dirt
    """
    none = np.zeros(len(components), bool)
    largest = np.maximum(components.heights, components.widths)
    small = np.flatnonzero(fits & (largest < params.largest * height))
    letters = fits & (components.heights > params.letter * height)
    if len(small) < params.fewest or not letters.any():
        return none
    cell = max(1.0, params.cell * height)
    near = _around(components.boxes[letters], height, cell, components.labels.shape, params)
    boxes, share = components.boxes[small], float(near.mean())
    middles = (((boxes[:, :2] + boxes[:, 2:]) / 2) // cell).astype(np.int64)
    is_near = near[middles[:, 1], middles[:, 0]]
    if np.count_nonzero(~is_near) < params.fewest or share >= 1:
        return none
    areas = components.areas[small]
    sizes = np.unique(areas)
    dirty = _at_least(areas[~is_near], sizes) * share / (1 - share)
    if dirty[0] < params.dense * np.count_nonzero(letters):
        return none
    clean = dirty <= params.share * _at_least(areas[is_near], sizes)
    least = sizes[np.argmax(clean)] if clean.any() else sizes[-1] + 1
    none[small[areas < least]] = True
    return none


def _at_least(areas: npt.NDArray[np.int32], sizes: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return how many areas are at least as large as each of some sizes."""
    return len(areas) - np.searchsorted(np.sort(areas), sizes)


def _around(boxes: Boxes, height: float, cell: float, shape: tuple[int, ...], params: Dirt) -> Mask:
    """Return which cells of a page are near letters, bool (rows, columns)."""
    rows, columns = (int(length // cell) + 1 for length in shape)
    room = np.array([params.beside, params.above]) * height
    low = np.clip((boxes[:, :2] - room) // cell, 0, (columns, rows)).astype(np.int64)
    high = np.clip((boxes[:, 2:] + room) // cell + 1, 0, (columns, rows)).astype(np.int64)
    steps = np.zeros((rows + 1, columns + 1), np.int64)
    for x, y, sign in ((low, low, 1), (high, high, 1), (low, high, -1), (high, low, -1)):
        np.add.at(steps, (y[:, 1], x[:, 0]), sign)
    return np.asarray(steps.cumsum(axis=0).cumsum(axis=1)[:-1, :-1] > 0)
