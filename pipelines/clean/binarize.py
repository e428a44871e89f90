"""From grey to ink."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.grain import find_grain
from pipelines.sheet import Grey, Mask

_SAMPLE, _BAND = 500_000, 128
"""Pixels that levels are judged by, and rows that are worked on at a time, so that they stay in the cache."""

Levels = tuple[float, float, float]
"""The grey of ink, of paper, and a threshold between them."""


def edge_levels(grey: Grey) -> Levels:
    """Return the grey of ink, of paper, and Otsu's threshold between them, judged beside edges only.

    Where little of a page is ink, a histogram of all of it shows paper and noise; beside edges, ink and
    paper are about as frequent.
    """
    gradient = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    step = max(1, round((grey.size / _SAMPLE) ** 0.5))
    strong = gradient > max(12.0, 0.5 * float(np.percentile(gradient[::step, ::step], 99.5)))
    near = cv2.dilate(strong.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    values = grey[near]
    values = values[:: 1 + len(values) // _SAMPLE]
    if values.size < 8 or values.min() == values.max():
        return 0.0, 0.0, 0.0
    threshold, _ = cv2.threshold(values.reshape(-1, 1), 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    dark, light = values[values <= threshold], values[values > threshold]
    return float(np.median(dark)), float(np.median(light)), float(threshold)


def _as_floats(values: Any) -> npt.NDArray[np.float32]:
    return np.asarray(values, np.float32)


def darkness(grey: Grey, levels: Levels) -> Grey:
    """Return how dark each pixel is between paper (0) and ink (255)."""
    ink, paper, _ = levels
    table = np.clip((paper - np.arange(256)) * (255 / max(paper - ink, 1)), 0, 255)
    return np.asarray(cv2.LUT(grey, table.astype(np.uint8)), np.uint8)


def binarize(grey: Grey, window: int, levels: Levels | None = None) -> Mask:
    """Return the ink of an evenly lit picture, bool (H, W), ink = True.

    Wolf's local threshold with robust extremes, and whatever is surely ink everywhere, so that strokes
    thicker than the window are not hollow.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    window : int
        Side of the neighbourhood in pixels: about two letters high.
    levels : tuple of float, optional
        As `edge_levels` gives them.

    References
    ----------
    C. Wolf, J.-M. Jolion: Extraction and recognition of artificial text in multimedia documents, 2003,
    equation 5: ``T = m - k (1 - s / R) (m - M)``.
    """
    ink, paper, middle = levels or edge_levels(grey)
    if paper - ink < 8:
        return np.zeros(grey.shape, bool)
    side = max(3, window | 1)
    mean = _as_floats(cv2.boxFilter(grey, cv2.CV_32F, (side, side), borderType=cv2.BORDER_REFLECT))
    square = _as_floats(cv2.sqrBoxFilter(grey, cv2.CV_32F, (side, side), borderType=cv2.BORDER_REFLECT))
    bands = [slice(top, top + _BAND) for top in range(0, len(grey), _BAND)]
    for rows in bands:
        square[rows] -= np.square(mean[rows])
        np.sqrt(np.maximum(square[rows], 0), out=square[rows])
    spread = square[:: max(1, len(square) // 500), :: max(1, len(square[0]) // 1000)]
    largest = np.float32(max(float(np.percentile(spread, 99)), 1.0))
    surely = min(ink + 0.3 * (paper - ink), middle)
    hardly = ink + 0.85 * (paper - ink)
    mask = np.empty(grey.shape, bool)
    for rows in bands:
        flatness = 1 - np.minimum(square[rows] / largest, 1)
        threshold = mean[rows] - 0.5 * flatness * (mean[rows] - np.float32(ink))
        np.less(grey[rows], np.minimum(threshold, np.float32(hardly)), out=mask[rows])
        mask[rows] |= grey[rows] <= surely
    return _unless_noise(mask)


def _unless_noise(mask: Mask) -> Mask:
    """Return the mask less grain; no ink at all where much of the picture is ink and none holds together."""
    grain = find_grain(mask)
    if grain.any():
        mask = mask & ~grain
    area = np.count_nonzero(mask)
    if area < 0.2 * mask.size or min(mask.shape) < 12:
        return mask
    inner = cv2.countNonZero(cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)))
    return mask if inner > 0.05 * area else np.zeros_like(mask)


def binarize_evenly(grey: Grey) -> Mask:
    """Return the ink of a picture of few letters on an even ground: one threshold, Otsu's, for all of it."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 0.8)
    threshold, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    if int(smooth.max()) - int(smooth.min()) < 16:
        return np.zeros(grey.shape, bool)
    return _unless_noise(np.asarray(smooth <= threshold))
