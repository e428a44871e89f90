"""Words at an angle, cut out by their bounding boxes: cut out level, and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition.params import STANDARD
from ocr.recognition.rectified import clearest_cut, cuts_at
from tests.ocr.recognition.test_spelled import cut_out

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]
PARAMS = STANDARD.rectified
ROWS = STANDARD.spelled.region_rows


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader(pipeline="word")


def mapped(word: Pixels, linear: list[list[float]]) -> Pixels:
    """Map a picture, (H, W), linearly, into the bounding box of its outline; the background is grey."""
    height, width = word.shape
    matrix = np.array(linear)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ matrix.T
    low, size = corners.min(axis=0), np.ceil(np.ptp(corners, axis=0)).astype(int)
    to = np.column_stack([matrix, -low])
    back = int(np.median(word))
    return np.asarray(
        cv2.warpAffine(word, to, (int(size[0]), int(size[1])), flags=cv2.INTER_AREA, borderValue=(back,)),
        np.uint8,
    )


def turned(word: Pixels, degrees: float) -> Pixels:
    turn = np.radians(degrees)
    return mapped(word, [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])


def leaning(word: Pixels, degrees: float) -> Pixels:
    return mapped(word, [[1, 0], [np.tan(np.radians(degrees)), 1]])


@pytest.mark.parametrize("degrees", [-30.0, 24.0])
@pytest.mark.parametrize("moved", [turned, leaning])
def test_a_cut_at_the_angle_of_a_word_is_level_and_leads_back(
    drawn: Drawn, moved: Callable[[Pixels, float], Pixels], degrees: float
) -> None:
    """The ink of one cut is as high as that of the level word, and its corners lie on the picture's word."""
    word = cut_out(drawn(["minimum"]))
    picture = moved(word, degrees)
    level = np.ptp(np.flatnonzero((word < 128).any(axis=1))) + 1
    heights = {}
    for number, (cut, back) in enumerate(cuts_at(picture, degrees, PARAMS)):
        scale = 1 / np.hypot(*back[:2, 0])
        rows = np.flatnonzero((cut < 128).any(axis=1))
        heights[number] = (np.ptp(rows) + 1) / scale
        points = np.argwhere(cut < 60)[::50, ::-1]
        there = np.round(np.column_stack([points, np.ones(len(points))]) @ back.T).astype(int)
        inside = (there[:, :2] >= 0).all(axis=1) & (there[:, :2] < picture.shape[::-1]).all(axis=1)
        x, y, _ = there[inside].T
        assert (picture[y, x] < 128).mean() > 0.9
    assert min(heights.values()) < 1.25 * level


@pytest.mark.parametrize("moved", [turned, leaning])
def test_a_word_at_an_angle_is_read(drawn: Drawn, moved: Callable[[Pixels, float], Pixels]) -> None:
    picture = moved(cut_out(drawn(["Garden"], 30)), 21.0)
    page = ocr.read(picture, pipeline="word").pages[0]
    assert page.text == "Garden"
    height, width = picture.shape
    for glyph in page.glyphs:
        box = glyph.box
        assert 0 <= box.left < box.right <= width and 0 <= box.top < box.bottom <= height
        assert (picture[box.top : box.bottom, box.left : box.right] < 128).any()


@pytest.mark.parametrize("turns", [1, 3])
def test_a_word_that_runs_up_or_down_is_read(drawn: Drawn, turns: int) -> None:
    picture = np.ascontiguousarray(np.rot90(cut_out(drawn(["Garden"], 30)), turns))
    assert ocr.read(picture, pipeline="word").text == "Garden"


def test_a_sign_that_fills_little_of_the_picture_is_found(drawn: Drawn, reader: ocr.Reader) -> None:
    word = cut_out(drawn(["Garden"], 30))
    height, width = word.shape
    wall = np.full((3 * height, 2 * width), 255, np.uint8)
    wall[height // 2 : height // 2 + height, width // 2 : width // 2 + width] = word
    line_reader = reader.recognizer.line_reader
    found = clearest_cut(wall, ROWS, line_reader, replace(PARAMS, angles=(), step=0.0))
    assert found is not None
    (cut, _), look = found
    assert look.letters == 6
    assert cut.shape[0] < 2 * height
    rows, columns = (np.flatnonzero((word < 128).any(axis=axis)) for axis in (1, 0))
    tight = word[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert clearest_cut(tight, ROWS, line_reader, replace(PARAMS, angles=(), step=0.0)) is None


def test_where_no_cut_is_read_there_is_none(reader: ocr.Reader) -> None:
    blank = np.full((60, 60), 200, np.uint8)
    assert clearest_cut(blank, ROWS, reader.recognizer.line_reader, PARAMS) is None


def test_a_long_line_is_not_cut_out(drawn: Drawn, reader: ocr.Reader) -> None:
    line = cut_out(drawn(["the lazy dog and runs home to eat"], 20))
    line_reader = reader.recognizer.line_reader
    assert line.shape[1] > PARAMS.longest * line.shape[0]
    assert clearest_cut(line, ROWS, line_reader, PARAMS) is None
    assert clearest_cut(line, ROWS, line_reader, replace(PARAMS, longest=100.0)) is not None


def test_cuts_of_a_large_picture_are_small(drawn: Drawn) -> None:
    word = turned(cut_out(drawn(["Garden"], 30)), 24.0)
    large = np.asarray(cv2.resize(word, None, fx=12, fy=12), np.uint8)
    cuts = [*cuts_at(large, 24.0, PARAMS)]
    assert cuts
    assert max(cut.shape[0] for cut, _ in cuts) <= PARAMS.highest


@pytest.mark.parametrize("degrees", [0.0, 45.0, -45.0, 80.0])
def test_there_are_no_cuts_at_angles_that_the_bounding_box_does_not_determine(degrees: float) -> None:
    assert not [*cuts_at(np.zeros((50, 50), np.uint8), degrees, PARAMS)]
