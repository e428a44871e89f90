"""Well-known ways to tell ink from paper by a threshold: each from grey, ink dark, to a mask, ink = True."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.binarize import binarize
from pipelines.clean.light import flatten_light
from pipelines.sheet import Grey, Mask


def window_of(grey: Grey) -> int:
    """Return a neighbourhood of about a letter or two where a page shows some fifteen lines; odd."""
    return int(max(25, min(101, min(grey.shape) // 15))) | 1


def otsu(grey: Grey) -> Mask:
    """Return what is darker than the one threshold that parts the histogram best."""
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return np.asarray(grey <= threshold)


def sauvola(grey: Grey) -> Mask:
    """Return what is darker than ``m (1 + 0.2 (s / 128 - 1))``, m and s the mean and spread around it.

    References
    ----------
    J. Sauvola, M. Pietikäinen: Adaptive document image binarization, Pattern Recognition 33 (2), 2000.
    """
    side = (window_of(grey),) * 2
    mean = _as_floats(cv2.boxFilter(grey, cv2.CV_32F, side, borderType=cv2.BORDER_REFLECT))
    spread = _as_floats(cv2.sqrBoxFilter(grey, cv2.CV_32F, side, borderType=cv2.BORDER_REFLECT))
    spread -= np.square(mean)
    np.sqrt(np.maximum(spread, 0, out=spread), out=spread)
    spread *= np.float32(0.2 / 128)
    spread += np.float32(0.8)
    spread *= mean
    return np.asarray(grey < spread)


def _as_floats(values: Any) -> npt.NDArray[np.float32]:
    return np.asarray(values, np.float32)


def wolf(grey: Grey) -> Mask:
    """Return what `pipelines.clean.binarize` finds in the picture with its light evened out."""
    return binarize(flatten_light(grey), window_of(grey))


def adaptive(grey: Grey) -> Mask:
    """Return what is darker than its surroundings, as a Gaussian sees them, by a tenth of the whole range."""
    darker = 0.1 * float(np.ptp(np.percentile(grey, (0.5, 99.5))))
    kind, side = cv2.ADAPTIVE_THRESH_GAUSSIAN_C, window_of(grey)
    return np.asarray(cv2.adaptiveThreshold(grey, 1, kind, cv2.THRESH_BINARY_INV, side, darker) > 0)


def k_means(grey: Grey) -> Mask:
    """Return the darkest of three clusters of grey in the evenly lit picture: ink, smudge and paper."""
    even = flatten_light(grey)
    counts = np.bincount(even.ravel(), minlength=256).astype(np.float64)
    levels = np.arange(256)
    centres = np.percentile(even, (1, 20, 80))
    for _ in range(50):
        nearest = np.abs(levels[:, None] - centres).argmin(axis=1)
        weight = np.bincount(nearest, counts, 3)
        moved = np.where(
            weight > 0, np.bincount(nearest, counts * levels, 3) / np.maximum(weight, 1), centres
        )
        if np.allclose(moved, centres, atol=0.01):
            break
        centres = moved
    return np.asarray((nearest == centres.argmin())[even])
