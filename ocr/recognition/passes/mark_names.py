"""Names of the marks over letters: which accent a mark is, by its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import cv2
import numpy as np

from ocr.recognition.params import STANDARD
from ocr.recognition.passes.params import MarkParams
from ocr.recognition.passes.weights import MarkWeights
from pipelines.layout.marks import is_dot
from pipelines.sheet import Mark, Mask

GRAVE, ACUTE, CIRCUMFLEX, TILDE, DOT, DIAERESIS, RING, CARON = (
    "\u0300", "\u0301", "\u0302", "\u0303", "\u0307", "\u0308", "\u030a", "\u030c",
)  # fmt: skip
Names: TypeAlias = Mapping[str, float]
"""Log-likelihoods of combining accents, relative to the likeliest."""


def name_mark(mark: Mark, weights: MarkWeights, params: MarkParams = STANDARD.marks) -> Names:
    """Return the log-likelihood of each combining accent for a mark, by its shape; 0 for the likeliest.

    Two parts side by side are a diaeresis, and a ring has a hole. For all others, the middle line from left
    to right decides: it rises or falls, bulges up or down, or forms a wave.
    """
    unlikely, odd = -weights.unlikely_penalty, -weights.odd_penalty
    if mark.parts > 1:
        return {DIAERESIS: 0.0, TILDE: unlikely, CIRCUMFLEX: odd}
    shape = mark.shape
    height, width = shape.shape
    if _has_hole(shape):
        return {RING: 0.0, DOT: unlikely, CIRCUMFLEX: odd}
    rise, bulge, wave = _middle_line(shape, params.smoothing)
    if is_dot(shape):
        likely = {
            DOT: 0.0,
            ACUTE: params.steep.log_odds(rise),
            GRAVE: params.steep.log_odds(-rise),
            CIRCUMFLEX: params.bent.log_odds(bulge),
            RING: -weights.small_ring_penalty,
            DIAERESIS: odd,
        }
    else:
        is_wide = width > params.wide * height
        wide = weights.wide_bonus if is_wide else -weights.wide_bonus
        likely = {
            ACUTE: weights.slope_weight * rise + (weights.upright_bonus if height > width else 0.0),
            GRAVE: -weights.slope_weight * rise,
            CIRCUMFLEX: weights.bulge_weight * bulge,
            CARON: -weights.bulge_weight * bulge,
            TILDE: weights.wave_weight * wave - weights.level_weight * abs(bulge) + wide,
            DIAERESIS: 0.0 if is_wide else unlikely,
            RING: -weights.filled_ring_penalty,
        }
    most = max(likely.values())
    return {kind: max(-weights.most_against, value - most) for kind, value in likely.items()}


def _has_hole(shape: Mask) -> bool:
    paper = cv2.connectedComponents(np.pad(~shape, 1, constant_values=True).astype(np.uint8), connectivity=4)
    return paper[0] > 2


def _middle_line(shape: Mask, smoothing: float) -> tuple[float, float, float]:
    """Return how much the middle of the ink rises from left to right, bulges upwards, and runs in a wave.

    They are coefficients of the Legendre polynomials of order one to three, as shares of the longer side.
    """
    rows, columns = np.nonzero(shape)
    longer = max(shape.shape)
    x = (2 * columns + 1) / shape.shape[1] - 1
    y = -(rows - rows.mean()) / longer
    basis = np.polynomial.legendre.legvander(x, 3)
    penalty = smoothing * len(x) * np.eye(basis.shape[1])
    _, rise, curve, cubic = np.linalg.solve(basis.T @ basis + penalty, basis.T @ y)
    return float(rise * 2), float(-curve), float(abs(cubic))


def names_over(
    over: Mapping[int, Mark], weights: MarkWeights, params: MarkParams = STANDARD.marks
) -> dict[int, Names]:
    """Return the log-likelihoods of names of the marks over runs."""
    named = {mark: name_mark(mark, weights, params) for mark in over.values()}
    return {run: named[mark] for run, mark in over.items()}
