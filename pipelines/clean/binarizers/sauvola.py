"""Sauvola's threshold: by the mean and the spread around each pixel."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.binarizers.window import window_of
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Grey, Mask


def sauvola(grey: Grey, params: CleanParams = STANDARD) -> Mask:
    """Return the pixels darker than ``m (1 + k (s / R - 1))``; m and s are the local mean and deviation.

    References
    ----------
    J. Sauvola, M. Pietikäinen: Adaptive document image binarization, Pattern Recognition 33 (2), 2000.
    """
    k, largest = params.thresholds.sauvola_k, params.thresholds.sauvola_spread
    side = (window_of(grey, params.thresholds),) * 2
    mean = _as_floats(cv2.boxFilter(grey, cv2.CV_32F, side, borderType=cv2.BORDER_REFLECT))
    spread = _as_floats(cv2.sqrBoxFilter(grey, cv2.CV_32F, side, borderType=cv2.BORDER_REFLECT))
    spread -= np.square(mean)
    np.sqrt(np.maximum(spread, 0, out=spread), out=spread)
    spread *= np.float32(k / largest)
    spread += np.float32(1 - k)
    spread *= mean
    return np.asarray(grey < spread)


def _as_floats(values: Any) -> npt.NDArray[np.float32]:
    return np.asarray(values, np.float32)
