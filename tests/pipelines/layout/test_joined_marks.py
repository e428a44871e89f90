"""Small marks that only blur joins to a letter."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.layout.components import find_components
from pipelines.layout.joined_marks import part_marks
from pipelines.layout.params import Letters
from pipelines.sheet import Components, Grey

HEIGHT = 30.0


def letter() -> Grey:
    """Return how dark a letter is, 30 pixels high and 20 wide, with room in its right half."""
    dark = np.zeros((60, 60), np.uint8)
    dark[10:40, 10:30] = 255
    dark[14:36, 16:30] = 0
    return dark


def parted(dark: Grey, params: Letters | None = None) -> Components:
    found = part_marks(find_components(dark > 40), dark, HEIGHT, params or Letters())
    assert found.areas.sum() == np.count_nonzero(found.labels) == np.count_nonzero(dark > 40)
    for k, (left, top, right, bottom) in enumerate(found.boxes.tolist()):
        assert np.count_nonzero(found.labels[top:bottom, left:right] == k + 1) == found.areas[k]
    return found


@pytest.mark.parametrize(("joint", "pieces"), [(50, 2), (200, 1)])
def test_a_comma_that_blur_joins_is_parted_and_one_that_ink_joins_is_not(joint: int, pieces: int) -> None:
    dark = letter()
    dark[35:44, 33:39] = 255
    dark[36:39, 30:33] = joint
    assert len(parted(dark)) == pieces
    assert len(parted(dark, Letters(joint=220))) == 2


def test_an_accent_is_parted() -> None:
    dark = letter()
    dark[1:6, 14:22] = 255
    dark[6:10, 16:19] = 50
    found = parted(dark)
    assert sorted(found.boxes[:, 1].tolist()) == [1, 8]


def test_the_end_of_a_curve_is_no_mark() -> None:
    dark = letter()
    dark[12:20, 33:39] = 255
    dark[12:14, 30:33] = 50
    assert len(parted(dark)) == 1
    assert len(parted(dark, Letters(mark_low=0.1))) == 2


def test_a_dot_of_a_letter_that_is_made_of_dots_stays() -> None:
    dark = letter()
    dark[35:41, 33:39] = 255
    dark[36:39, 30:33] = 50
    assert len(parted(dark)) == 2
    dark[27:33, 34:40] = 255
    assert len(parted(dark)) == 2
    assert len(parted(dark, Letters(mark_apart=0.1))) == 3


def test_a_faint_stroke_within_a_letter_parts_nothing() -> None:
    dark = letter()
    dark[20:28, 20:26] = 255
    dark[23:25, 16:20] = 50
    assert len(parted(dark)) == 1


def test_a_grey_smudge_and_a_large_piece_stay() -> None:
    smudge, large = letter(), letter()
    smudge[35:44, 33:39] = 150
    large[15:44, 33:39] = 255
    for dark in (smudge, large):
        dark[36:39, 30:33] = 50
        assert len(parted(dark)) == 1
