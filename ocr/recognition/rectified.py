"""Level cuts: what a picture of one word looks like if its text runs at an angle, or upright.

A word is cut out of a street photo by its bounding box, however it runs. Of a rectangle or a parallelogram
that runs at a given angle, the bounding box gives the length and the height, so the word can be cut out level
for each of some angles, and be read where it looks most like text.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from ocr.finding.region import joined, lines_of
from ocr.finding.text_finder import find_text
from ocr.recognition.cuts import Cut, cut_region
from ocr.recognition.line_reader import LineReader
from ocr.recognition.params import RectifiedParams
from ocr.recognition.spelled import Look, look_at
from pipelines.clean.geometry import cut_turned, quarter_turn
from pipelines.layout.strips import HEIGHT

Floats = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]

ENLARGED = 2.0
"""The text finder gets a picture enlarged by this, and cuts are enlarged by at most this."""
STEEPEST = 45.0
"""At this angle, in degrees, any square has one bounding box, whatever text fills it."""


def clearest_cut(
    pixels: Pixels, rows: tuple[float, ...], reader: LineReader, params: RectifiedParams
) -> tuple[Cut, Look] | None:
    """Return the level cut that the line network reads with the most evidence of text; None if none is read.

    The angles of `params` are tried first, then those beside the best of them. A long picture has no room
    for text at an angle.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        A picture of one word.
    rows : tuple of float
        Rows of a strip that the heights of cuts are scaled to. All cuts are looked at in the first one, and
        the best of them in the others.
    reader : LineReader
    params : RectifiedParams
    """
    if max(pixels.shape[:2]) > params.longest * min(pixels.shape[:2]):
        return None
    signed = [sign * degrees for degrees in params.angles for sign in (1, -1)]
    cuts = [(0.0, cut) for cut in _cuts_without_angle(pixels, params)]
    cuts += [(degrees, cut) for degrees in signed for cut in cuts_at(pixels, degrees, params)]
    looks = look_at([cut for _, (cut, _) in cuts], rows[:1], reader)
    middle = max(zip(looks, cuts, strict=True), key=lambda pair: pair[0].evidence)[1][0] if cuts else 0.0
    for degrees in (middle - params.step, middle + params.step):
        cuts += [(degrees, cut) for cut in cuts_at(pixels, degrees, params)]
    looks += look_at([cut for _, (cut, _) in cuts[len(looks) :]], rows[:1], reader)
    best = sorted(range(len(cuts)), key=lambda k: -looks[k].evidence)[: params.closer]
    again = look_at([cuts[k][1][0] for k in best], rows[1:], reader)
    seen = [(looks[k], cuts[k][1]) for k in best]
    seen += [(look, cuts[k][1]) for k, look in zip(best, again, strict=True)]
    look, cut = max(seen, key=lambda pair: pair[0].evidence, default=(None, None))
    return (cut, look) if look is not None and cut is not None and look.letters else None


def cuts_at(pixels: Pixels, degrees: float, params: RectifiedParams) -> Iterator[Cut]:
    """Yield the cuts in which text at an angle is level: as a rectangle, and as seen from the side."""
    angle = float(np.radians(degrees))
    if 0 < abs(degrees) < STEEPEST:
        yield from _rectangle(pixels, angle, params)
        yield from _parallelogram(pixels, angle, params)


def _cuts_without_angle(pixels: Pixels, params: RectifiedParams) -> Iterator[Cut]:
    """Yield the picture on its sides, if it is high, and the line that the text finder finds, if any."""
    height, width = pixels.shape[:2]
    if height > params.high * width:
        yield quarter_turn(pixels, 1)
        yield quarter_turn(pixels, 3)
    yield from _line_found(pixels, params)


def _rectangle(pixels: Pixels, angle: float, params: RectifiedParams) -> Iterator[Cut]:
    """Yield the rectangle at an angle, in radians, whose bounding box is the picture, if it fits."""
    height, width = pixels.shape[:2]
    cosine, sine = float(np.cos(angle)), float(abs(np.sin(angle)))
    across = (height * cosine - width * sine) / (cosine**2 - sine**2)
    length = (width * cosine - height * sine) / (cosine**2 - sine**2)
    if params.lowest * height <= across <= length:
        along = np.array([cosine, np.sin(angle)])
        yield _cut(pixels, (along, np.array([-along[1], along[0]])), length, across, params)


def _parallelogram(pixels: Pixels, angle: float, params: RectifiedParams) -> Iterator[Cut]:
    """Yield the same of the parallelogram with upright sides, as signs seen from the side have."""
    height, width = pixels.shape[:2]
    across = height - width * abs(np.tan(angle))
    if params.lowest * height <= across <= width:
        axes = np.array([np.cos(angle), np.sin(angle)]), np.array([0.0, 1.0])
        yield _cut(pixels, axes, width / np.cos(angle), across, params)


def _cut(
    pixels: Pixels, axes: tuple[Floats, Floats], length: float, across: float, params: RectifiedParams
) -> Cut:
    """Cut out what has these axes, this length and height, and lies in the middle, with some room around."""
    room = 2 * params.around * across
    length, across = length + room, across + room
    height, width = pixels.shape[:2]
    start = (np.array([width, height]) - length * axes[0] - across * axes[1]) / 2
    scale = min(ENLARGED, float(np.clip(1, 2 * HEIGHT / across, params.highest / across)))
    size = max(1, round(length * scale)), max(1, round(across * scale))
    return cut_turned(pixels, start, axes, size, scale)


def _line_found(pixels: Pixels, params: RectifiedParams) -> Iterator[Cut]:
    """Yield the largest line that the text finder finds, unless it is level and fills the picture."""
    low = min(pixels.shape[:2])
    margin = round(params.margin * low)
    scale = float(np.clip(2 * HEIGHT / low, 1, ENLARGED))
    padded = cv2.copyMakeBorder(pixels, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    larger = np.asarray(cv2.resize(padded, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    regions = [region for region in find_text(larger) if abs(region.angle) < params.steep]
    if not regions:
        return
    line = max(lines_of(regions), key=lambda parts: sum(part.length * part.height for part in parts))
    found = joined(line)
    if abs(found.angle) < params.level and found.height > params.filled * scale * pixels.shape[0]:
        return
    cut, back = cut_region(larger, found, params.room, params.highest)
    yield cut, np.array([[1 / scale, 0, -margin], [0, 1 / scale, -margin], [0, 0, 1]]) @ back
