"""Places of characters on their lines, measured on typefaces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from training.fonts import FontFile, usable_characters
from training.render import face_heights, glyph_mark

SIZE = 120
"""Em size, in pixels, at which faces are measured."""


def measure_places(fonts: Sequence[FontFile], characters: str) -> dict[str, tuple[float, ...]]:
    """Return the vertical extent and the bearings of each character.

    Parameters
    ----------
    fonts : sequence of FontFile
        Faces without an x are skipped.
    characters : str

    Returns
    -------
    dict
        ``{character: (bottom, top, bottom spread, top spread, left bearing, right bearing)}`` in
        x-heights. The spreads are those between faces, robustly: 1.48 times the median distance from the
        median.
    """
    found: dict[str, list[tuple[float, ...]]] = {c: [] for c in characters}
    for font in fonts:
        usable = usable_characters(font)
        if "x" not in usable:
            continue
        x_height, _ = face_heights(font, SIZE)
        for character in usable & found.keys():
            mark = glyph_mark(font, SIZE, character)
            rows, columns = mark.ink.shape
            place = (-mark.top - rows, -mark.top, mark.left, mark.advance - mark.left - columns)
            found[character].append(tuple(value / x_height for value in place))
    return {c: _summary(np.array(values)) for c, values in found.items() if len(values) >= 3}


def _summary(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    middle = np.median(values, axis=0)
    spread = 1.48 * np.median(np.abs(values - middle), axis=0)
    return tuple(round(float(v), 3) for v in (*middle[:2], *spread[:2], *middle[2:]))
