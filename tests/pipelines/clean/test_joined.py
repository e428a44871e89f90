"""Segments of digits and dots of letters are joined; letters are not joined to words."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from pipelines.clean.joined import gaps_between, join_pieces
from pipelines.clean.params import STANDARD
from tests.pipelines.clean.drawn import Pixels, digits, heights, page


def dots() -> Pixels:
    """Return two letters of dots, eight pixels from one to the next."""
    grey = np.full((90, 160), 255, np.uint8)
    for left in (20, 90):
        for row in range(7):
            for column in range(5) if row % 3 == 0 else (0, 4):
                cv2.circle(grey, (left + 8 * column, 20 + 8 * row), 2, 20, -1)
    return grey


def test_bars_become_digits() -> None:
    joined = join_pieces(digits())
    assert joined is not None
    assert heights(joined) == [74, 74, 74]


def test_dots_become_letters() -> None:
    joined = join_pieces(dots())
    assert joined is not None
    assert len(heights(joined)) == 2


def test_letters_stay_as_they_are() -> None:
    assert join_pieces(page()) is None


def test_nothing_is_joined_on_blank_paper() -> None:
    assert join_pieces(np.full((50, 80), 255, np.uint8)) is None


def test_gaps_hang_all_pieces_together() -> None:
    ink = np.zeros((30, 60), bool)
    ink[5:20, 5:10] = ink[5:20, 15:20] = ink[5:20, 40:45] = True
    assert np.allclose(gaps_between(ink), [5, 20], atol=1)


def test_what_is_farther_apart_than_gaps_within_letters_are_is_not_joined() -> None:
    assert join_pieces(digits()) is not None
    narrow = replace(STANDARD, joining=replace(STANDARD.joining, widest=2))
    assert join_pieces(digits(), narrow) is None
