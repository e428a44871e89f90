"""A sheet or a label seen at an angle on its ground: its outline found, and the sheet laid flat."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.light import reduced, to_lab
from pipelines.sheet import Matrix

_SMALL = 400
"""Longest side, in pixels, of the reduced picture on which outlines are looked for."""
LEAST, MOST = 0.15, 0.95
"""Shares of the picture that a sheet may take."""
APART = 20.0
"""Least distance in CIELAB between the colours of sheet and ground."""
STRAIGHT = 0.94
"""A sheet's four corners hold at least this share of it, and it fills at least this share of them."""
ASKEW = 0.015
"""A sheet is laid flat if a corner is this share of the diagonal away from that of an upright rectangle."""
INSET = 1.0
"""Corners are moved in by so many pixels of the reduced picture, so that none of the ground is left."""

Corners = npt.NDArray[np.float32]


def find_outline(pixels: npt.NDArray[np.uint8]) -> Corners | None:
    """Return the corners of the one sheet that lies askew on a ground of another colour, if there is one.

    The ground's colour is the median along the edges of the picture; what is of another colour, holes filled,
    must be nearly a convex quadrilateral, and not be cut off at an edge of the picture.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        Grey or RGB.

    Returns
    -------
    float32 array, shape (4, 2), or None
        x and y of the corners, clockwise from the upper left one.
    """
    scale = _SMALL / max(pixels.shape[:2])
    if scale >= 1 or scale * min(pixels.shape[:2]) < _SMALL / 20:
        return None
    small = reduced(pixels, _SMALL)
    corners = _quadrilateral(_foreground(small))
    if corners is None or not _is_askew(corners, small.shape):
        return None
    inwards = corners.mean(axis=0) - corners
    inner = corners + INSET * inwards / np.linalg.norm(inwards, axis=1, keepdims=True)
    return np.asarray(inner / scale, np.float32)


def lay_flat(pixels: npt.NDArray[np.uint8], corners: Corners) -> tuple[npt.NDArray[np.uint8], Matrix]:
    """Return what is within four corners as an upright rectangle, and the matrix back to `pixels`.

    Its sides are as long as the longer of the two that become one.

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


def _foreground(small: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return 1 where the colour is another than the ground's, 0 elsewhere, (h, w)."""
    lab = to_lab(np.asarray(cv2.medianBlur(small, 5), np.uint8))
    edge = np.concatenate([lab[0], lab[-1], lab[:, 0], lab[:, -1]])
    apart = np.linalg.norm(lab - np.median(edge, axis=0), axis=2)
    values = np.clip(apart, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(values, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    return np.asarray(apart > max(level, APART / 2)).astype(np.uint8)


def _quadrilateral(mask: npt.NDArray[np.uint8]) -> Corners | None:
    """Return the corners of the largest part of `mask`, if it is nearly a quadrilateral of its own."""
    closed = cv2.morphologyEx(np.pad(mask, 1), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    hull = np.asarray(cv2.convexHull(outline), np.int32)
    area, full = cv2.contourArea(outline), cv2.contourArea(hull)
    if not LEAST * mask.size < full < MOST * mask.size or area < STRAIGHT * full:
        return None
    corners = _four(hull)
    if corners is None or not STRAIGHT < cv2.contourArea(corners) / full < 1 / STRAIGHT:
        return None
    inside = np.asarray(outline, np.int32).reshape(-1, 2)
    at_edge = ((inside <= 1) | (inside >= np.array(mask.shape[::-1]))).any(axis=1)
    return None if at_edge.mean() > 0.02 else _sharpened(_clockwise(corners), inside) - 1


def _four(hull: npt.NDArray[np.int32]) -> Corners | None:
    """Return the four corners of a hull that is simplified just so much, (4, 2)."""
    around = cv2.arcLength(hull, True)
    for share in (0.01, 0.015, 0.02, 0.03, 0.04, 0.06):
        corners = cv2.approxPolyDP(hull, share * around, True)
        if len(corners) <= 4:
            return corners.reshape(-1, 2).astype(np.float32) if len(corners) == 4 else None
    return None


def _clockwise(corners: Corners) -> Corners:
    """Sort corners clockwise from the one that is nearest to the upper left."""
    x, y = (corners - corners.mean(axis=0)).T
    ordered = corners[np.argsort(np.arctan2(y, x))]
    return np.asarray(np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0))


def _sharpened(corners: Corners, outline: npt.NDArray[np.int32]) -> Corners:
    """Move corners to where lines cross that fit the outline, (N, 2), along each side but for its ends."""
    lines = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = np.linalg.norm(end - start)
        along, across = (end - start) / length, np.array([start[1] - end[1], end[0] - start[0]]) / length
        place, away = (outline - start) @ along / length, (outline - start) @ across
        near = (place > 0.1) & (place < 0.9) & (np.abs(away) < 0.04 * length)
        if near.sum() < 8:
            return corners
        slope, offset = np.polyfit(place[near], away[near], 1)
        points = start + np.outer([0, 1], end - start) + np.outer([offset, offset + slope], across)
        lines.append(np.cross(*np.column_stack([points, [1, 1]])))
    crossings = np.cross(np.roll(lines, 1, axis=0), lines)
    return np.asarray(crossings[:, :2] / crossings[:, 2:], np.float32)


def _is_askew(corners: Corners, shape: tuple[int, ...]) -> bool:
    low, high = corners.min(axis=0), corners.max(axis=0)
    upright = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    away = np.linalg.norm(corners - upright, axis=1).max()
    return bool(away > ASKEW * np.hypot(shape[0], shape[1]))
