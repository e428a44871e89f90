"""Connected pieces of ink, and which of them can be letters."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.sheet import Components, Mask


def find_components(ink: Mask) -> Components:
    """Return the 8-connected components of `ink`, bool (H, W)."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    stats = stats[1:]
    boxes = np.stack([stats[:, 0], stats[:, 1], stats[:, 0] + stats[:, 2], stats[:, 1] + stats[:, 3]], axis=1)
    return Components(labels, boxes.astype(np.int32), stats[:, cv2.CC_STAT_AREA].astype(np.int32))


def letter_height(components: Components) -> float:
    """Return the height of ordinary letters in pixels, 0 where there is nothing.

    The median of the components' heights weighted by their ink, leaving out what is as large as the
    picture or as thin as a rule: specks are many, but hold little ink.
    """
    if not len(components):
        return 0.0
    page_height, page_width = components.labels.shape
    heights, widths = components.heights, components.widths
    fits = (heights < 0.9 * page_height) & (widths < 0.9 * page_width)
    fits &= (widths < 12 * heights) & (heights < 12 * widths)
    if page_height > 20 * np.median(heights):
        fits &= heights < page_height / 4
    if not fits.any():
        fits = np.ones(len(heights), bool)
    order = np.argsort(heights[fits], kind="stable")
    weights = np.sqrt(components.areas[fits][order]) * np.minimum(heights[fits][order], 400)
    middle = np.searchsorted(np.cumsum(weights), weights.sum() / 2)
    return float(heights[fits][order][middle])


def stroke_width(components: Components) -> float:
    """Return the width of strokes in pixels: twice the ink over its outline, over the whole picture."""
    ink = components.labels > 0
    area = int(ink.sum())
    inner = int(cv2.erode(ink.astype(np.uint8), np.ones((3, 3), np.uint8)).sum())
    return max(1.0, 2.0 * area / max(1, area - inner))


def letter_like(components: Components, height: float) -> npt.NDArray[np.bool_]:
    """Tell which components can belong to letters of `height` pixels, bool (N,).

    Specks, rules, frames, and dark margins do not.
    """
    page_height, page_width = components.labels.shape
    heights, widths, areas = components.heights, components.widths, components.areas
    largest = np.maximum(heights, widths)
    speck = (largest < max(2.0, 0.1 * height)) | (areas < max(3.0, 0.006 * height * height))
    rule = (heights > 4.5 * height) | (widths > 30 * height)
    rule |= (widths > 5 * height) & (heights < 0.35 * height)
    rule |= (heights > 2.5 * height) & (widths < 0.2 * height)
    left, top, right, bottom = components.boxes.T
    frame = (left <= 1) & (right >= page_width - 1) & (heights > 0.5 * page_height)
    frame |= (top <= 1) & (bottom >= page_height - 1) & (widths > 0.5 * page_width)
    return np.asarray(~(speck | rule | frame))
