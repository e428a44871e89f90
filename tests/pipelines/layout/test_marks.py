"""Ink over letters is lifted off them, and nothing else is."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.layout.marks import is_dot, lift_marks
from pipelines.pipeline import PRESETS
from pipelines.sheet import Sheet


def paper(width: int = 420) -> npt.NDArray[np.uint8]:
    return np.full((120, width), 255, np.uint8)


def bowl(picture: npt.NDArray[np.uint8], x: int) -> None:
    cv2.ellipse(picture, (x, 80), (14, 18), 0, 0, 360, 0, 5)


def stem(picture: npt.NDArray[np.uint8], x: int) -> None:
    cv2.line(picture, (x, 62), (x, 98), 0, 5)


def dot(picture: npt.NDArray[np.uint8], x: int) -> None:
    cv2.circle(picture, (x, 48), 4, 0, -1)


def stem_among_bowls() -> npt.NDArray[np.uint8]:
    picture = paper()
    for x in (60, 110, 210):
        bowl(picture, x)
    stem(picture, 160)
    return picture


def lifted(picture: npt.NDArray[np.uint8]) -> tuple[Sheet, Sheet]:
    sheet = PRESETS["line"].run(picture)
    return sheet, lift_marks(sheet)


def members(sheet: Sheet) -> list[int]:
    return [c for line in sheet.lines for word in line.words for stack in word for c in stack]


def test_two_dots_over_a_bowl_are_one_mark_of_two_parts() -> None:
    picture = paper()
    for x in (60, 110, 160, 210):
        bowl(picture, x)
    dot(picture, 102)
    dot(picture, 118)
    sheet, free = lifted(picture)
    (mark,) = free.marks
    assert mark.parts == 2 and len(members(free)) == len(members(sheet)) - 2
    middle = sheet.to_picture @ ((mark.box[0] + mark.box[2]) / 2, mark.box[1], 1.0)
    assert middle[0] == pytest.approx(110, abs=3)
    assert mark.shape.shape == (mark.box[3] - mark.box[1], mark.box[2] - mark.box[0])


def test_the_dot_of_an_i_stays_and_an_accent_on_it_does_not() -> None:
    picture = stem_among_bowls()
    dot(picture, 160)
    sheet, free = lifted(picture)
    assert members(free) == members(sheet) and all(is_dot(mark.shape) for mark in free.marks)
    other = stem_among_bowls()
    cv2.line(other, (154, 52), (166, 40), 0, 5)
    (mark,) = lifted(other)[1].marks
    assert mark.parts == 1 and not is_dot(mark.shape)


def test_two_dots_beside_a_stem_are_lifted_off_it() -> None:
    picture = stem_among_bowls()
    dot(picture, 152)
    dot(picture, 168)
    sheet, free = lifted(picture)
    (mark,) = free.marks
    assert mark.parts == 2 and len(members(free)) == len(members(sheet)) - 2


def test_letters_without_marks_and_signs_of_two_parts_stay_as_they_are() -> None:
    picture = paper()
    for x in (60, 110, 260):
        bowl(picture, x)
    for y in (72, 88):
        cv2.line(picture, (150, y), (180, y), 0, 5)
        cv2.circle(picture, (215, y), 4, 0, -1)
    sheet, free = lifted(picture)
    assert free.marks == () and members(free) == members(sheet)


def test_a_page_without_letters_has_no_marks() -> None:
    assert lifted(paper())[1].marks == ()


def test_the_dot_of_an_i_that_touches_a_letter_stays() -> None:
    picture = stem_among_bowls()
    dot(picture, 160)
    cv2.line(picture, (124, 97), (160, 97), 0, 3)
    sheet, after = lifted(picture)
    assert len(after.marks) == 1
    assert sorted(members(after)) == sorted(members(sheet))
