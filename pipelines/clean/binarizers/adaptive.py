"""A threshold by the Gaussian mean around each pixel."""

from __future__ import annotations

import cv2
import numpy as np

from pipelines.clean.binarizers.window import window_of
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Grey, Mask


def adaptive(grey: Grey, params: CleanParams = STANDARD) -> Mask:
    """Return the pixels that are darker than their Gaussian mean by a share of the contrast."""
    darker = params.thresholds.darker * float(np.ptp(np.percentile(grey, params.luminance.extremes)))
    kind, side = cv2.ADAPTIVE_THRESH_GAUSSIAN_C, window_of(grey, params.thresholds)
    return np.asarray(cv2.adaptiveThreshold(grey, 1, kind, cv2.THRESH_BINARY_INV, side, darker) > 0)
