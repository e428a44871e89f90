"""What the marks over letters are called: which accent, by its shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import cv2
import numpy as np

from pipelines.layout.marks import is_dot
from pipelines.sheet import Mark, Mask

GRAVE, ACUTE, CIRCUMFLEX, TILDE, DOT, DIAERESIS, RING, CARON = (
    "\u0300", "\u0301", "\u0302", "\u0303", "\u0307", "\u0308", "\u030a", "\u030c",
)  # fmt: skip
LEAST = -4.0
"""The least that a shape says for an accent, as a logarithm of odds."""
STEEP, BENT = 0.17, 0.13
"""How far what might be a dot rises, or bulges, at least if it is none, as a share of its longer side."""
Names: TypeAlias = Mapping[str, float]
"""Combining accents, and the logarithm of how likely each is beside the likeliest."""


def name_mark(mark: Mark) -> Names:
    """Return how likely a mark is each combining accent, by its shape: logarithms, of the likeliest 0.

    Two parts side by side are a diaeresis. The middle line of the others is followed from left to right: it
    falls or rises, has its middle higher or lower than its ends, or runs in a wave; a ring has a hole.
    """
    if mark.parts > 1:
        return {DIAERESIS: 0.0, TILDE: -2.0, CIRCUMFLEX: -3.0}
    shape = mark.shape
    height, width = shape.shape
    if _has_hole(shape):
        return {RING: 0.0, DOT: -2.0, CIRCUMFLEX: -3.0}
    rise, bulge, wave = _middle_line(shape)
    if is_dot(shape):
        likely = {
            DOT: 0.0,
            ACUTE: (rise - STEEP) / 0.04,
            GRAVE: (-rise - STEEP) / 0.04,
            CIRCUMFLEX: (bulge - BENT) / 0.03,
            RING: -1.5,
            DIAERESIS: -3.0,
        }
    else:
        likely = {
            ACUTE: 4 * rise + (1.5 if height > width else 0.0),
            GRAVE: -4 * rise,
            CIRCUMFLEX: 8 * bulge,
            CARON: -8 * bulge,
            TILDE: 8 * wave - 4 * abs(bulge) + (1.0 if width > 2 * height else -1.0),
            DIAERESIS: 0.0 if width > 2 * height else -2.0,
            RING: -1.0,
        }
    most = max(likely.values())
    return {kind: max(LEAST, value - most) for kind, value in likely.items()}


def _has_hole(shape: Mask) -> bool:
    paper = cv2.connectedComponents(np.pad(~shape, 1, constant_values=True).astype(np.uint8), connectivity=4)
    return paper[0] > 2


def _middle_line(shape: Mask) -> tuple[float, float, float]:
    """Return how much the middle of the ink rises from left to right, bulges upwards, and runs in a wave.

    All as shares of the longer side: coefficients of Legendre's polynomials of order one to three.
    """
    rows, columns = np.nonzero(shape)
    longer = max(shape.shape)
    x = (2 * columns + 1) / shape.shape[1] - 1
    y = -(rows - rows.mean()) / longer
    basis = np.polynomial.legendre.legvander(x, 3)
    penalty = 1e-3 * len(x) * np.eye(4)
    _, rise, curve, cubic = np.linalg.solve(basis.T @ basis + penalty, basis.T @ y)
    return float(rise * 2), float(-curve), float(abs(cubic))


def names_over(over: Mapping[int, Mark]) -> dict[int, Names]:
    """Return what the marks over runs are likely called."""
    named = {mark: name_mark(mark) for mark in over.values()}
    return {run: named[mark] for run, mark in over.items()}
