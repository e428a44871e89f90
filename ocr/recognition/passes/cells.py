"""Letters in the cells of a form: an empty cell separates words, a cell wall does not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr.recognition.passes.params import CellParams
from pipelines.median import median
from pipelines.percentile import percentiles
from pipelines.sheet import Boxes, Grey

Floats = npt.NDArray[np.float64]


def empty_cells(grey: Grey, boxes: Boxes, params: CellParams) -> npt.NDArray[np.bool_] | None:
    """Return which gaps between the letters of a line contain an empty cell, bool (N - 1,).

    All False where there are few walls between the letters, or where cells are so wide that each may be a
    column of a table.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        The working picture, ink dark, with its rules.
    boxes : int32 array, shape (N, 4)
        Boxes of the letters from left to right.
    params : CellParams
    """
    if len(boxes) < params.letters:
        return None
    pitch = np.diff((boxes[:, 0] + boxes[:, 2]) / 2)
    usual = median(pitch)
    top, bottom = (int(median(side)) for side in (boxes[:, 1], boxes[:, 3]))
    if usual > params.widest * (bottom - top):
        return None
    walls = [
        _has_wall(grey[top:bottom, left:right], params)
        for left, right in zip(boxes[:-1, 2].tolist(), boxes[1:, 0].tolist(), strict=True)
    ]
    return np.asarray(pitch > params.empty * usual) if np.mean(walls) >= params.walls else None


def _has_wall(gap: Grey, params: CellParams) -> bool:
    """Return whether a vertical rule runs through a gap, with paper on both sides."""
    if gap.shape[0] < 1 or gap.shape[1] < params.narrowest:
        return False
    lightness = percentiles(gap, params.rows)
    beside = np.minimum(np.maximum.accumulate(lightness), np.maximum.accumulate(lightness[::-1])[::-1])
    return bool((beside - lightness).max() > params.contrast)
