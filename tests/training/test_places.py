"""Where characters stand, as measured on a typeface."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocr.recognition.placement import Placement
from training.fonts import PILLOW_FONT
from training.places import measure_places

FACES = [replace(PILLOW_FONT, family=name) for name in ("one", "two", "three")]


@pytest.fixture(scope="module")
def places() -> dict[str, tuple[float, ...]]:
    return measure_places(FACES, "xoCcpgl,'.-f1")


def test_letters_stand_where_they_do_in_print(places: dict[str, tuple[float, ...]]) -> None:
    bottom, top = ({c: place[k] for c, place in places.items()} for k in (0, 1))
    assert (bottom["x"], top["x"]) == pytest.approx((0, 1), abs=0.04)
    assert bottom["o"] < 0 < 1 < top["o"] < 1.1
    assert top["c"] == pytest.approx(top["o"], abs=0.04)
    assert 1.2 < top["C"] < 1.6
    assert bottom["p"] < -0.2 and bottom["g"] < -0.2
    assert bottom[","] < -0.05 and top[","] < 0.4
    assert bottom["'"] > 0.7
    assert 0.2 < bottom["-"] < top["-"] < 0.8


def test_faces_that_agree_have_no_spread(places: dict[str, tuple[float, ...]]) -> None:
    assert all(place[2:4] == (0.0, 0.0) for place in places.values())


def test_bearings_are_white_beside_the_letter(places: dict[str, tuple[float, ...]]) -> None:
    left, right = ({c: place[k] for c, place in places.items()} for k in (4, 5))
    assert all(-0.3 < value < 0.6 for value in (*left.values(), *right.values()))
    assert left["l"] > left["o"] > left["x"]
    assert right["f"] < right["l"]


def test_the_table_is_what_the_reader_takes(places: dict[str, tuple[float, ...]]) -> None:
    placement = Placement.of(("", "x", "C"), places)
    assert placement.known.tolist() == [False, True, True]
    assert placement.top[2] == places["C"][1]


def test_what_fewer_than_three_faces_draw_is_left_out() -> None:
    assert measure_places(FACES[:2], "x") == {}
    assert "\u0416" not in measure_places(FACES, "x\u0416")
