"""Plates that light letters stand on, and rings and boxes before lines, are no letters; a large O is one."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.layout.components import find_components
from pipelines.layout.signs import are_signs

Ink = npt.NDArray[np.bool_]

LINE = [(60 + 18 * k, 20, 72 + 18 * k, 40) for k in range(12)]
"""Letters 20 pixels high."""


def drawn(*boxes: tuple[int, int, int, int]) -> Ink:
    ink = np.zeros((80, 400), bool)
    for left, top, right, bottom in [*LINE, *boxes]:
        ink[top:bottom, left:right] = True
    return ink


def ring(middle: tuple[int, int], radius: int) -> Ink:
    pixels = drawn().astype(np.uint8)
    cv2.circle(pixels, middle, radius, 1, 3)
    return pixels > 0


def box(left: int, top: int, size: int) -> Ink:
    ink = drawn((left, top, left + size, top + size))
    ink[top + 2 : top + size - 2, left + 2 : left + size - 2] = False
    return ink


def plate() -> Ink:
    """Return a line, and below it a plate with a light letter on it that has a dark inside."""
    ink = drawn((20, 46, 140, 78))
    ink[52:72, 40:60] = False
    ink[58:66, 46:54] = True
    return ink


def signs(ink: Ink) -> list[list[int]]:
    components = find_components(ink)
    found = are_signs(components, np.ones(len(components), bool), 20.0)
    return sorted(components.boxes[found].tolist())


def test_a_plate_is_one_with_what_lies_within_its_letters() -> None:
    assert signs(plate()) == [[20, 46, 140, 78], [46, 58, 54, 66]]


@pytest.mark.parametrize(
    "marked", [lambda: ring((30, 30), 15), lambda: box(15, 15, 30)], ids=["ring", "box to tick"]
)
def test_a_ring_or_a_box_before_a_line_is_one(marked: Callable[[], Ink]) -> None:
    assert len(signs(marked())) == 1


@pytest.mark.parametrize(
    "letters",
    [
        drawn,
        lambda: ring((30, 30), 10),
        lambda: ring((30, 21), 17),
        lambda: ring((42, 30), 15),
    ],
    ids=["letters", "O as high as they", "O on their line", "O that begins a word"],
)
def test_letters_are_none(letters: Callable[[], Ink]) -> None:
    assert signs(letters()) == []


def test_dark_paper_is_no_plate() -> None:
    ink = np.ones((80, 400), bool)
    ink[20:60, 30:60] = False
    assert signs(ink) == []


@pytest.mark.parametrize("mark", [(30, 26, 38, 34), (32, 24, 44, 36)], ids=["small", "large"])
def test_a_dot_at_half_the_height_of_a_line_is_a_bullet(mark: tuple[int, int, int, int]) -> None:
    assert signs(drawn(mark)) == [list(mark)]


@pytest.mark.parametrize(
    "mark",
    [(30, 34, 38, 42), (46, 26, 54, 34), (276, 26, 284, 34), (30, 29, 46, 32), (62, 8, 68, 14)],
    ids=["full stop", "beside a letter", "behind the line", "hyphen", "over a letter"],
)
def test_other_marks_are_no_bullets(mark: tuple[int, int, int, int]) -> None:
    assert signs(drawn(mark)) == []


def test_a_box_of_the_height_of_letters_is_one_where_it_stands_apart() -> None:
    assert len(signs(box(22, 20, 20))) == 1
    assert signs(box(38, 20, 20)) == []


def test_the_dot_of_an_i_among_low_letters_is_no_bullet() -> None:
    ink = np.zeros((80, 400), bool)
    for k in range(20):
        ink[(20 if k % 9 == 0 else 27) : 40, 20 + 18 * k : 32 + 18 * k] = True
    ink[21:25, 76:80] = True
    assert signs(ink) == []
