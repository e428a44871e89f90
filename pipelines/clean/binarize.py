"""From grey to ink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.grain import find_grain
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.median import median
from pipelines.percentile import percentile
from pipelines.sheet import Grey, Mask

_BAND = 128
"""Rows that are processed at a time, so that they stay in the processor's cache."""

Levels = tuple[float, float, float]
"""The grey of ink, of paper, and a threshold between them."""


def edge_levels(grey: Grey, params: CleanParams = STANDARD) -> Levels:
    """Return the grey of ink, of paper, and Otsu's threshold between them, measured only next to edges.

    Where little of a page is ink, its histogram shows mostly paper and noise. Next to edges, ink and paper
    are about equally frequent.
    """
    numbers = params.binarization
    gradient = np.asarray(cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)), np.uint8)
    step = max(1, round((grey.size / numbers.sample) ** 0.5))
    steepest = percentile(gradient[::step, ::step], numbers.steepest)
    strong = gradient > max(numbers.gradient, numbers.steep * steepest)
    near = cv2.dilate(strong.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    values = grey[near]
    values = values[:: 1 + len(values) // numbers.sample]
    if values.size < numbers.least or values.min() == values.max():
        return 0.0, 0.0, 0.0
    threshold, _ = cv2.threshold(values.reshape(-1, 1), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    dark, light = values[values <= threshold], values[values > threshold]
    return median(dark), median(light), float(threshold)


def _as_floats(values: Any) -> npt.NDArray[np.float32]:
    return np.asarray(values, np.float32)


def darkness(grey: Grey, levels: Levels) -> Grey:
    """Return how dark each pixel is between paper (0) and ink (255)."""
    ink, paper, _ = levels
    table = np.clip((paper - np.arange(256)) * (255 / max(paper - ink, 1)), 0, 255)
    return np.asarray(cv2.LUT(grey, table.astype(np.uint8)), np.uint8)


def binarize(grey: Grey, window: int, levels: Levels | None = None, params: CleanParams = STANDARD) -> Mask:
    """Return the ink of an evenly lit picture, bool (H, W), ink = True.

    Wolf's local threshold with robust extremes. Pixels that are clearly ink by the global levels are always
    kept, so that strokes thicker than the window are not hollow.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    window : int
        Side of the neighbourhood in pixels: about two letters high.
    levels : tuple of float, optional
        As `edge_levels` gives them.
    params : CleanParams
        Its `binarization` and its `grain` are used.

    References
    ----------
    C. Wolf, J.-M. Jolion: Extraction and recognition of artificial text in multimedia documents, 2003,
    equation 5: ``T = m - k (1 - s / R) (m - M)``.
    """
    ink, paper, middle = levels or edge_levels(grey, params)
    numbers = params.binarization
    if paper - ink < numbers.contrast:
        return np.zeros(grey.shape, bool)
    side = max(3, window | 1)
    mean = _as_floats(cv2.boxFilter(grey, cv2.CV_32F, (side, side), borderType=cv2.BORDER_REFLECT))
    square = _as_floats(cv2.sqrBoxFilter(grey, cv2.CV_32F, (side, side), borderType=cv2.BORDER_REFLECT))
    bands = [slice(top, top + _BAND) for top in range(0, len(grey), _BAND)]
    for band in bands:
        square[band] -= np.square(mean[band])
        np.sqrt(np.maximum(square[band], 0), out=square[band])
    rows, columns = numbers.spread_grid
    spread = square[:: max(1, len(square) // rows), :: max(1, len(square[0]) // columns)]
    largest = np.float32(max(float(np.percentile(spread, numbers.spread)), 1.0))
    surely = min(ink + numbers.surely * (paper - ink), middle)
    hardly = ink + numbers.hardly * (paper - ink)
    mask = np.empty(grey.shape, bool)
    for band in bands:
        flatness = 1 - np.minimum(square[band] / largest, 1)
        threshold = mean[band] - numbers.k * flatness * (mean[band] - np.float32(ink))
        np.less(grey[band], np.minimum(threshold, np.float32(hardly)), out=mask[band])
        mask[band] |= grey[band] <= surely
    return _unless_noise(mask, params)


def _unless_noise(mask: Mask, params: CleanParams) -> Mask:
    """Return the mask without grain; empty if it has much ink, but no solid strokes."""
    numbers, grain = params.binarization, find_grain(mask, params)
    if grain.any():
        mask = mask & ~grain
    area = np.count_nonzero(mask)
    if area < numbers.much * mask.size or min(mask.shape) < numbers.least_side:
        return mask
    inner = cv2.countNonZero(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)))
    return mask if inner > numbers.solid * area else np.zeros_like(mask)


def binarize_evenly(
    grey: Grey, params: CleanParams = STANDARD, part: tuple[slice, slice] = (slice(None), slice(None))
) -> Mask:
    """Return the ink of a picture with few letters on an even ground, by Otsu's threshold of a part of it."""
    numbers = params.binarization
    smooth = cv2.GaussianBlur(grey, (0, 0), numbers.even_blur)
    judged = np.ascontiguousarray(smooth[part])
    if not judged.size or int(judged.max()) - int(judged.min()) < numbers.even_contrast:
        return np.zeros(grey.shape, bool)
    threshold, _ = cv2.threshold(judged, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return _unless_noise(np.asarray(smooth <= threshold), params)
