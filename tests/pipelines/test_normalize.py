"""The format of glyphs: what the shipped networks have learned from, to the byte."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.blur import blur
from pipelines.normalize import SIDE, clean, normalize
from pipelines.params import GLYPHS

INNER = SIDE - 2 * GLYPHS.border

PINNED = {
    "4": "f2ec17f2308ebd2fab9b0e42ba9de5ba8a6858f8ebb98ee9d78274031e650e73",
    "5": "ec491933668649fdd22129f772ec0b2060c3d6a64a261399e5be0629da269613",
}
"""SHA-256 of the glyphs below, by the first number of OpenCV's version. A change of it changes what networks
see: they must be trained anew."""


def strokes(height: int, width: int, thickness: int) -> npt.NDArray[np.uint8]:
    """Return a bowl on a stem, soft at its edges, uint8 (H, W)."""
    ink = np.zeros((height, width), np.uint8)
    cv2.line(ink, (width // 4, 0), (width // 4, height - 1), 255, thickness)
    cv2.ellipse(ink, (width // 2, height // 3), (width // 3, height // 4), 0, 0, 360, 200, thickness)
    return np.asarray(cv2.blur(ink, (3, 3)), np.uint8)


def test_glyphs_are_the_same_to_the_byte() -> None:
    drawn = [
        strokes(height, width, thickness)
        for height, width in (
            (9, 5),
            (20, 14),
            (31, 33),
            (48, 30),
            (90, 61),
            (140, 150),
            (GLYPHS.largest + 60, 200),
        )
        for thickness in (1, 2, 3, 7)
    ]
    glyphs = clean(np.stack([normalize(ink, ink > 60) for ink in drawn]))
    assert hashlib.sha256(glyphs.tobytes()).hexdigest() == PINNED[cv2.__version__[0]]


def test_a_glyph_is_centred_in_a_border_of_two_pixels() -> None:
    ink = np.full((60, 30), 255, np.uint8)
    glyph = normalize(ink, ink > 0)
    rows, columns = np.flatnonzero(glyph.max(axis=1) > 127), np.flatnonzero(glyph.max(axis=0) > 127)
    assert (rows[0], rows[-1]) == ((SIDE - INNER) // 2, SIDE - 1 - (SIDE - INNER) // 2)
    assert columns[0] + columns[-1] == SIDE - 1 and len(columns) == INNER // 2


@pytest.mark.parametrize("longest", [25, 31, 40, 77, 128, 256])
def test_the_blur_is_that_of_opencv(longest: int) -> None:
    rng = np.random.default_rng(longest)
    for shape in ((longest, longest // 2 + 3), (7, longest), (3, 3)):
        picture = rng.integers(0, 256, shape).astype(np.uint8)
        sigma = 0.4 * longest / INNER
        assert np.array_equal(blur(picture, sigma), cv2.GaussianBlur(picture, (0, 0), sigma))


def test_glyphs_are_cleaned_each_on_its_own() -> None:
    glyphs = np.random.default_rng(0).integers(0, 256, (150, SIDE, SIDE)).astype(np.uint8)
    together = clean(glyphs)
    assert all(np.array_equal(clean(glyphs[k : k + 1])[0], together[k]) for k in range(0, 150, 7))
    assert clean(glyphs[:0]).shape == (0, SIDE, SIDE)
