"""Dithered pictures, in black and white with grey made of dots, back to grey.

Fax machines, 1-bit TIFFs and old screens show grey as single dots, black on white and white on black, which
are neither ink nor paper. A scan in black and white has next to none of them.

References
----------
R. W. Floyd, L. Steinberg: An adaptive algorithm for spatial grey scale, Proceedings of the SID 17, 1976.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.sheet import Mask

DOTS = 0.05
"""Of the pixels of a dithered picture, more than this share differ from all four beside them.

Measured: 0.16 and more on dithered photos, 0.004 and less on photos by a threshold and on scans."""
BLUR = 1.3
"""Standard deviation, in pixels, of the blur that makes grey of dots and leaves letters readable."""
_STEP = 7  # of the pixels looked at first


def undithered(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return a picture with the dots that stand for grey smoothed out; any other as it is.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)

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
    if _alone(layer > layer.min()).mean() <= DOTS:
        return pixels
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), BLUR), np.uint8)


def _is_bilevel(pixels: npt.NDArray[np.uint8]) -> bool:
    """Tell whether all pixels are grey and of two levels at most."""
    low, high = pixels.min(), pixels.max()
    if not ((pixels == low) | (pixels == high)).all():
        return False
    return pixels.ndim == 2 or bool((pixels == pixels[:, :, :1]).all())


def _alone(mask: Mask) -> Mask:
    """Tell which pixels differ from those above, below, to the left and to the right."""
    padded = np.pad(mask, 1, mode="edge")
    beside = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
    alone: Mask = mask != beside[0]
    for other in beside[1:]:
        alone &= mask != other
    return alone
