"""Pictures that are read in several ways, and the way that is chosen."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from ocr.recognition import orientation, text_evidence, ways
from ocr.recognition.likeness import text_width
from ocr.recognition.line_reader import LineReader
from ocr.recognition.params import STANDARD, WayParams
from ocr.recognition.sheet_cache import SheetCache
from ocr.recognition.text_evidence import LETTERS, LONGEST
from pipelines.clean.geometry import move_boxes
from pipelines.layout.params import STANDARD as LAYOUT
from pipelines.pipeline import Pipeline

SAMPLES = Path(__file__).parents[2] / "samples"
RED, GREEN = (206, 44, 60), (64, 128, 40)
"""As light as each other, so that grey tells them not apart."""


@pytest.fixture(scope="module")
def word() -> np.ndarray:
    """Return a red word on green, uint8 (H, W, 3), seen by a noisy camera."""
    picture = Image.new("RGB", (240, 70), GREEN)
    ImageDraw.Draw(picture).text((20, 8), "MARKET", RED, ImageFont.load_default(46))
    noise = np.random.default_rng(0).normal(0, 6, (70, 240, 3))
    return np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)


def test_a_word_told_by_its_colour_alone_is_read(word: np.ndarray) -> None:
    assert ocr.read(word, pipeline="word").text == "MARKET"


def test_halves_of_a_letter_lie_in_it_and_a_comma_beside_it_does_not() -> None:
    m, r, n = [10, 10, 40, 30], [10, 10, 20, 30], [21, 10, 40, 30]
    comma, m_and_comma = [41, 26, 45, 36], [10, 10, 45, 36]

    def lie_in(letters: list[list[int]], others: list[list[int]]) -> bool:
        return ways.lie_in(np.array(letters, np.int32), np.array(others, np.int32))

    assert lie_in([r, n], [m]) and lie_in([m], [r, n]) and lie_in([r, n, comma], [m, comma])
    assert not lie_in([m, comma], [m_and_comma])
    assert not lie_in([m, comma], [m]) and not lie_in([r, n], [r])
    assert not lie_in([m], [[50, 10, 60, 30]])


@pytest.mark.parametrize("size", [(1, 4000), (2, 2000), (3, 1000), (10, 3000)])
def test_a_picture_that_is_no_line_of_text_is_not_enlarged_to_one(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    columns: list[int] = []
    likely = LineReader.likely

    def count(reader: LineReader, strips: Sequence[np.ndarray]) -> list[np.ndarray]:
        columns.extend(strip.shape[1] for strip in strips)
        return likely(reader, strips)

    monkeypatch.setattr(LineReader, "likely", count)
    assert ocr.read(np.full(size, 255, np.uint8), pipeline="line").text == ""
    ocr.read(np.random.default_rng(0).integers(0, 256, size, np.uint8), pipeline="line")
    assert sum(columns) < 40 * size[1]


def test_text_is_as_wide_as_its_letters_and_noise_is_none(word: np.ndarray) -> None:
    reader = ocr.Reader(pipeline="word")
    rejects = reader.recognizer.classifier.rejects

    def width(pixels: np.ndarray) -> float:
        lattice = reader.lattice(pixels)
        boxes = move_boxes(lattice.boxes, lattice.sheet.to_picture, *pixels.shape[1::-1])
        return text_width(lattice, rejects, np.zeros_like(rejects), boxes)

    letters = sum(glyph.box.width for glyph in reader.read(word).glyphs)
    assert 0.6 * letters < width(word) <= letters
    noise = np.random.default_rng(1).integers(0, 256, (70, 240, 3)).astype(np.uint8)
    assert width(noise) < 0.3 * letters
    assert width(np.full((40, 60), 200, np.uint8)) == 0


def test_a_page_that_is_surely_text_is_taken_in_no_other_way(
    drawn: Callable[..., np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = drawn(["Seven wizards quietly", "mix jugs of vodka while", "a brown fox jumps over"] * 2)
    tried: list[str] = []

    def find_upright(pipeline: Pipeline, *rest: Any, **named: Any) -> SheetCache:
        tried.append(pipeline.name)
        return orientation.find_upright(pipeline, *rest, **named)

    monkeypatch.setattr(ways, "find_upright", find_upright)
    reader = ocr.Reader()
    reader.recognizer = replace(reader.recognizer, params=replace(STANDARD, ways=WayParams(like_letters=1.0)))
    assert "wizards" in reader.read(page).text
    assert len(tried) == 1
    monkeypatch.setattr(text_evidence, "CLEARLY_TEXT", np.inf)
    assert "wizards" in reader.read(page).text
    assert len(tried) == 2 + len(reader.pipeline.others)


def test_a_page_that_is_enlarged_further_is_held_in_memory_once(
    drawn: Callable[..., np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = drawn(["Seven wizards quietly", "mix jugs of vodka while", "a brown fox jumps over"] * 2)
    small = cv2.resize(page, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    made: list[weakref.ref[SheetCache]] = []
    held: list[int] = []

    def find_upright(*args: Any, **named: Any) -> SheetCache:
        held.append(sum(each() is not None for each in made))
        seen = orientation.find_upright(*args, **named)
        made.append(weakref.ref(seen))
        return seen

    monkeypatch.setattr(ways, "find_upright", find_upright)
    reader = ocr.Reader()
    growth = replace(LAYOUT.growth, enlarged=(4.0 * small.size, 0.0))
    reader.pipeline = replace(reader.pipeline, layout=replace(LAYOUT, growth=growth))
    assert "wizards" in reader.read(small).text
    assert held == [0, 0]


def test_another_way_is_looked_at_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where hardly any ink may be letters and it lies far apart, lines are long but hold few letters."""
    rng = np.random.default_rng(4)
    specks = np.zeros((500, 700), np.uint8)
    specks[rng.integers(0, 500, 2500), rng.integers(0, 700, 2500)] = 1
    specks = np.where(cv2.dilate(specks, np.ones((5, 3), np.uint8)) > 0, 20, 245).astype(np.uint8)
    columns: list[int] = []
    likely = LineReader.likely

    def counted(self: LineReader, strips: Sequence[np.ndarray]) -> list[np.ndarray]:
        columns.append(sum(strip.shape[1] for strip in strips))
        return likely(self, strips)

    monkeypatch.setattr(LineReader, "likely", counted)
    ocr.read(specks)
    assert 0 < max(columns) < 25 * (LETTERS + LONGEST)


def test_small_print_is_read_below_pictures_that_hold_more_ink() -> None:
    """The finder says how high letters are, where most ink is of pictures."""
    page = Image.new("L", (600, 900), 255)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(13)
    for left in (30, 215, 400):
        draw.ellipse((left, 20, left + 170, 190), fill=30)
        draw.rectangle((left, 210, left + 170, 380), fill=60)
    lines = [
        "Seven wizards quietly mix jugs of vodka while a brown",
        "fox jumps over the lazy dog and runs home",
    ]
    for k, line in enumerate(lines * 11):
        draw.text((30, 400 + 22 * k), line, fill=0, font=font)
    found = ocr.read(np.asarray(page)).lines
    assert sum("quietly" in line.text or "jumps" in line.text for line in found) >= 20


@pytest.mark.parametrize(("likely", "is_read"), [(0.5, False), (0.7, True)])
def test_doubtful_letters_are_read_only_if_they_look_like_letters(
    likely: float, is_read: bool, drawn: Callable[..., np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "SURE_LINE", np.inf)
    monkeypatch.setattr(ways, "likeness_of", lambda *_: likely)
    assert bool(ocr.Reader().lattices(drawn(["OK"]))[0].readings) == is_read
