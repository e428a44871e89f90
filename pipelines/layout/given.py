"""A line whose letters have known columns: all ink in the columns of a letter belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from pipelines.clean.binarize import binarize_evenly
from pipelines.layout.components import find_components
from pipelines.median import median
from pipelines.sheet import Components, Grey, Mask, Sheet, TextLine

ALL = slice(None)


def given_line(
    sheet: Sheet, contrast: Grey, words: Sequence[Sequence[tuple[int, int]]], rows: tuple[int, int]
) -> Sheet:
    """Return a sheet with one line whose letters have the given columns.

    Parameters
    ----------
    sheet : Sheet
    contrast : uint8 array, shape (H, W)
        Of the working picture; ink is high.
    words : sequence of sequence of (int, int)
        First column and end of each letter of each word. None overlap.
    rows : tuple of int
        Top and bottom of the line. Components that lie outside of them belong to no letter.
    """
    top, bottom = rows
    columns = slice(words[0][0][0], words[-1][-1][1])
    ink = binarize_evenly(255 - contrast, sheet.clean, (slice(top, bottom), columns))
    labels = np.zeros(contrast.shape, np.int32)
    boxes: list[tuple[int, int, int, int]] = []
    found: list[tuple[tuple[int, ...], ...]] = []
    for letters in words:
        word = []
        for left, right in letters:
            part = _letter(ink[:, left:right], top, bottom, sheet.params.letters.speck_area)
            if not part.any():  # fainter than the others
                alone = binarize_evenly(255 - contrast[:, left:right], sheet.clean, (slice(top, bottom), ALL))
                part = _letter(alone, top, bottom, sheet.params.letters.speck_area)
            if part.any():
                word.append((len(boxes),))
                x, y, wide, high = cv2.boundingRect(part.astype(np.uint8))
                boxes.append((left + x, y, left + x + wide, y + high))
                labels[:, left:right][part] = len(boxes)
        if word:
            found.append(tuple(word))
    sides = np.array(boxes, np.int32).reshape(-1, 4)
    areas = np.bincount(labels.ravel(), minlength=len(boxes) + 1)[1:]
    components = Components(labels, sides, areas.astype(np.int32))
    height = median(components.heights) if boxes else 0.0
    lines = (TextLine(tuple(found), height, cut=False),) if boxes else ()
    return replace(
        sheet, ink=labels > 0, dark=contrast, components=components, letter_height=height, lines=lines
    )


def _letter(ink: Mask, top: int, bottom: int, speck: float) -> Mask:
    """Return the ink of some columns that belongs to a letter between two rows."""
    pieces = find_components(ink)
    high, low = pieces.boxes[:, 1], pieces.boxes[:, 3]
    inside = np.minimum(low, bottom) - np.maximum(high, top)
    kept = (2 * inside > low - high) & (pieces.areas > speck * (bottom - top) ** 2)
    return np.asarray(np.append(False, kept)[pieces.labels])
