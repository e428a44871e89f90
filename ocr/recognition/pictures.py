"""Ink of pictures on a page: where it is tracked with the text beside it, it joins lines and columns of that.

A photograph in a column falls into pieces that may be letters. It is no paper: hardly a place in it is as
light as the paper around. The text finder sees hardly any text there, and the line network reads none.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr.finding.covered import in_any, middles_in_picture
from ocr.recognition.params.ways import PictureParams
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.sheet_cache import SheetCache
from ocr.recognition.text_evidence import SURE_WORD
from pipelines.clean.light import to_grey
from pipelines.pipeline import page
from pipelines.sheet import Boxes, Grey, Mask, Sheet

Indices = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def without_pictures(seen: SheetCache, pixels: npt.NDArray[np.uint8], recognizer: Recognizer) -> SheetCache:
    """Find the lines of a sheet again without the ink of pictures, if there is any on it.

    Text on a picture stays: what is in a long region of the text finder, and lines that the line network
    reads, with confidence unless they are in a region.

    Parameters
    ----------
    seen : SheetCache
        Of an upright page, with its lines found.
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        The picture as loaded.
    recognizer : Recognizer
    """
    regions = () if recognizer.regions is None else recognizer.regions()
    sheet, params = seen.sheet, recognizer.params.pictures
    if not regions or not sheet.lines:
        return seen
    areas = toned_areas(to_grey(pixels), sheet.letter_height * sheet.pixel, params)
    if not len(areas):
        return seen
    members = pieces_of(sheet)
    points = middles_in_picture(sheet, sheet.components.boxes[members])
    drawn = _within(points, areas)
    drawn &= ~in_any(points, [each for each in regions if each.length >= params.long * each.height])
    if np.count_nonzero(drawn) < params.pieces or drawn.all() or seen.looks_like_none:
        return seen
    far = members[~in_any(points, regions)]
    picture = np.setdiff1d(members[drawn], _text_in(members[drawn], far, seen, recognizer))
    if len(picture) < params.pieces:
        return seen
    return seen.with_lines(page(sheet, np.setdiff1d(members, picture)))


def toned_areas(grey: Grey, height: float, params: PictureParams) -> Boxes:
    """Return the boxes of areas without paper, int32 (N, 4), each as large as a picture.

    Between strokes there is paper: in a square as wide as a letter is high, the lightest place is as light as
    the paper near it. In a picture, and on plates, it is darker. The squares around a picture, which it may
    share with paper, belong to the area.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        The picture as loaded, text dark.
    height : float
        Of ordinary letters, in its pixels.
    params : PictureParams

    Examples
    --------
    >>> from ocr.recognition.params.ways import PictureParams
    >>> sheet = np.full((300, 300), 250, np.uint8)
    >>> sheet[100:220, 50:200] = 120
    >>> toned_areas(sheet, 10, PictureParams()).tolist()
    [[40, 90, 210, 230]]
    """
    side = max(1, round(height))
    rows, columns = (-(-length // side) for length in grey.shape)
    whole = cv2.copyMakeBorder(
        grey, 0, rows * side - grey.shape[0], 0, columns * side - grey.shape[1], cv2.BORDER_REPLICATE
    )
    light = whole.reshape(rows, side, columns, side).max(axis=(1, 3))
    around = np.ones([max(3, round(params.around * length)) for length in light.shape], np.uint8)
    paper = cv2.dilate(light, around)
    toned = np.asarray(light < params.lightness * paper, np.uint8)
    if toned.mean() > params.most:
        return np.zeros((0, 4), np.int32)
    _, _, stats, _ = cv2.connectedComponentsWithStats(toned, connectivity=8)
    left, top, wide, high, area = stats[1:].T
    is_picture = (np.minimum(wide, high) >= params.side) & (area >= params.filled * wide * high)
    boxes = np.stack([left - 1, top - 1, left + wide + 1, top + high + 1], axis=1)[is_picture]
    return np.asarray(boxes * side, np.int32)


def pieces_of(sheet: Sheet) -> Indices:
    """Return the components on the lines of a sheet, int64 (N,), in ascending order."""
    return np.unique(np.array([piece for stack in sheet.stacks for piece in stack], np.int64))


def _within(points: Floats, areas: Boxes) -> Mask:
    """Return which points lie in one of some boxes, bool (N,)."""
    apart = np.maximum(areas[:, :2] - points[:, None], points[:, None] - areas[:, 2:])
    return np.asarray((apart.max(axis=2) <= 0).any(axis=1))


def _text_in(drawn: Indices, far: Indices, seen: SheetCache, recognizer: Recognizer) -> Indices:
    """Return which components of a sheet are on lines that the line network reads, without those around.

    Lines of those that are in no region of text must be read with confidence.
    """
    beside = recognizer.seen(page(seen.sheet, drawn), 0)
    text = []
    for line, evidence in zip(beside.limited.lines, beside.evidence.of_lines.tolist(), strict=True):
        pieces = np.array([piece for stack in line.stacks for piece in stack], np.int64)
        if evidence >= (SURE_WORD if np.isin(pieces, far).mean() > 0.5 else 0):
            text.append(pieces)
    return np.concatenate(text) if text else np.zeros(0, np.int64)
