"""Regions of text."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.groups import groups_of

Floats = npt.NDArray[np.float64]

TURNED, HIGHER, BESIDE, APART = 12.0, 1.6, 0.35, 1.2
"""Limits for regions of one line: the difference of their angles, in degrees; the ratio of their heights;
and, in heights of the lower one, the vertical distance of their middles and the gap between their ends."""


@dataclass(frozen=True, slots=True, eq=False)
class TextRegion:
    """A line of text, or a part of one.

    Attributes
    ----------
    corners : float64 array, shape (4, 2)
        x and y in the picture's pixels, clockwise from the top left, in the direction of the text.
    height : float
        Across the direction of the text, in pixels.
    angle : float
        The direction of the text in degrees, clockwise, above -90 and at most 90. Upside-down text is not
        distinguished.
    score : float
        Confidence that it is text, 0 to 1.
    """

    corners: Floats
    height: float
    angle: float
    score: float

    @property
    def middle(self) -> Floats:
        """The point in the middle, x and y."""
        return np.asarray(self.corners.mean(axis=0))

    @property
    def length(self) -> float:
        """Along the direction of the text, in pixels."""
        return float(np.hypot(*(self.corners[1] - self.corners[0])))


def region_of(middle: Floats, length: float, height: float, angle: float, score: float) -> TextRegion:
    """Return the region with this middle, length and height."""
    turn = np.radians(angle)
    along, across = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    ways = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
    corners = middle + ways @ np.stack([length * along, height * across])
    return TextRegion(np.asarray(corners), float(height), float(angle), float(score))


def without_doubles(regions: list[TextRegion], best_first: list[int], share: float) -> list[TextRegion]:
    """Non-maximum suppression: return the regions that no better one covers by more than a `share`, in order.

    Parameters
    ----------
    regions : list of TextRegion
    best_first : list of int
        Indices of `regions`, the best first.
    share : float
        The overlap, as a share of the smaller region.
    """
    outlines = [region.corners.astype(np.float32) for region in regions]
    boxes = np.array([[*outline.min(axis=0), *outline.max(axis=0)] for outline in outlines]).reshape(-1, 4)
    areas = [max(region.length * region.height, 1e-6) for region in regions]
    kept: list[int] = []
    for k in best_first:
        others = np.array(kept, np.int64)
        near = (boxes[others, :2] < boxes[k, 2:]).all(axis=1) & (boxes[others, 2:] > boxes[k, :2]).all(axis=1)
        if not any(
            cv2.intersectConvexConvex(outlines[k], outlines[other])[0] > share * min(areas[k], areas[other])
            for other in others[near].tolist()
        ):
            kept.append(k)
    return [regions[k] for k in sorted(kept)]


def joined(line: list[TextRegion]) -> TextRegion:
    """Return the region around all regions of a line, in the direction of the longest one."""
    longest = max(line, key=lambda region: region.length)
    turn = np.radians(longest.angle)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners = np.concatenate([region.corners for region in line]) @ axes.T
    first, last = corners.min(axis=0), corners.max(axis=0)
    length, height = (last - first).tolist()
    return region_of((first + last) / 2 @ axes, length, height, longest.angle, longest.score)


def lines_of(regions: list[TextRegion]) -> list[list[TextRegion]]:
    """Join regions that continue one line, and return all lines from top to bottom."""
    if not regions:
        return []
    middles = np.array([region.middle for region in regions])
    heights, lengths, angles = (
        np.array([getattr(region, name) for region in regions]) for name in ("height", "length", "angle")
    )
    turned = np.abs((angles[:, None] - angles + 90) % 180 - 90)
    low, high = np.minimum(heights[:, None], heights), np.maximum(heights[:, None], heights)
    turn = np.radians(np.where(lengths[:, None] >= lengths, angles[:, None], angles))
    step = middles[None] - middles[:, None]
    along = np.abs(step[..., 0] * np.cos(turn) + step[..., 1] * np.sin(turn))
    across = np.abs(step[..., 1] * np.cos(turn) - step[..., 0] * np.sin(turn))
    gaps = along - (lengths[:, None] + lengths) / 2
    joined = (turned < TURNED) & (high < HIGHER * low) & (across < BESIDE * low) & (gaps < APART * low)
    number = groups_of(joined)
    lines = []
    for k in range(number.max() + 1):
        members = np.flatnonzero(number == k)
        turn_of = np.radians(angles[members[np.argmax(lengths[members])]])
        order = np.argsort(middles[members] @ [np.cos(turn_of), np.sin(turn_of)], kind="stable")
        lines.append([regions[m] for m in members[order].tolist()])
    return sorted(lines, key=lambda line: float(np.mean([region.middle[1] for region in line])))
