"""Otsu's threshold: one for the whole picture."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.sheet import Grey, Mask


def otsu(grey: Grey) -> Mask:
    """Return the pixels that are darker than the threshold that splits the histogram best."""
    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return np.asarray(grey <= threshold)
