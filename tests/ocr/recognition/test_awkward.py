"""Small awkward pictures: dates and sizes, letters in cells, in rings, on rules, and beside borders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from ocr.inspect import FONT
from ocr.recognition.params import STANDARD
from ocr.recognition.passes.cells import cell_gaps

Pixels = npt.NDArray[np.uint8]


def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


def line_of(text: str, size: int = 28) -> Pixels:
    image = Image.new("L", (int(font(size).getlength(text)) + 40, 2 * size), 255)
    ImageDraw.Draw(image).text((20, size), text, 0, font(size), anchor="lm")
    return np.asarray(image)


def cells_of(text: str, side: int, wall: int = 0) -> Pixels:
    """Draw each character in a cell of its own; a space leaves one empty."""
    image = Image.new("L", (side * len(text) + 40, side + 40), 255)
    draw = ImageDraw.Draw(image)
    for k, character in enumerate(text):
        left = 20 + k * side
        draw.rectangle((left, 20, left + side, 20 + side), outline=wall, width=2)
        draw.text((left + side / 2, 20 + side / 2), character, 0, font(int(0.7 * side)), anchor="mm")
    return np.asarray(image)


@pytest.mark.parametrize("text", ["Paid: 11/1/2017", "640x1440", "Screen 1920x1080"])
def test_marks_and_units_stand_between_digits(text: str) -> None:
    assert ocr.read(line_of(text), pipeline="line").text == text


@pytest.mark.parametrize(("text", "side"), [("JOHN SMITH", 44), ("BOX 12", 36)])
def test_letters_in_cells_are_words_that_empty_cells_part(text: str, side: int) -> None:
    assert ocr.read(cells_of(text, side)).text == text


def boxes_of(lefts: Sequence[int], width: int = 20) -> npt.NDArray[np.int32]:
    return np.array([(left, 10, left + width, 40) for left in lefts], np.int32)


def test_cells_are_seen_by_their_walls() -> None:
    boxes = boxes_of([10, 60, 110, 210])
    plain = np.full((50, 240), 250, np.uint8)
    walled = plain.copy()
    walled[:, [45, 95, 145, 195]] = 235
    assert cell_gaps(plain, boxes, STANDARD.cells) is None
    found = cell_gaps(walled, boxes, STANDARD.cells)
    assert found is not None and found.inside.all() and found.empty.tolist() == [False, False, True]
    assert cell_gaps(walled, boxes[:2], STANDARD.cells) is None


def test_a_label_before_cells_is_not_in_them() -> None:
    boxes = boxes_of([10, 35, 60, 85, 145, 195, 245])
    walled = np.full((50, 275), 250, np.uint8)
    walled[:, [130, 180, 230]] = 120
    found = cell_gaps(walled, boxes, STANDARD.cells)
    assert found is not None and found.inside.tolist() == [False, False, False, True, True, True]
    assert not found.empty.any()
    far = boxes + np.where(np.arange(7) > 3, 60, 0)[:, None] * np.array([1, 0, 1, 0])
    wide = np.full((50, 335), 250, np.uint8)
    wide[:, [190, 240, 290]] = 120
    found = cell_gaps(wide, far.astype(np.int32), STANDARD.cells)
    assert found is not None and found.empty.tolist() == [False, False, False, True, False, False]


def test_short_words_with_ink_between_them_are_not_in_cells() -> None:
    boxes = boxes_of([10, 35, 60, 85, 145, 175, 245])
    walled = np.full((50, 275), 250, np.uint8)
    walled[:, [130, 170, 220]] = 120  # not at equal distances
    assert cell_gaps(walled, boxes, STANDARD.cells) is None


def test_ink_between_typed_letters_is_no_wall() -> None:
    boxes = boxes_of([10, 35, 60, 85, 145, 195, 245])
    walled = np.full((50, 275), 250, np.uint8)
    walled[10:40, [130, 180, 230]] = 120  # no higher than the letters
    assert cell_gaps(walled, boxes, STANDARD.cells) is None


@pytest.mark.parametrize(("label", "text"), [("Surname", "SMITH"), ("Town", "7376389")])
def test_letters_in_cells_behind_a_label_are_a_word(label: str, text: str) -> None:
    cells = cells_of(text, 44)
    picture = np.full((len(cells), cells.shape[1] + 170), 255, np.uint8)
    picture[:, 170:] = cells
    image = Image.fromarray(picture)
    ImageDraw.Draw(image).text((10, len(cells) // 2), label, 0, font(26), anchor="lm")
    assert ocr.read(np.asarray(image)).text == f"{label} {text}"


def test_wide_cells_are_columns() -> None:
    walled = np.full((50, 400), 250, np.uint8)
    walled[:, [80, 180, 280]] = 0
    assert cell_gaps(walled, boxes_of([30, 130, 230, 330]), STANDARD.cells) is None


@pytest.mark.parametrize("letter", ["7", "K", "B"])
def test_a_ring_around_a_letter_is_not_the_letter(letter: str) -> None:
    image = Image.new("L", (110, 110), 255)
    draw = ImageDraw.Draw(image)
    draw.ellipse((14, 14, 96, 96), outline=0, width=4)
    draw.text((55, 55), letter, 0, font(40), anchor="mm")
    assert ocr.read(np.asarray(image), pipeline="letter").text == letter


def test_letters_that_stand_on_a_fine_rule_keep_their_feet_and_their_words() -> None:
    image = Image.new("L", (420, 150), 255)
    draw = ImageDraw.Draw(image)
    for row, text in ((60, "LEAVE ALL MILK"), (110, "pay the gas bill")):
        draw.line((0, row, 420, row), 170)
        draw.text((40, row), text, 0, font(24), anchor="ls")
    assert ocr.read(np.asarray(image)).text == "LEAVE ALL MILK\npay the gas bill"


def test_borders_at_the_sides_of_a_line_are_no_letters() -> None:
    pixels = line_of("COLLABORATE", 40)[8:-8].copy()
    pixels[2:, :5] = 0
    assert ocr.read(pixels, pipeline="line").text == "COLLABORATE"
