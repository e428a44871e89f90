"""Lines of text as targets of the text finder: position, height and direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from nn.dense_loss import Targets, targets_of

STRIDE = 4
"""Size of a place of the targets, in pixels of the picture."""
SMALLEST = 6.0
"""Letters lower than this, in pixels, have weight 0: they are neither text nor background."""
CORE = 0.5
"""Height of a line's core, as a share of the line's; its ends are shortened by as much as its upper edge."""
FAR = 10_000.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """A line of text.

    Attributes
    ----------
    middle : float64 array, shape (K, 2)
        The line half-way between its upper and its lower edge, x and y, from its beginning to its end.
    height : float
        Across its direction, in pixels.
    """

    middle: Floats
    height: float

    @classmethod
    def of(cls, corners: npt.ArrayLike) -> TextLine:
        """Return the line in a quadrangle (4, 2), clockwise from the top left."""
        quad = np.asarray(corners, np.float64)
        middle = np.array([quad[0] + quad[3], quad[1] + quad[2]]) / 2
        along = (middle[1] - middle[0]) / max(float(np.hypot(*(middle[1] - middle[0]))), 1e-6)
        across = np.array([-along[1], along[0]])
        return cls(middle, float(np.abs((quad[3] + quad[2] - quad[0] - quad[1]) @ across)) / 2)

    @property
    def degrees(self) -> float:
        """The direction, clockwise as seen."""
        x, y = self.middle[-1] - self.middle[0]
        return float(np.degrees(np.arctan2(y, x)))

    def seen_through(self, matrix: Floats) -> TextLine:
        """Return the line after a homography (3, 3)."""
        half = self.height / 2
        upper, lower = (_project(matrix, self.beside(way * half)) for way in (-1, 1))
        return TextLine((upper + lower) / 2, float(np.median(np.hypot(*(lower - upper).T))))

    def beside(self, distance: float, pulled: float = 0.0) -> Floats:
        """Return the line shifted across its direction (positive: down), its ends `pulled` in."""
        steps = np.diff(self.middle, axis=0)
        lengths = np.maximum(np.hypot(*steps.T), 1e-6)
        along = steps / lengths[:, None]
        mean = np.concatenate([along[:1], (along[:-1] + along[1:]) / 2, along[-1:]])
        mean /= np.maximum(np.hypot(*mean.T), 1e-6)[:, None]
        line = self.middle + distance * np.stack([-mean[:, 1], mean[:, 0]], axis=1)
        line[0] += min(pulled, 0.3 * lengths[0]) * along[0]
        line[-1] -= min(pulled, 0.3 * lengths[-1]) * along[-1]
        return line

    def band(self, height: float, pulled: float = 0.0) -> Floats:
        """Return the outline (2 K, 2) of the band of ``height`` around the middle."""
        return np.concatenate([self.beside(-height / 2, pulled), self.beside(height / 2, pulled)[::-1]])


def _project(matrix: Floats, points: Floats) -> Floats:
    moved = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:])


def targets(lines: Sequence[TextLine], side: int, elsewhere: npt.ArrayLike = 1.0) -> Targets:
    """Return the targets of the maps of a picture, `side` pixels high and wide.

    Parameters
    ----------
    lines : sequence of TextLine
    side : int
    elsewhere : float, or array of the maps' shape
        Weight of a place outside of all lines, 0 to 1.
    """
    shape = (side // STRIDE, side // STRIDE)
    text, core = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    weight = np.array(np.broadcast_to(np.asarray(elsewhere, np.float32), shape))
    height, degrees = np.zeros(shape, np.float32), np.full(shape, np.nan, np.float32)
    for line in lines:
        whole = _polygon(line.band(max(line.height - 2, 1)))
        if line.height < SMALLEST:
            cv2.fillPoly(weight, whole, 0.0, shift=4)
            continue
        cut = (1 - CORE) / 2 * line.height
        cv2.fillPoly(text, whole, 1, shift=4)
        cv2.fillPoly(weight, whole, 1.0, shift=4)
        cv2.fillPoly(height, whole, line.height, shift=4)
        cv2.fillPoly(degrees, whole, line.degrees, shift=4)
        cv2.fillPoly(core, _polygon(line.band(max(CORE * line.height - 2, 0.5), cut)), 1, shift=4)
    return targets_of(text > 0, core > 0, weight, height, degrees)


def _polygon(points: Floats) -> list[npt.NDArray[np.int32]]:
    """Return an outline in sixteenths of a place of the targets, as OpenCV takes it."""
    places = (np.clip(points, -FAR, FAR) - (STRIDE - 1) / 2) / STRIDE
    return [np.round(16 * places).astype(np.int32)]
