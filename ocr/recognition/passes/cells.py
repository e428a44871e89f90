"""Letters in the cells of a form: an empty cell separates words, a cell wall does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.recognition.passes.params import CellParams
from pipelines.median import median
from pipelines.percentile import percentiles
from pipelines.sheet import Boxes, Grey, Mask

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CellGaps:
    """The gaps of a line between letters in cells, bool (N - 1,) each.

    Attributes
    ----------
    inside : bool array
        Which gaps are between letters in cells, or before the first of them.
    empty : bool array
        Which of these contain an empty cell, or lead from a label to the cells.
    """

    inside: Mask
    empty: Mask


def cell_gaps(grey: Grey, boxes: Boxes, params: CellParams) -> CellGaps | None:
    """Return which gaps between the letters of a line are between cells; None if there are hardly any walls.

    A part of a line may be in cells, with a label before it; the walls are higher than letters then. Cells
    that are so wide that each may be a column of a table do not count.

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
    top, bottom = (int(median(side)) for side in (boxes[:, 1], boxes[:, 3]))
    inside, empty = np.zeros(len(pitch), bool), np.zeros(len(pitch), bool)
    if _walls(grey[top:bottom], boxes, params).mean() >= params.walls:
        ends = [(0, len(pitch))]
    else:
        room = round(params.beyond * (bottom - top))
        walls = _walls(grey[max(0, top - room) : bottom + room], boxes, params)
        ends = [(first, last) for first, last in _runs(walls) if last - first >= params.letters]
        ends = [(first, last) for first, last in ends if _is_regular(pitch[first + 1 : last], params)]
    for first, last in ends:
        part, letters = slice(first, last), boxes[first + 1 : last + 1]
        usual = median(pitch[part])
        if usual <= params.widest * median(letters[:, 3] - letters[:, 1]):
            inside[part] = True
            empty[part] = pitch[part] > params.empty * usual
    return CellGaps(inside, empty) if inside.any() else None


def _is_regular(pitch: Floats, params: CellParams) -> bool:
    """Return whether letters are at equal distances, or at multiples of these where cells are empty."""
    cells = pitch / median(pitch)
    return bool((np.abs(cells - np.maximum(1, np.round(cells))) <= params.uneven).all())


def _walls(rows: Grey, boxes: Boxes, params: CellParams) -> Mask:
    """Return which gaps between boxes have a wall in some rows of a picture, bool (N - 1,)."""
    between = zip(boxes[:-1, 2].tolist(), boxes[1:, 0].tolist(), strict=True)
    return np.array([_has_wall(rows[:, left:right], params) for left, right in between], bool)


def _runs(found: Mask) -> list[tuple[int, int]]:
    """Return where each run of True values begins and ends.

    Examples
    --------
    >>> _runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    ends = np.flatnonzero(np.diff(np.pad(found.astype(np.int8), 1))).reshape(-1, 2)
    return [(first, last) for first, last in ends.tolist()]


def _has_wall(gap: Grey, params: CellParams) -> bool:
    """Return whether a vertical rule runs through a gap, with paper on both sides."""
    if gap.shape[0] < 1 or gap.shape[1] < params.narrowest:
        return False
    lightness = percentiles(gap, params.rows)
    beside = np.minimum(np.maximum.accumulate(lightness), np.maximum.accumulate(lightness[::-1])[::-1])
    return bool((beside - lightness).max() > params.contrast)
