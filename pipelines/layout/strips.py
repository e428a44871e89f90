"""Lines of text as strips of one height, for the line network."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.geometry import LONGEST
from pipelines.clean.light import local_contrast
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.layout.curvature import bend, bow
from pipelines.layout.params import LayoutParams, Strips
from pipelines.median import median
from pipelines.sheet import Boxes, Grey, Sheet, TextLine

HEIGHT = 32
"""Rows of a strip."""


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A line of text, level and of one height.

    Attributes
    ----------
    pixels : uint8 array, shape (32, W)
        Ink 255 on 0.
    left : float
        The column of the working picture at which the strip begins.
    scale : float
        Columns of the strip per column of the working picture.
    """

    pixels: Grey
    left: float
    scale: float

    def columns(self, x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """Return where columns of the working picture are in the strip."""
        return (x - self.left) * self.scale


def cut_strip(sheet: Sheet, line: TextLine) -> Strip:
    """Cut a line from the sheet's darkness, without its neighbours, and scale it to 32 rows.

    The strip is deskewed by the median slope between the bottoms of letters, or straightened where these run
    along a curve. It is scaled by its ink: all ink except the tips fills the same rows, whether or not the
    line has ascenders and descenders.

    Parameters
    ----------
    sheet : Sheet
    line : TextLine
        One of the sheet's.
    """
    return _Place.of(sheet, line).strip()


def cut_other_strips(sheet: Sheet, line: TextLine) -> tuple[Strip, ...]:
    """Cut a line at another size, if it is short, and from the grey picture.

    The last strip shows how much darker each place is than its surroundings: no threshold is applied, and
    nothing around the letters is left out.

    Parameters
    ----------
    sheet : Sheet
    line : TextLine
        One of the sheet's.
    """
    place = _Place.of(sheet, line)
    left, top, right, bottom = place.box
    room = round(sheet.params.strips.around * (bottom - top))
    low, high = max(0, left - room), max(0, top - room)
    around = local_contrast(sheet.grey[high : bottom + room, low : right + room], sheet.clean)
    contrast = place.level(around[:, left - low : right - low])
    plain = place.strip(picture=contrast, above=top - high)
    params = sheet.params.strips
    return (plain,) if len(line.stacks) > params.short else (place.strip(params.other_size), plain)


def whole_strip(grey: Grey, rows: float, params: CleanParams = STANDARD) -> Grey:
    """Scale the local contrast of a picture of one line to a strip, uint8 (32, W).

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark. The line runs level through the middle.
    rows : float
        Rows of the strip that the picture's height is scaled to; what lies outside of the strip is cut off.
    params : CleanParams
    """
    contrast = local_contrast(grey, params)
    return _resized(contrast, len(grey) / 2, rows / len(grey), 1)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """A deskewed line.

    Attributes
    ----------
    box : tuple of int
        Left, top, right and bottom of its letters on the sheet.
    ink : uint8 array, shape (H, W)
        Their ink, level.
    body : tuple of float
        The rows between which all of it except its tips lies.
    drops : float64 array, shape (W,), or None
        The drop of the line in each column, if it is curved.
    slope : float
        How far it goes down for each column to the right, if it is straight.
    params : Strips
    """

    box: tuple[int, int, int, int]
    ink: Grey
    body: tuple[float, float]
    drops: npt.NDArray[np.float64] | None
    slope: float
    params: Strips

    @classmethod
    def of(cls, sheet: Sheet, line: TextLine) -> _Place:
        params = sheet.params.strips
        members = np.array([c for stack in line.stacks for c in stack], np.int64)
        boxes = sheet.components.boxes[members]
        left, right = int(boxes[:, 0].min()), int(boxes[:, 2].max())
        top, bottom = int(boxes[:, 1].min()), int(boxes[:, 3].max())
        known = np.zeros(len(sheet.components) + 1, np.uint8)
        known[members + 1] = 1
        mask = cv2.dilate(
            known[sheet.components.labels[top:bottom, left:right]], np.ones((params.halo, params.halo))
        )
        ink = np.asarray(sheet.dark[top:bottom, left:right] * mask, np.uint8)
        curve = _curve(boxes, line.height, sheet.params)
        slope = 0.0 if curve is not None else _slope(boxes, line.height, sheet.params)
        drops, below = curve if curve is not None else (None, 0)
        level = _levelled(np.pad(ink, ((0, below), (0, 0))), drops, slope)
        return cls((left, top, right, bottom), level, _body(level, params.tips), drops, slope, params)

    def level(self, picture: Grey) -> Grey:
        """Deskew the same columns of another picture."""
        return _levelled(picture, self.drops, self.slope)

    def strip(self, size: float = 1.0, picture: Grey | None = None, above: int = 0) -> Strip:
        """Return the ink, or a deskewed picture that begins `above` it, as a strip scaled by `size`."""
        high, low = self.body
        scale = size * self.params.body / (low - high)
        shown = self.ink if picture is None else picture
        pixels = _resized(shown, (high + low) / 2 + above, scale, self.params.narrowest)
        return Strip(pixels, self.box[0], scale)


def _levelled(picture: Grey, drops: npt.NDArray[np.float64] | None, slope: float) -> Grey:
    return _level(picture, slope) if drops is None else _straightened(picture, drops)


def _slope(boxes: Boxes, height: float, layout: LayoutParams) -> float:
    """Return how far the line goes down for each column to the right (Theil and Sen's median of slopes)."""
    if np.ptp(boxes[:, ::2]) >= LONGEST:
        return 0.0
    params: Strips = layout.strips
    tall = boxes[boxes[:, 3] - boxes[:, 1] > layout.letters.tall * height].astype(float)
    tall = tall[:: max(1, len(tall) // params.letters)]
    x, y = (tall[:, 0] + tall[:, 2]) / 2, tall[:, 3]
    first, second = np.triu_indices(len(tall), 1)
    far = np.abs(x[second] - x[first]) > params.apart * height
    if far.sum() < params.pairs:
        return 0.0
    rise = (y[second] - y[first])[far] / (x[second] - x[first])[far]
    return float(np.clip(median(rise), -params.steepest, params.steepest))


def _curve(boxes: Boxes, height: float, layout: LayoutParams) -> tuple[npt.NDArray[np.float64], int] | None:
    """Return the drop of a line, a cubic, at each of its columns; None where it is straight.

    It is counted from where the highest letter, straightened, reaches the top of the line's box. The lowest
    one may then reach below it, by as many rows as the second value says.
    """
    params = layout.curves
    tall = boxes[boxes[:, 3] - boxes[:, 1] > params.letter * height].astype(float)
    left, right = boxes[:, 0].min(), boxes[:, 2].max()
    width = right - left
    if len(tall) < params.letters or width < params.length * height or width >= LONGEST:
        return None
    x = (tall[:, 0] + tall[:, 2] - left - right) / (right - left)
    cubic = bend(np.vander(x, 4, increasing=True), tall[:, 3], params.error * height, params)
    if cubic is None:
        return None
    columns = (2 * np.arange(right - left) + 1) / (right - left) - 1
    drops = np.vander(columns, 4, increasing=True) @ cubic
    if bow(columns, drops) <= params.bent * height:
        return None
    of_letters = drops[(boxes[:, 0] + boxes[:, 2]) // 2 - left]
    highest, lowest = (boxes[:, 1] - of_letters).min(), (boxes[:, 3] - of_letters).max()
    below = max(0, int(np.ceil(lowest - highest - np.ptp(boxes[:, 1::2]))))
    return drops + highest - boxes[:, 1].min(), below


def _straightened(ink: Grey, drops: npt.NDArray[np.float64]) -> Grey:
    """Move every column of `ink`, (H, W), up by its drop, (W,)."""
    height, width = ink.shape
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.asarray(cv2.remap(ink, columns, rows + drops.astype(np.float32), cv2.INTER_LINEAR), np.uint8)


def _level(ink: Grey, slope: float) -> Grey:
    """Shear `ink` by `slope`, so that it becomes level, unless the slope is negligible."""
    height, width = ink.shape
    drop = slope * width
    if abs(drop) <= 2:
        return ink
    more = int(np.ceil(abs(drop)))
    matrix = np.array([[1, 0, 0], [-slope, 1, max(drop, 0.0)]])
    return np.asarray(cv2.warpAffine(ink, matrix, (width, height + more), flags=cv2.INTER_LINEAR), np.uint8)


def _body(ink: Grey, tips: float) -> tuple[float, float]:
    """Return the rows between which all ink except its tips lies."""
    rows = np.cumsum(ink.sum(axis=1, dtype=np.float64))
    if not rows[-1]:
        return 0.0, float(len(ink))
    high, low = np.searchsorted(rows, np.array([tips, 1 - tips]) * rows[-1])
    return float(high), float(low + 1)


def _resized(ink: Grey, middle: float, scale: float, narrowest: int) -> Grey:
    """Scale `ink` so that row `middle` comes to the middle of the strip; the rest is cut off."""
    half = HEIGHT / 2 / scale
    top, bottom = round(middle - half), round(middle + half)
    above, below = max(0, -top), max(0, bottom - len(ink))
    part = cv2.copyMakeBorder(
        ink[max(0, top) : max(0, bottom)], above, below, 0, 0, cv2.BORDER_CONSTANT, value=0
    )
    size = (max(narrowest, round(ink.shape[1] * scale)), HEIGHT)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, size, interpolation=method), np.uint8)
