"""Connected components of a mask, as OpenCV numbers and measures them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]


def labelled(mask: npt.NDArray[np.bool_ | np.uint8]) -> tuple[Ints, Ints]:
    """Return the 8-connected components of a mask.

    Of OpenCV's algorithms Grana's takes about half the time of the default one on one core, and numbers
    components in the same order.

    Parameters
    ----------
    mask : bool or uint8 array, shape (H, W)

    Returns
    -------
    labels : int32 array, shape (H, W)
        0 is the ground.
    stats : int32 array, shape (N, 5)
        Left, top, width, height and area of the ground and of each component.

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
    found = cv2.connectedComponentsWithStatsWithAlgorithm(bits, 8, cv2.CV_32S, cv2.CCL_GRANA)
    return np.asarray(found[1], np.int32), np.asarray(found[2], np.int32)
