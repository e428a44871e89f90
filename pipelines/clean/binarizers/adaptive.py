"""A threshold by the Gaussian mean around each pixel."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.clean.binarizers.window import window_of
from pipelines.sheet import Grey, Mask


def adaptive(grey: Grey) -> Mask:
    """Return what is darker than its surroundings, as a Gaussian sees them, by a tenth of the whole range."""
    darker = 0.1 * float(np.ptp(np.percentile(grey, (0.5, 99.5))))
    kind, side = cv2.ADAPTIVE_THRESH_GAUSSIAN_C, window_of(grey)
    return np.asarray(cv2.adaptiveThreshold(grey, 1, kind, cv2.THRESH_BINARY_INV, side, darker) > 0)
