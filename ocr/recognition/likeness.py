"""How much a reading looks like text: glyph by glyph, and over the width of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ocr.recognition.params import STANDARD
from ocr.recognition.passes.params import LineParams
from pipelines.sheet import Boxes

if TYPE_CHECKING:
    from ocr.recognition.lattice import Lattice

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def without(scores: Floats, excluded: Mask) -> Floats:
    """Return log-probabilities with the excluded classes set to minus infinity."""
    return np.where(excluded, np.float32(-np.inf), scores) if excluded.any() else scores


def best_three(scores: Floats, excluded: Mask) -> Floats:
    """Return the probabilities of the three likeliest classes but `excluded`, ascending, float32 (N, 3).

    Their sum is the probability that a glyph is one letter, whichever of its look-alikes.
    """
    return np.sort(np.exp(without(scores, excluded)), axis=1)[:, -3:]


def likeness(lattice: Lattice, rejects: Mask, barred: Mask) -> float:
    """Return how much the best readings look like letters, 0 to 1.

    The mean over the glyphs, weighted by area, of the probability that each is one of three characters.
    Dropped ink counts as 0, unless it may belong to barred characters.
    """
    likely = best_three(lattice.scores, barred | rejects).sum(axis=1)
    boxes = lattice.boxes
    areas = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).astype(float)
    total = gained = 0.0
    for part, readings in zip(lattice.words, lattice.readings, strict=True):
        for run, c in readings[0].steps if readings else ():
            if rejects[c] and barred.any():
                continue
            total += areas[part.start + run]
            gained += areas[part.start + run] * likely[part.start + run] * (not rejects[c])
    return gained / total if total else 0.0


def text_width(
    lattice: Lattice, rejects: Mask, barred: Mask, boxes: Boxes, params: LineParams = STANDARD.lines
) -> float:
    """Return how much text the best readings find: the total width of letters, less that of other ink.

    Each glyph's width has the weight 2 p - 1, p being the probability that it is one of three characters, and
    likewise by the line network's evidence. No glyph counts more than a wide letter of its height.

    Parameters
    ----------
    boxes : int32 array, shape (R, 4)
        Boxes of the runs, in pixels of the picture as loaded, so that all readings of it are comparable.
    params : LineParams
    """
    steps = lattice.chosen
    runs, chosen = steps[~rejects[steps[:, 1]], :2].T
    sure = best_three(lattice.scores[runs], barred | rejects).sum(axis=1)
    sure = (sure + np.exp(lattice.evidence[runs, chosen])) / 2
    size = (boxes[runs, 2:] - boxes[runs, :2]).astype(float)
    return float((np.minimum(size[:, 0], params.widest * size[:, 1]) * (2 * sure - 1)).sum())
