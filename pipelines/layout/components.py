"""Connected components of ink, and which of them can be letters."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.labelled import labelled
from pipelines.layout.params import STANDARD, Letters
from pipelines.sheet import Components, Labels, Mask

ANY_HEIGHT = (0.0, float("inf"))


def find_components(ink: Mask) -> Components:
    """Return the 8-connected components of `ink`, bool (H, W)."""
    labels, stats = labelled(ink)
    stats = stats[1:]
    boxes = np.stack([stats[:, 0], stats[:, 1], stats[:, 0] + stats[:, 2], stats[:, 1] + stats[:, 3]], axis=1)
    areas = stats[:, cv2.CC_STAT_AREA].astype(np.int32)
    return Components(labels, boxes.astype(np.int32), areas)


def ink_of(labels: Labels, members: Sequence[int]) -> Mask:
    """Return which pixels of `labels` belong to the given components, bool (H, W)."""
    if len(members) > 8:
        table = np.zeros(max(int(labels.max(initial=0)), *members) + 2, bool)
        table[np.asarray(members) + 1] = True
        return np.asarray(table[labels])
    mask = labels == members[0] + 1
    for member in members[1:]:
        mask |= labels == member + 1
    return np.asarray(mask)


def letter_height(
    components: Components, params: Letters = STANDARD.letters, bounds: tuple[float, float] = ANY_HEIGHT
) -> float:
    """Return the height of ordinary letters in pixels, 0 where there is nothing.

    The median of the components' heights weighted by their ink, as specks are many but hold little ink.
    Components as thin as a rule are left out, and so are those as large as the page if enough others are
    there, and those whose height is not within the bounds, if any is; if none is, the height is the nearest
    within the bounds.
    """
    if not len(components):
        return 0.0
    heights, widths = components.heights, components.widths
    weights = np.sqrt(components.areas) * np.minimum(heights, params.heaviest)
    thick = (widths < params.line_aspect * heights) & (heights < params.line_aspect * widths)
    bounded = (heights >= bounds[0]) & (heights <= bounds[1])
    if bounded.any():
        weights, thick = weights * bounded, thick & bounded
    fits = thick & ~surrounds(components, params)
    rows, columns = components.labels.shape
    small = fits & (heights < params.page_share * rows) & (widths < columns / 2)
    if weights[small & (heights > params.measured)].sum() > params.enough * weights.sum():
        fits = small
    if not fits.any():
        fits = bounded if bounded.any() else np.ones(len(heights), bool)
    order = np.argsort(heights[fits], kind="stable")
    middle = np.searchsorted(np.cumsum(weights[fits][order]), weights[fits].sum() / 2)
    return float(np.clip(heights[fits][order][middle], *bounds))


def surrounds(components: Components, params: Letters = STANDARD.letters) -> npt.NDArray[np.bool_]:
    """Return which components surround others, as frames and grounds do, bool (N,).

    A surrounding component has several others in its box that are not small in comparison, or a crowd of
    small ones. Only the largest components are tested.
    """
    found = np.zeros(len(components), bool)
    heights = components.heights
    largest = np.argsort(-(heights * components.widths))[: params.frames_tried]
    others = components.boxes[heights > params.measured]
    tall = others[:, 3] - others[:, 1]
    sides = [np.ascontiguousarray(side) for side in others.T]
    for k in largest[heights[largest] > params.frame_height].tolist():
        within = inside(sides, components.boxes[k])
        large = within & (tall > params.frame_speck * heights[k])
        found[k] = np.count_nonzero(large) >= params.framed or np.count_nonzero(within) >= params.crowd
    return found


def frames(components: Components, least: float, params: Letters = STANDARD.letters) -> Mask:
    """Return which components surround another whose height is at least a share of their own, bool (N,).

    Only the components with the most ink are tested, as many as `frames_tried`.
    """
    found = np.zeros(len(components), bool)
    heights, sides = components.heights, list(components.boxes.T)
    for k in np.argsort(-components.areas)[: params.frames_tried].tolist():
        found[k] = (heights[inside(sides, components.boxes[k])] >= least * heights[k]).any()
    return found


def inside(sides: Sequence[npt.NDArray[np.int32]], box: npt.NDArray[np.int32]) -> Mask:
    """Return which boxes, given by their four sides, lie wholly within another, bool (N,)."""
    left, top, right, bottom = sides
    low, high, end, under = box.tolist()
    return np.asarray((left > low) & (top > high) & (right < end) & (bottom < under))


def stroke_width(components: Components) -> float:
    """Return the width of strokes in pixels: twice the ink over its outline, over the whole picture."""
    ink = components.labels > 0
    area = int(ink.sum())
    inner = int(cv2.erode(ink.astype(np.uint8), np.ones((3, 3), np.uint8)).sum())
    return max(1.0, 2.0 * area / max(1, area - inner))


def letter_like(
    components: Components, height: float, params: Letters = STANDARD.letters
) -> npt.NDArray[np.bool_]:
    """Return which components can belong to letters of `height` pixels, bool (N,).

    Specks, rules, frames, and dark margins do not.
    """
    page_height, page_width = components.labels.shape
    heights, widths, areas = components.heights, components.widths, components.areas
    largest = np.maximum(heights, widths)
    least_area = max(params.speck_pixels, params.speck_area * height**2)
    speck = (largest < max(2.0, params.speck * height)) | (areas < least_area)
    rule = (heights > params.tallest * height) | (widths > params.widest * height)
    rule |= (widths > params.bar_length * height) & (heights < params.bar_thickness * height)
    rule |= (heights > params.post_length * height) & (widths < params.post_thickness * height)
    left, top, right, bottom = components.boxes.T
    frame = (left <= 1) & (right >= page_width - 1) & (heights > 0.5 * page_height)
    frame |= (top <= 1) & (bottom >= page_height - 1) & (widths > 0.5 * page_width)
    return np.asarray(~(speck | rule | frame | surrounds(components, params)))
