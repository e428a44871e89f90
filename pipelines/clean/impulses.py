"""Impulse noise ("salt and pepper"): single pixels that are dark on light ground, or light on dark."""

from __future__ import annotations

from itertools import product

import cv2
import numpy as np

from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Grey, Mask


def without_impulses(grey: Grey, params: CleanParams = STANDARD) -> Grey:
    """Return the picture with the median of its surroundings in place of impulses, where there are many.

    An impulse differs from all its neighbours. Where there are many, some touch: then boxes of two by two
    pixels are replaced, too.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
    params : CleanParams
        Its `impulses` is used.

    References
    ----------
    Sun and Neuvo, "Detail-preserving median based filters in image processing", Pattern Recognition
    Letters 15, 1994: a median only where an impulse is detected.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> page = np.where(rng.random((60, 60)) < 0.02, 0, 255).astype(np.uint8)
    >>> int(without_impulses(page).min())
    255
    """
    numbers = params.impulses
    found = _alone(grey, 1, 1, numbers.step)
    if found.mean() <= numbers.share:
        return grey
    cleaned = np.where(found, cv2.medianBlur(grey, 3), grey)
    for height, width in ((1, 2), (2, 1), (2, 2)):
        found = _alone(cleaned, height, width, numbers.step)
        cleaned = np.where(found, cv2.medianBlur(cleaned, 3), cleaned)
    return np.asarray(cleaned, np.uint8)


def _alone(grey: Grey, height: int, width: int, step: float) -> Mask:
    """Return which pixels of boxes of this size differ by more than `step` from all pixels around the box."""
    ring = np.ones((height + 2, width + 2), np.uint8)
    ring[1:-1, 1:-1] = 0
    found = np.zeros(grey.shape, bool)
    for anchor in product(range(1, width + 1), range(1, height + 1)):
        darkest, lightest = cv2.erode(grey, ring, anchor=anchor), cv2.dilate(grey, ring, anchor=anchor)
        found |= (cv2.subtract(darkest, grey) > step) | (cv2.subtract(grey, lightest) > step)
    return found
