"""Ink of pictures is left out before lines are found: it joins neither lines nor columns of text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.finding.region import region_of
from ocr.recognition.orientation import find_upright
from ocr.recognition.params import STANDARD, LetterParams, PictureParams
from ocr.recognition.pictures import pieces_of, toned_areas, without_pictures

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]

LEFT = ["the kitchen garden is", "behind the old bridge", "over the yellow river", "where two boats wait"]
LEFT += ["for people from town", "who come every year", "to see the harvest", "and drink new wine"]
LEFT += ["then they go home at", "night by the last bus", "and sing all the way"]
BELOW = [
    "school begins in May",
    "and ends before July",
    "when all children go",
    "out to play in water",
    "or help on the farm",
]


def blots(height: int, width: int, seed: int = 3) -> Pixels:
    """Draw a picture without text: dark blots, strokes and specks of many sizes on light grey."""
    rng, picture = np.random.default_rng(seed), np.full((height, width), 200, np.uint8)
    for _ in range(60):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        axes = (int(rng.integers(2, 22)), int(rng.integers(2, 16)))
        cv2.ellipse(picture, (x, y), axes, float(rng.uniform(0, 180)), 0, 360, int(rng.integers(0, 90)), -1)
    return picture


def page(drawn: Drawn) -> Pixels:
    """Return two columns of text, a picture at the top of the second one."""
    left, below = drawn(LEFT, size=26), drawn(BELOW, size=26)
    right = np.full((len(left), below.shape[1]), 255, np.uint8)
    right[-len(below) :] = below
    picture = blots(len(left) - len(below) - 40, below.shape[1] - 60)
    right[30 : 30 + len(picture), 30:-30] = picture
    return np.hstack([left, right])


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def test_a_picture_in_a_column_joins_no_lines(drawn: Drawn, reader: ocr.Reader) -> None:
    assert reader.read_page(page(drawn)).text.splitlines() == LEFT + BELOW


def test_text_on_a_picture_that_is_read_with_confidence_stays(drawn: Drawn, reader: ocr.Reader) -> None:
    sheet = page(drawn)
    name = drawn(["Harbour"], size=30, margin=10)
    top, left = 90, sheet.shape[1] - name.shape[1] - 60
    sheet[top : top + len(name), left : left + name.shape[1]] = name
    lines = reader.read_page(sheet).text.splitlines()
    assert {*LEFT, *BELOW} < set(lines) and "Harbour" in " ".join(lines)


def toned(picture: Pixels, **params: Any) -> list[list[int]]:
    return toned_areas(picture, 10.0, PictureParams(**params)).tolist()


def plain(*boxes: tuple[int, int, int, int], tone: int = 150) -> Pixels:
    """Return white paper with areas of one tone."""
    sheet = np.full((300, 400), 250, np.uint8)
    for left, top, right, bottom in boxes:
        sheet[top:bottom, left:right] = tone
    return sheet


def test_areas_without_paper_are_pictures() -> None:
    photo = (50, 100, 200, 220)
    assert toned(plain()) == [] and toned(plain(photo)) == [[40, 90, 210, 230]]
    assert toned(plain(photo, tone=230)) == [] and len(toned(plain(photo, tone=230), lightness=0.95)) == 1
    assert toned(plain(photo), side=13) == []
    assert toned(plain((0, 60, 400, 200)), around=1.0, most=0.3) == []
    assert len(toned(plain((0, 60, 400, 200)), around=1.0)) == 1
    frame = plain(photo)
    frame[110:210, 60:190] = 250
    assert toned(frame) == [] and len(toned(frame, filled=0.1)) == 1


def test_paper_that_darkens_to_one_side_is_no_picture() -> None:
    shade = np.tile(np.linspace(250, 180, 400), (300, 1)).astype(np.uint8)
    assert toned(shade) == [] and len(toned(shade, around=1.0, most=0.9)) == 1


def test_between_strokes_there_is_paper(drawn: Drawn) -> None:
    assert toned(drawn(LEFT, size=14)) == []


def test_ink_in_a_long_region_of_text_is_no_part_of_a_picture(drawn: Drawn) -> None:
    sheet = page(drawn)
    area = toned_areas(sheet, 20.0, PictureParams())[0]
    middle = np.asarray((area[:2] + area[2:]) / 2)

    def pieces(length: float, **params: Any) -> int:
        region = region_of(middle, length, 100.0, 0.0, 1.0)
        reader = ocr.Reader()
        changed = replace(STANDARD, pictures=PictureParams(**params))
        seeing = replace(reader.recognizer, params=changed, regions=lambda: [region])
        seen = find_upright(reader.pipeline, sheet, seeing)
        return len(pieces_of(without_pictures(seen, sheet, seeing).sheet))

    assert pieces(250.0) < pieces(250.0, long=2.0) < pieces(250.0, pieces=200)


def test_the_params_of_a_recognizer_reach_pictures(drawn: Drawn) -> None:
    reader = ocr.Reader()

    def pieces() -> int:
        return len(pieces_of(reader.lattice(page(drawn)).sheet))

    without = pieces()
    params = LetterParams(pictures=PictureParams(side=1000))
    reader.recognizer = replace(reader.recognizer, params=params)
    assert without < pieces()
