"""Where characters stand on their lines, measured on typefaces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr.training.fonts import FontFile, usable_characters
from ocr.training.render import face_heights, glyph_mark

SIZE = 120
"""Pixels to the em at which faces are measured."""


def measure_places(
    fonts: Sequence[FontFile], characters: str
) -> dict[str, tuple[float, float, float, float]]:
    """Return each character's bottom and top above the baseline, and their standard deviations.

    Parameters
    ----------
    fonts : sequence of FontFile
        Faces without an x are passed over.
    characters : str

    Returns
    -------
    dict
        ``{character: (bottom, top, bottom spread, top spread)}`` in x-heights. The spreads are those
        between faces, robustly: 1.48 times the median distance from the median.
    """
    found: dict[str, list[tuple[float, float]]] = {c: [] for c in characters}
    for font in fonts:
        usable = usable_characters(font)
        if "x" not in usable:
            continue
        x_height, _ = face_heights(font, SIZE)
        for character in usable & found.keys():
            mark = glyph_mark(font, SIZE, character)
            found[character].append(((-mark.top - mark.ink.shape[0]) / x_height, -mark.top / x_height))
    return {c: _summary(np.array(values)) for c, values in found.items() if len(values) >= 3}


def _summary(values: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> tuple[float, float, float, float]:
    middle = np.median(values, axis=0)
    spread = 1.48 * np.median(np.abs(values - middle), axis=0)
    return tuple(round(float(v), 3) for v in (*middle, *spread))  # type: ignore[return-value]
