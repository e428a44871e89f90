"""Connected components of a mask, as OpenCV numbers them, and their measures."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.sheet import Components, Mask

Ints = npt.NDArray[np.int32]


def labelled(mask: npt.NDArray[np.bool_ | np.uint8]) -> tuple[Ints, Ints]:
    """Return the 8-connected components of a mask.

    Of OpenCV's algorithms Grana's takes about half the time of the default one on one core, and numbers
    components in the same order. OpenCV measures components pixel by pixel, ground included, which takes
    longer than to find them; here they are measured by their runs of ink.

    Parameters
    ----------
    mask : bool or uint8 array, shape (H, W)

    Returns
    -------
    labels : int32 array, shape (H, W)
        0 is the ground.
    stats : int32 array, shape (N, 5)
        Left, top, width, height and area of the ground, which is as large as the mask, and of each component.

    References
    ----------
    C. Grana, D. Borghesani, R. Cucchiara: Optimized block-based connected components labeling with decision
    trees, IEEE Transactions on Image Processing, 2010.

    Examples
    --------
    >>> labels, stats = labelled(np.eye(3, dtype=bool))
    >>> stats[1:].tolist()
    [[0, 0, 3, 3, 3]]
    """
    if not mask.size:
        return np.zeros(mask.shape, np.int32), np.zeros((1, 5), np.int32)
    bits = np.ascontiguousarray(mask).view(np.uint8)
    count, found = cv2.connectedComponentsWithAlgorithm(bits, 8, cv2.CV_32S, cv2.CCL_GRANA)
    labels = np.asarray(found, np.int32)
    return labels, _measured(labels, bits != 0, count)


def _measured(labels: Ints, ink: Mask, count: int) -> Ints:
    """Return left, top, width, height and area of so many components, int32 (count, 5)."""
    rows, starts, ends = _runs(ink)
    names = labels[rows, starts]
    left, right = np.full(count, ink.shape[1], np.int32), np.zeros(count, np.int32)
    np.minimum.at(left, names, starts)
    np.maximum.at(right, names, ends)
    top, bottom = np.zeros(count, np.int32), np.zeros(count, np.int32)
    top[names[::-1]] = rows[::-1]  # runs go from top to bottom: the last that is written stays
    bottom[names] = rows + 1
    areas = np.bincount(names, ends - starts, count).astype(np.int32)
    stats = np.stack([left, top, right - left, bottom - top, areas], axis=1)
    stats[0] = 0, 0, ink.shape[1], ink.shape[0], ink.size - areas.sum()
    return stats


def _runs(ink: Mask) -> tuple[Ints, Ints, Ints]:
    """Return the row, the first column and the end of each run of ink along a row, from top to bottom."""
    height, width = ink.shape
    edges = np.empty((height, width + 1), bool)
    edges[:, 0], edges[:, -1] = ink[:, 0], ink[:, -1]
    np.not_equal(ink[:, 1:], ink[:, :-1], out=edges[:, 1:-1])
    rows, columns = np.divmod(np.flatnonzero(edges).astype(np.int32), np.int32(width + 1))
    return rows[::2], columns[::2], columns[1::2]


def ink_without(components: Components, members: Sequence[int]) -> Mask:
    """Return the ink of all components but some, bool (H, W)."""
    kept = np.ones(len(components) + 1, bool)
    kept[0] = False
    kept[np.asarray(members) + 1] = False
    return np.asarray(kept[components.labels])
