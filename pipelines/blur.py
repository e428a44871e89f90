"""Gaussian blur of small pictures: bit-equal to OpenCV's, with kernels that are computed once.

For a picture of one letter OpenCV takes longer to compute the kernel than to blur.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

Kernel = npt.NDArray[np.float32]

_ONE = 256
"""What the kernel for bytes sums to."""


def blur(picture: npt.NDArray[np.uint8], sigma: float) -> npt.NDArray[np.uint8]:
    """Return what ``cv2.GaussianBlur(picture, (0, 0), sigma)`` does for bytes, uint8 (H, W).

    OpenCV blurs bytes in fixed point, with 256 for 1. All sums stay below 2**24, up to which float32 is
    exact.

    Examples
    --------
    >>> picture = np.random.default_rng(0).integers(0, 256, (30, 20)).astype(np.uint8)
    >>> bool((blur(picture, 1.3) == cv2.GaussianBlur(picture, (0, 0), 1.3)).all())
    True
    """
    kernel = _byte_kernel(sigma)
    sums = np.asarray(cv2.sepFilter2D(picture, cv2.CV_32F, kernel, kernel), np.float32)
    sums += np.float32(_ONE**2 / 2)
    sums *= np.float32(1 / _ONE**2)
    return sums.astype(np.uint8)


@lru_cache(maxsize=1024)
def _byte_kernel(sigma: float) -> Kernel:
    """Return the fixed-point kernel, whole numbers that sum to 256, taken from a blurred line."""
    size = round(6 * sigma + 1) | 1
    line = np.zeros((1, size), np.uint8)
    line[0, size // 2] = 255
    kernel = cv2.GaussianBlur(line, (size, 1), sigma, borderType=cv2.BORDER_CONSTANT)[0].astype(np.float32)
    kernel[size // 2] += _ONE - kernel.sum()
    return np.asarray(kernel, np.float32)
