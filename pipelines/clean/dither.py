"""Dithered pictures (black and white, with grey made of dots) turned back into grey.

Fax machines, 1-bit TIFFs and old screens show grey as single dots, black on white and white on black, which
are neither ink nor paper. A scan in black and white has almost none of them.

References
----------
R. W. Floyd, L. Steinberg: An adaptive algorithm for spatial grey scale, Proceedings of the SID 17, 1976.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Mask

_STEP = 7
"""A quick first test takes every pixel at this distance: most pictures show more than two levels there."""


def undithered(pixels: npt.NDArray[np.uint8], params: CleanParams = STANDARD) -> npt.NDArray[np.uint8]:
    """Return a dithered picture with its dots smoothed to grey; any other picture unchanged.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    params : CleanParams
        Its `dither` says how many dots are enough.

    Returns
    -------
    uint8 array, the same shape

    Examples
    --------
    >>> board = np.indices((6, 6)).sum(axis=0).astype(np.uint8) % 2 * 255
    >>> int(np.ptp(undithered(board)[2:4, 2:4])) < 20
    True
    """
    if not _is_bilevel(pixels[::_STEP, ::_STEP]) or not _is_bilevel(pixels):
        return pixels
    layer = pixels if pixels.ndim == 2 else pixels[:, :, 0]
    if _alone(layer > layer.min()).mean() <= params.dither.dots:
        return pixels
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), params.dither.blur), np.uint8)


def _is_bilevel(pixels: npt.NDArray[np.uint8]) -> bool:
    """Return whether all pixels are grey and of two levels at most."""
    layers = cv2.split(np.ascontiguousarray(pixels))
    levels = cv2.calcHist(layers[:1], [0], None, [256], [0, 256])
    are_few = int(np.count_nonzero(levels)) <= 2
    return are_few and all(np.array_equal(layers[0], other) for other in layers[1:])


def _alone(mask: Mask) -> Mask:
    """Return which pixels differ from those above, below, to the left and to the right."""
    padded = np.pad(mask, 1, mode="edge")
    beside = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
    alone: Mask = mask != beside[0]
    for other in beside[1:]:
        alone &= mask != other
    return alone
