"""Which way up pictures are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import ocr
from ocr.finding.region import region_of
from ocr.recognition.orientation import Sureness, _may_be_sideways, find_upright
from ocr.recognition.params import STANDARD
from pipelines.pipeline import PRESETS
from pipelines.sources.load import load

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


@pytest.mark.parametrize(
    ("name", "turns"),
    [
        *(("note.jpg", turns) for turns in range(4)),
        *(("paragraph.png", turns) for turns in range(4)),
        ("prices.png", 1),
        ("marker.jpg", 2),
        ("label.jpg", 3),
    ],
)
def test_hand_print_and_print_are_set_upright(name: str, turns: int, reader: ocr.Reader) -> None:
    [picture] = load(SAMPLES / name)
    turned = np.ascontiguousarray(np.rot90(picture.pixels, turns))
    sheet = find_upright(reader.pipeline, turned, reader.recognizer).sheet
    right = sheet.to_picture @ np.array([[0, 50], [0, 0], [1, 1]])
    x, y = np.diff(right[:2] / right[2], axis=1)[:, 0]
    seen = {0: (1, 0), 1: (0, -1), 2: (-1, 0), 3: (0, 1)}[turns]
    assert np.hypot(x, y) * 0.9 < np.dot((x, y), seen)


def test_pictures_of_a_few_letters_stay(reader: ocr.Reader) -> None:
    [picture] = load(SAMPLES / "letter_capital_r.png")
    sheet = find_upright(
        reader.pipeline, np.ascontiguousarray(picture.pixels[::-1, ::-1]), reader.recognizer
    ).sheet
    assert sheet.to_picture[0, 0] > 0 and STANDARD.orientation.fewest > 1


def test_lines_are_taken_as_they_are(reader: ocr.Reader) -> None:
    [picture] = load(SAMPLES / "note.jpg")
    sheet = find_upright(
        PRESETS["line"], np.ascontiguousarray(picture.pixels[::-1, ::-1]), reader.recognizer
    ).sheet
    assert sheet.to_picture[0, 0] > 0


def test_a_picture_without_lines_is_none_to_turn(reader: ocr.Reader) -> None:
    blank = np.full((50, 80), 240, np.uint8)
    assert find_upright(reader.pipeline, blank, reader.recognizer).sheet.lines == ()


def test_where_no_line_is_found_long_level_regions_are_no_columns(reader: ocr.Reader) -> None:
    level = [region_of(np.array([200.0, 40.0 * k]), 300, 30, 0, 1) for k in range(1, 5)]
    seeing = replace(reader.recognizer, regions=lambda: level)
    unread = Sureness(-24.0, -24.0, letters=0, columns=300, margin=4.0)
    assert _may_be_sideways(seeing, unread, likely=True)
    assert not _may_be_sideways(seeing, replace(unread, columns=0), likely=True)
