"""Text that shows through from the back of a sheet: faint, and mirrored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ocr.recognition.cuts import Cut
from ocr.recognition.params.ways import ThroughParams
from ocr.recognition.recognizer import Recognizer
from ocr.recognition.spelled import Look, look_at_likely
from pipelines.clean.light import to_grey
from pipelines.median import median
from pipelines.sheet import Boxes, Grey

LIGHT, DARK = 75, 2
"""Percentiles of paper and of ink."""


def shown_through(
    cuts: Sequence[Cut],
    looks: Mapping[int, Look],
    pixels: npt.NDArray[np.uint8],
    boxes: Boxes,
    recognizer: Recognizer,
) -> set[int]:
    """Return which cut-out regions show through from the back.

    They have much less contrast than the letters of the sheet, and more evidence of text when mirrored.

    Parameters
    ----------
    cuts : sequence of Cut
    looks : mapping of int to Look
        Those at the cuts that may be text.
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        The picture that they were cut from.
    boxes : int32 array, shape (N, 4)
        Of the letters of the sheet, on that picture.
    recognizer : Recognizer
    """
    params = recognizer.params.through
    if not looks or len(boxes) < params.letters:
        return set()
    least = params.faint * _contrast_of_letters(to_grey(pixels), boxes, params)
    faint = [k for k in looks if contrast(to_grey(cuts[k][0])) < least]
    mirrored = [np.ascontiguousarray(cuts[k][0][:, ::-1]) for k in faint]
    rows = recognizer.params.spelled.region_rows
    again = look_at_likely(mirrored, rows, recognizer.line_reader, recognizer.params.regions)
    return {k for number, k in enumerate(faint) if number in again and again[number].mean > looks[k].mean}


def contrast(grey: Grey) -> float:
    """Return how much darker ink is than paper, in levels, on a picture of one line."""
    light, dark = np.percentile(grey, [LIGHT, DARK])
    return float(light - dark)


def _contrast_of_letters(grey: Grey, boxes: Boxes, params: ThroughParams) -> float:
    """Return the usual contrast of letters, of at most some of them."""
    some = boxes[:: max(1, len(boxes) // params.most)]
    parts = [grey[top:bottom, left:right] for left, top, right, bottom in some.tolist()]
    return median(np.array([float(part.max()) - float(part.min()) for part in parts if part.size] or [0.0]))
