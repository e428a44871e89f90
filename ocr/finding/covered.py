"""Matches the lines of a sheet with the regions of the text finder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocr.finding.region import TextRegion
from pipelines.layout.words import stack_boxes
from pipelines.sheet import Boxes, Mask, Sheet

Floats = npt.NDArray[np.float64]

FOUND = 0.3
"""A line is in a region if at least this share of its letters is."""
READ = 0.3
"""A region is read if letters are read over at least this share of its length."""
SMALL = 0.35
"""A box smaller than this, in heights of its region, is a mark or the inside of a letter."""
BEYOND = 0.2
"""Letters may reach beyond a region by this share of its height."""
STACKED = 0.3
"""Two lines of a sheet, one above the other by this share of a region's height, are parts of higher
letters."""


def axes_of(region: TextRegion) -> tuple[Floats, Floats, float, float]:
    """Return the unit vectors along and across a region, its length and its height."""
    a, b, _, d = region.corners
    length, height = region.length, float(np.hypot(*(d - a)))
    return (b - a) / max(length, 1e-9), (d - a) / max(height, 1e-9), max(length, 1.0), max(height, 1.0)


def inside(points: Floats, region: TextRegion) -> Mask:
    """Return which points, (N, 2), lie in a region or close to it."""
    along, across, length, height = axes_of(region)
    place, room = points - region.corners[0], BEYOND * height
    x, y = place @ along, place @ across
    return np.asarray((x > -room) & (x < length + room) & (y > -room) & (y < height + room))


def in_any(points: Floats, regions: Sequence[TextRegion]) -> Mask:
    """Return which points, (N, 2), lie in one of some regions or close to it, bool (N,)."""
    found = np.zeros(len(points), bool)
    for region in regions:
        found |= inside(points, region)
    return found


def middles_in_picture(sheet: Sheet, boxes: Boxes) -> Floats:
    """Return the middles of boxes on a sheet, float64 (N, 2), in pixels of the picture as loaded."""
    middles = np.column_stack([(boxes[:, :2] + boxes[:, 2:]) / 2, np.ones(len(boxes))]) @ sheet.to_picture.T
    return np.asarray(middles[:, :2] / middles[:, 2:])


def lines_found(sheet: Sheet, regions: Sequence[TextRegion]) -> Mask:
    """Return which lines of a sheet are in regions of text, bool (L,).

    A region is one line of text. One that has several lines of the sheet, one above the other, as digits made
    of segments have, says of none of them that it is text.

    Parameters
    ----------
    sheet : Sheet
    regions : sequence of TextRegion
        In pixels of the picture as loaded.
    """
    if not sheet.lines:
        return np.zeros(0, bool)
    boxes = np.concatenate([stack_boxes(sheet.components.boxes, line.stacks) for line in sheet.lines])
    points = middles_in_picture(sheet, boxes)
    sizes = _sizes(boxes) * sheet.pixel
    found = np.zeros(len(points), bool)
    line = np.repeat(np.arange(len(sheet.lines)), [len(line.stacks) for line in sheet.lines])
    for region in regions:
        within = inside(points, region) & (sizes >= SMALL * region.height)
        if not _are_stacked(points[within], line[within], region):
            found |= within
    return np.asarray(np.bincount(line, found) >= FOUND * np.bincount(line))


def _are_stacked(points: Floats, line: npt.NDArray[np.intp], region: TextRegion) -> bool:
    """Return whether letters on several lines, at some points in a region, are above each other."""
    numbers, of = np.unique(line, return_inverse=True)
    if len(numbers) < 2:
        return False
    along, across, _, height = axes_of(region)
    x, y = points @ along, points @ across
    count = np.bincount(of)
    row = np.bincount(of, y) / count
    first, last = np.full(len(count), np.inf), np.full(len(count), -np.inf)
    np.minimum.at(first, of, x)
    np.maximum.at(last, of, x)
    beside = (first[:, None] <= last) & (first <= last[:, None])
    return bool((beside & (np.abs(row[:, None] - row) > STACKED * height)).any())


def unread(regions: Sequence[TextRegion], boxes: Boxes) -> list[TextRegion]:
    """Return the regions over most of which no letters are read.

    Parameters
    ----------
    regions : sequence of TextRegion
    boxes : int32 array, shape (N, 4)
        Boxes of the letters that are read, in pixels of the picture as loaded.
    """
    middles, sizes = (boxes[:, :2] + boxes[:, 2:]) / 2, _sizes(boxes)
    left = []
    for region in regions:
        read = inside(middles, region) & (sizes >= SMALL * region.height)
        if sizes[read].sum() < READ * max(region.length, 1.0):
            left.append(region)
    return left


def _sizes(boxes: Boxes) -> Floats:
    """Return the longer side of each box, float64 (N,)."""
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0), np.float64)
