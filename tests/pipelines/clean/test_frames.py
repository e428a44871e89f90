"""Outlines around words are removed; letters, tables and letters that touch an outline stay."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.clean.frames import without_frames
from pipelines.layout.components import find_components
from tests.pipelines.clean.drawn import button

Ink = npt.NDArray[np.bool_]


@pytest.mark.parametrize("radius", [0, 8])
def test_an_outline_around_letters_is_removed_and_they_stay(radius: int) -> None:
    ink = button(radius)
    found = without_frames(find_components(ink), 20.0)
    assert found is not None
    assert np.array_equal(found, button(radius, outline=False))


def test_walls_between_letters_are_removed_with_the_outline() -> None:
    ink = button(0)
    ink[15:66, 66:69] = ink[15:66, 96:99] = ink[15:66, 126:129] = True
    found = without_frames(find_components(ink), 20.0)
    assert found is not None
    assert np.array_equal(found, button(0, outline=False))


def around_one_letter() -> Ink:
    ink = button(0)
    ink[25:55, 45:160] = False
    ink[30:50, 80:90] = True
    return ink


def table() -> Ink:
    ink = button(0)
    ink[54:57, 20:180] = True
    return ink


def touched() -> Ink:
    ink = button(0)
    ink[30:66, 70:76] = True
    return ink


def ring() -> Ink:
    pixels = np.zeros((80, 200), np.uint8)
    cv2.ellipse(pixels, (100, 40), (60, 26), 0, 0, 360, 1, 3)
    pixels[30:50, 80:88] = pixels[30:50, 100:108] = 1
    return pixels > 0


@pytest.mark.parametrize("ink", [around_one_letter(), table(), touched(), ring(), button(0, outline=False)])
def test_others_are_no_frames(ink: Ink) -> None:
    assert without_frames(find_components(ink), 20.0) is None
