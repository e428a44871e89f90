"""Texts beside the sheet: cut out, read by themselves, and put in order among its lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

import ocr
from ocr.document import Box, Glyph, Line, Word
from ocr.finding.covered import lines_found, unread
from ocr.finding.region import region_of
from ocr.recognition import regions
from ocr.recognition.budget import Budget
from ocr.recognition.cuts import cut_region
from ocr.recognition.lattice import Lattice
from ocr.recognition.page import in_order, quarter_of
from ocr.recognition.params import STANDARD, RegionParams
from ocr.recognition.spelled import Look
from ocr.recognition.ways import best_way
from pipelines.clean.geometry import quarter_turn
from tests.ocr.recognition.test_awkward import font
from tests.pipelines.clean.drawn import digits, heights

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def header_over_page(drawn: Drawn) -> Pixels:
    """Return a page of black on white under a dark header with white letters."""
    page = drawn(["The quick brown fox jumps", "over the lazy dog and runs", "home to eat and sleep"])
    word = 255 - drawn(["Garden party"])
    header = np.full((word.shape[0], page.shape[1]), 30, np.uint8)
    header[:, : word.shape[1]] = np.maximum(word, 30)[:, : header.shape[1]]
    return np.vstack([header, page])


def test_white_on_a_dark_header_is_read_above_black_on_white(drawn: Drawn, reader: ocr.Reader) -> None:
    lines = reader.read_page(header_over_page(drawn)).text.splitlines()
    body = ["The quick brown fox jumps", "over the lazy dog and runs", "home to eat and sleep"]
    assert lines == ["Garden party", *body]


def test_text_beside_a_sheet_that_is_upside_down_is_turned_with_it(drawn: Drawn, reader: ocr.Reader) -> None:
    upright = header_over_page(drawn)
    turned = np.ascontiguousarray(np.rot90(upright, 2))
    assert reader.read_page(turned).text == reader.read_page(upright).text


@pytest.mark.parametrize("turns", range(4))
def test_lines_are_put_in_order_as_the_sheet_is_turned(turns: int) -> None:
    places = [(20, 10, 90, 20), (20, 30, 50, 40), (60, 30, 90, 40), (20, 50, 90, 60)]
    turn = np.array([[0.0, 1.0], [-1.0, 0.0]])  # counter-clockwise, as y goes down
    matrix = np.linalg.matrix_power(turn, turns)

    def line(place: tuple[int, int, int, int]) -> Line:
        x, y = matrix @ np.array(place).reshape(2, 2).T
        box = Box(*(round(float(side)) for side in (x.min(), y.min(), x.max(), y.max())))
        return Line((Word((Glyph("x", box, 1.0, (), np.zeros((28, 28), np.uint8)),), 1.0, ()),))

    lines = [line(place) for place in places]
    sheet = np.eye(3)
    sheet[:2, :2] = matrix
    found = in_order([lines[0], lines[3]], [lines[2], lines[1]], quarter_of(sheet))
    assert [each.box for each in found] == [each.box for each in lines]


def test_a_region_that_runs_against_the_sheet_begins_at_its_other_end() -> None:
    region = region_of(np.array([100.0, 50.0]), 80, 20, 0.0, 1.0)
    for across, first in (([2.0, 0.0], 0), ([0.0, 1.0], 0), ([-2.0, 0.1], 2)):
        turned = regions.directed(region, np.array(across))
        assert turned.corners[0].tolist() == region.corners[first].tolist()


def test_boxes_of_a_region_lie_on_its_ink(drawn: Drawn, reader: ocr.Reader) -> None:
    pixels = header_over_page(drawn)
    first = reader.read_page(pixels).lines[0]
    for box in (glyph.box for word in first.words for glyph in word.glyphs):
        part = pixels[box.top : box.bottom, box.left : box.right]
        assert part.size and part.max() > 200


@pytest.mark.parametrize("angle", [0.0, 25.0, -70.0])
def test_a_region_is_cut_out_level_and_leads_back(angle: float) -> None:
    region = region_of(np.array([200.0, 150.0]), 120, 30, angle, 1.0)
    pixels = np.full((300, 400), 255, np.uint8)
    cv2.fillPoly(pixels, [np.rint(region.corners).astype(np.int32)], 0)
    cut, back = cut_region(pixels, region)
    inked = np.argwhere(cut < 128)
    assert np.ptp(inked[:, 1]) == pytest.approx(120, abs=3) and np.ptp(inked[:, 0]) == pytest.approx(
        30, abs=3
    )
    corner = back @ np.array([inked[:, 1].min(), inked[:, 0].min(), 1.0])
    assert corner[:2] == pytest.approx(region.corners[0], abs=3)


def test_a_large_region_is_cut_out_smaller() -> None:
    region = region_of(np.array([500.0, 300.0]), 900, 300, 0.0, 1.0)
    cut, back = cut_region(np.zeros((600, 1000), np.uint8), region)
    assert cut.shape[0] <= 96
    assert back[0, 0] == pytest.approx(450 / 96, abs=0.1)


def test_a_region_is_read_where_letters_cover_enough_of_it() -> None:
    places = [region_of(np.array([100.0, y]), 160, 20, 0.0, 1.0) for y in (50.0, 150.0)]
    letters = np.array([[x, 40, x + 14, 60] for x in range(20, 180, 20)], np.int32)
    assert unread(places, letters) == [places[1]]
    assert unread(places, letters[:2]) == places
    assert unread(places, letters[:0]) == places


def test_lines_are_found_where_their_letters_lie_in_a_region(drawn: Drawn, reader: ocr.Reader) -> None:
    pixels = drawn(["Seven wizards", "mix four jugs"])
    sheet = reader.pipeline.run(pixels)
    inked = np.flatnonzero((pixels < 128)[: len(pixels) // 2].any(axis=1))
    middle = np.array([pixels.shape[1] / 2, inked.mean()])
    upper = region_of(middle, pixels.shape[1], float(np.ptp(inked)) + 1, 0.0, 1.0)
    assert lines_found(sheet, [upper]).tolist() == [True, False]
    assert lines_found(sheet, []).tolist() == [False, False]


def test_lines_one_above_the_other_in_one_region_are_parts_of_higher_letters(
    drawn: Drawn, reader: ocr.Reader
) -> None:
    pixels = drawn(["one two", "and then some"])
    sheet = reader.pipeline.run(pixels)
    height, width = pixels.shape[:2]
    both = region_of(np.array([width / 2, height / 2]), width, height * 0.8, 0.0, 1.0)
    assert lines_found(sheet, [both]).tolist() == [False, False]


def test_a_number_of_bars_is_looked_at_with_its_bars_joined(reader: ocr.Reader) -> None:
    def looked_at(**bounds: Any) -> tuple[Pixels, Look]:
        params = replace(STANDARD, regions=RegionParams(looks_like=5.0, **bounds))
        [(cut, _)], looks = regions._looked_at(
            [(digits(), np.eye(3))], replace(reader.recognizer, params=params)
        )
        return cut, looks[0]

    cut, look = looked_at()
    assert look.letters == 3 and look.evidence > STANDARD.regions.looks_like
    assert len(heights(cut)) == 3
    assert len(heights(looked_at(pieces=15)[0])) == 21


def test_places_that_may_be_text_are_looked_at_within_bounds(
    drawn: Drawn, reader: ocr.Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = reader.lattice(drawn(["Seven wizards"]))
    scribble = np.random.default_rng(0).integers(0, 2, (900, 900)).astype(np.uint8) * 255
    places = [region_of(np.array([450.0, 300.0 + 14 * k]), 700, 12, 0.0, 0.9) for k in range(40)]
    looked = Mock(side_effect=best_way)
    monkeypatch.setattr(regions, "best_way", looked)

    def read(pixels: Pixels, **bounds: Any) -> list[Lattice]:
        params = replace(STANDARD, regions=RegionParams(**bounds))
        recognizer = replace(reader.recognizer, params=params)
        return regions.read_regions(whole, pixels, places, recognizer)

    assert read(scribble, share=1.0)[0].sheet.warnings == whole.sheet.warnings
    assert looked.call_count == 0

    def sure(cuts: Sequence[Pixels], *_: object) -> dict[int, Look]:
        likely = np.zeros((4, len(reader.recognizer.line_reader.model.classes)), np.float32)
        return {k: Look(cut, 30.0, cut, likely, 0.0, 9) for k, cut in enumerate(cuts)}

    monkeypatch.setattr(regions, "look_at_likely", sure)
    blank = np.full_like(scribble, 255)
    assert len(read(blank, share=1.0, misses=5)) == 1
    assert looked.call_count == 6
    for certain, more in ((3.0, 4), (30.0, 0)):
        looked.reset_mock()
        spent = reader.recognizer.within(Budget(0.0, 1.0))
        params = replace(STANDARD, regions=RegionParams(share=1.0, first=4, certain=certain))
        regions.read_regions(whole, blank, places, replace(spent, params=params))
        assert looked.call_count == more
    [first] = read(blank, share=0.05)
    assert any("of 40 places" in warning for warning in first.sheet.warnings)


def spines() -> Pixels:
    """Return two titles, black on white and white on black, one above the other."""
    picture = Image.new("L", (520, 120), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((30, 12), "Birds of the river", fill=0, font=font(34))
    draw.rectangle((0, 60, 520, 120), fill=10)
    draw.text((30, 70), "Winter harbour", fill=245, font=font(34))
    return np.pad(np.asarray(picture), 30, constant_values=255)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_lines_of_both_colours_are_read_in_order_however_the_picture_lies(
    turns: int, reader: ocr.Reader
) -> None:
    page = reader.read_page(np.rot90(spines(), turns).copy())
    assert page.text.splitlines() == ["Birds of the river", "Winter harbour"]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_rows_of_a_turned_picture_run_by_quarters(turns: int) -> None:
    _, back = quarter_turn(spines(), turns)
    assert regions.QUARTERS.index(quarter_of(back)) == turns
