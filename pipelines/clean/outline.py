"""A sheet of paper or a label seen at an angle: its outline is found and its perspective rectified."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.light import reduced, to_lab
from pipelines.clean.params import STANDARD, CleanParams, Outline
from pipelines.median import medians
from pipelines.sheet import Matrix

Corners = npt.NDArray[np.float32]

POINTS = 40
"""How many points of a side are looked at."""


def find_outline(pixels: npt.NDArray[np.uint8], params: CleanParams = STANDARD) -> Corners | None:
    """Return the corners of the one sheet of paper that lies askew on a ground of another colour, if any.

    The ground's colour is the median along the edges of the picture. The region of any other colour, with
    holes filled, must be nearly a convex quadrilateral that is not cut off by an edge of the picture. The
    colour must change at once at each of its sides: where a sheet gradually gets darker, it does not end.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        Grey or RGB.
    params : CleanParams
        Its `outline` is used.

    Returns
    -------
    float32 array, shape (4, 2), or None
        x and y of the corners, clockwise from the upper left.
    """
    numbers = params.outline
    scale = numbers.side / max(pixels.shape[:2])
    if scale >= 1 or scale * min(pixels.shape[:2]) < numbers.narrowest:
        return None
    small = reduced(pixels, numbers.side)
    lab = to_lab(np.asarray(cv2.medianBlur(small, numbers.noise), np.uint8))
    corners = _quadrilateral(_foreground(lab, numbers), numbers)
    if corners is None or _away_from_upright(corners) <= numbers.askew * np.hypot(*small.shape[:2]):
        return None
    if _changes_at_sides(lab, corners, numbers).min() < numbers.change:
        return None
    inwards = corners.mean(axis=0) - corners
    inner = corners + numbers.inset * inwards / np.linalg.norm(inwards, axis=1, keepdims=True)
    return np.asarray(inner / scale, np.float32)


def rectify(pixels: npt.NDArray[np.uint8], corners: Corners) -> tuple[npt.NDArray[np.uint8], Matrix]:
    """Rectify a quadrilateral to an upright rectangle; return it and the matrix back to `pixels`.

    Each side is as long as the longer of the two opposite sides.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    corners : float32 array, shape (4, 2)
        Clockwise from the upper left one.
    """
    upper, right, lower, left = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    width, height = max(2, round(float(max(upper, lower)))), max(2, round(float(max(left, right))))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = np.asarray(cv2.getPerspectiveTransform(flat, corners), np.float64)
    method = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(pixels, back, (width, height), flags=method, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid, np.uint8), back


def _foreground(lab: npt.NDArray[np.float32], numbers: Outline) -> npt.NDArray[np.uint8]:
    """Return 1 where the colour, in CIELAB (h, w, 3), differs from the ground's, 0 elsewhere, (h, w)."""
    edge = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    apart = np.linalg.norm(lab - medians(edge).astype(np.float32), axis=2)
    values = np.clip(apart, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(values, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return np.asarray(apart > max(level, numbers.apart / 2)).astype(np.uint8)


def _quadrilateral(mask: npt.NDArray[np.uint8], numbers: Outline) -> Corners | None:
    """Return the corners of the largest component of `mask`, if it is nearly a quadrilateral."""
    opened = cv2.morphologyEx(np.pad(mask, 1), cv2.MORPH_OPEN, np.ones((numbers.opening,) * 2, np.uint8))
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    hull = np.asarray(cv2.convexHull(outline), np.int32)
    area, full = cv2.contourArea(outline), cv2.contourArea(hull)
    if not numbers.least * mask.size < full < numbers.most * mask.size or area < numbers.straight * full:
        return None
    corners = _four_corners(hull, numbers)
    if corners is None:
        return None
    if not numbers.straight < cv2.contourArea(corners) / full < 1 / numbers.straight:
        return None
    inside = np.asarray(outline, np.int32).reshape(-1, 2)
    at_edge = ((inside <= 1) | (inside >= np.array(mask.shape[::-1]))).any(axis=1)
    return None if at_edge.mean() > numbers.at_edge else _sharpened(_clockwise(corners), inside, numbers) - 1


def _four_corners(hull: npt.NDArray[np.int32], numbers: Outline) -> Corners | None:
    """Return the four corners, (4, 2), of a hull, simplified until only four are left."""
    around = cv2.arcLength(hull, True)
    for share in numbers.simplified:
        corners = cv2.approxPolyDP(hull, share * around, True)
        if len(corners) <= 4:
            return corners.reshape(-1, 2).astype(np.float32) if len(corners) == 4 else None
    return None


def _clockwise(corners: Corners) -> Corners:
    """Sort corners clockwise, starting nearest to the upper left."""
    x, y = (corners - corners.mean(axis=0)).T
    ordered = corners[np.argsort(np.arctan2(y, x))]
    return np.asarray(np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0))


def _sharpened(corners: Corners, outline: npt.NDArray[np.int32], numbers: Outline) -> Corners:
    """Move corners to the intersections of lines fitted to the sides of the outline, (N, 2)."""
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = np.linalg.norm(end - start)
        along, across = (end - start) / length, np.array([start[1] - end[1], end[0] - start[0]]) / length
        place, away = (outline - start) @ along / length, (outline - start) @ across
        near = (place > numbers.corner) & (place < 1 - numbers.corner)
        near &= np.abs(away) < numbers.near * length
        if near.sum() < numbers.fitted:
            return corners
        slope, offset = np.polyfit(place[near], away[near], 1)
        points = start + np.outer([0, 1], end - start) + np.outer([offset, offset + slope], across)
        lines.append(np.cross(*np.column_stack([points, [1, 1]])))
    crossings = np.cross(np.roll(lines, 1, axis=0), lines)
    return np.asarray(crossings[:, :2] / crossings[:, 2:], np.float32)


def _changes_at_sides(
    lab: npt.NDArray[np.float32], corners: Corners, numbers: Outline
) -> npt.NDArray[np.float64]:
    """Return how far apart in CIELAB the colours inside and outside of each side are, float64 (4,).

    It is the lower quartile over points along a side without its ends.
    """
    ends = np.roll(corners, -1, axis=0)
    along = (ends - corners) / np.linalg.norm(ends - corners, axis=1, keepdims=True)
    outwards = numbers.beside * np.column_stack([along[:, 1], -along[:, 0]])
    share = np.linspace(numbers.corner, 1 - numbers.corner, POINTS)[:, None, None]
    points = corners + share * (ends - corners)
    last = np.array(lab.shape[1::-1]) - 1
    inner, outer = (
        np.clip(np.rint(points + towards), 0, last).astype(int) for towards in (-outwards, outwards)
    )
    apart = np.linalg.norm(lab[inner[..., 1], inner[..., 0]] - lab[outer[..., 1], outer[..., 0]], axis=2)
    return np.asarray(np.percentile(apart, 25, axis=0))


def _away_from_upright(corners: Corners) -> float:
    """Return the largest distance, in pixels, of a corner from that of the bounding box."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    upright = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    return float(np.linalg.norm(corners - upright, axis=1).max())
