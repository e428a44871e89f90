"""Sauvola's threshold: by the mean and the spread around each pixel."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.binarizers.window import window_of
from pipelines.sheet import Grey, Mask


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
