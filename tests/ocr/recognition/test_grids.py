"""Letters in the cells of a grid: each is read in its place; what is no such grid is read as before."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from ocr.document import Page
from ocr.formats.csv import render as render_csv
from ocr.formats.from_json import parse
from ocr.formats.json import render as render_json
from ocr.recognition.grids import _crossings, read_grid
from ocr.recognition.params import STANDARD
from pipelines.layout.grids import find_grids

SIDE, MARGIN = 48, 60
CROSSWORD = ["STAR#", "O#PEN", "LIE#O", "#CATS", "TEN#E"]
SUDOKU = [
    "53..7....",
    "6..195...",
    ".98....6.",
    "8...6...3",
    "4..8.3..1",
    "7...2...6",
    ".6....28.",
    "...419..5",
]


def drawn(rows: Sequence[str], size: int = 30) -> npt.NDArray[np.uint8]:
    """Draw a grid of letters; `#` is a black cell, `.` an empty one."""
    wide, high = len(rows[0]) * SIDE, len(rows) * SIDE
    page = Image.new("L", (2 * MARGIN + wide, 2 * MARGIN + high), 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size)
    for row, letters in enumerate(rows):
        for column, letter in enumerate(letters):
            x, y = MARGIN + column * SIDE, MARGIN + row * SIDE
            pen.rectangle((x, y, x + SIDE, y + SIDE), fill=0 if letter == "#" else 255, outline=0, width=2)
            if letter not in "#.":
                pen.text((x + SIDE / 2, y + SIDE / 2), letter, fill=0, font=font, anchor="mm")
    return np.asarray(page, np.uint8)


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


def cells(page: Page) -> list[str]:
    [grid] = [block for block in page.blocks if block.kind == "grid"]
    return ["".join(cell.text or "." for cell in row) for row in grid.rows]


@pytest.fixture(scope="module")
def crossword(reader: ocr.Reader) -> Page:
    return reader.read_page(drawn(CROSSWORD))


def test_a_crossword_is_read_by_cells_and_its_words_by_rows(crossword: Page) -> None:
    assert cells(crossword) == [row.replace("#", ".") for row in CROSSWORD]
    assert crossword.text.splitlines() == ["STAR", "O PEN", "LIE O", "CATS", "TEN E"]


def combs(rows: Sequence[tuple[str, str]]) -> npt.NDArray[np.uint8]:
    """Draw a form: on each row a label, and twelve cells with one character each, white between the rows."""
    page = Image.new("L", (860, 40 + 60 * len(rows)), 255)
    pen = ImageDraw.Draw(page)
    for row, (label, text) in enumerate(rows):
        top = 20 + 60 * row
        pen.text((20, top + 33), label, fill=0, font=ImageFont.load_default(24), anchor="ls")
        for k in range(12):
            left = 220 + 36 * k
            pen.rectangle((left, top, left + 36, top + 42), outline=90)
            pen.text(
                (left + 18, top + 33), text[k : k + 1], fill=0, font=ImageFont.load_default(28), anchor="ms"
            )
    return np.asarray(page, np.uint8)


def test_the_combs_of_a_form_are_read_with_their_labels_and_once(reader: ocr.Reader) -> None:
    rows = [("Surname", "THOMAS"), ("Number", "6104369"), ("Town", "HARTFORD")]
    page = reader.read_page(combs(rows))
    assert page.text.splitlines() == [" ".join(row) for row in rows] and not page.grids


def test_letters_lie_in_their_cells(crossword: Page) -> None:
    [grid] = [block for block in crossword.blocks if block.kind == "grid"]
    for row, cells_of_row in enumerate(grid.rows):
        for column, cell in enumerate(cells_of_row):
            box = cell.box
            assert abs(box.left - MARGIN - column * SIDE) < 5 and abs(box.top - MARGIN - row * SIDE) < 5
            for word in cell.words:
                inner = word.box
                assert box.left <= inner.left < inner.right <= box.right
                assert box.top <= inner.top < inner.bottom <= box.bottom


def test_digits_of_a_sudoku_seen_at_an_angle_stand_in_their_cells(reader: ocr.Reader) -> None:
    page = drawn(SUDOKU)
    height, width = page.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = corners + np.array([[25, 10], [-10, 30], [-30, -15], [15, -20]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    turned = np.asarray(cv2.warpPerspective(page, matrix, (width, height), borderValue=255), np.uint8)
    assert cells(reader.read_page(turned)) == SUDOKU


def test_text_around_a_grid_is_read_as_text(reader: ocr.Reader) -> None:
    page = Image.fromarray(drawn(CROSSWORD))
    font = ImageFont.load_default(26)
    ImageDraw.Draw(page).text((MARGIN, 14), "Puzzle of the day", fill=0, font=font)
    read = reader.read_page(np.asarray(page, np.uint8))
    assert read.text.splitlines()[:2] == ["Puzzle of the day", "STAR"]
    assert [block.kind for block in read.blocks] == ["paragraph", "grid"]


def test_a_grid_goes_to_json_and_back_and_its_empty_cells_to_csv(crossword: Page) -> None:
    document = ocr.Document((crossword,), "puzzle")
    back = parse(render_json(document)).pages[0]
    assert back.grids == crossword.grids and cells(back) == cells(crossword)
    assert render_csv(document).splitlines()[1] == "O,,P,E,N"


def test_cells_that_hold_more_than_a_letter_are_no_grid_of_letters(reader: ocr.Reader) -> None:
    rows = np.arange(10, 58).reshape(6, 8)
    page = Image.fromarray(drawn(["." * 8] * 6))
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(24)
    for (row, column), number in np.ndenumerate(rows):
        x, y = MARGIN + (column + 0.5) * SIDE, MARGIN + (row + 0.5) * SIDE
        pen.text((x, y), str(number), fill=0, font=font, anchor="mm")
    read = reader.read_page(np.asarray(page, np.uint8))
    assert not read.grids
    assert sum(word.text in {str(n) for n in rows.ravel()} for word in read.words) >= 40


def on_squares(lines: Sequence[str], pitch: int) -> npt.NDArray[np.uint8]:
    """Draw lines of text on squared paper."""
    page = Image.new("L", (700, 100 + 50 * len(lines)), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(36)
    for x in range(pitch // 2, 700, pitch):
        pen.line((x, 0, x, page.height), fill=150)
    for y in range(pitch // 3, page.height, pitch):
        pen.line((0, y, 700, y), fill=150)
    for number, line in enumerate(lines):
        pen.text((50, 50 + 50 * number), line, fill=10, font=font)
    return np.asarray(page, np.uint8)


@pytest.mark.parametrize("pitch", [27, 30])
def test_writing_on_squared_paper_is_no_grid_of_letters(pitch: int, reader: ocr.Reader) -> None:
    page = on_squares(["Lazy kitchen garden", "MOUNTAIN village", "seven old bridges"], pitch)
    grids = find_grids(page)
    assert grids and all(read_grid(page, grid, reader.recognizer) is None for grid in grids)


def test_strokes_that_go_on_across_rules_are_counted() -> None:
    side, params = 20, STANDARD.grids
    ink = np.zeros((3 * side, 3 * side), bool)
    assert _crossings(ink, side, params) == 0
    ink[5:55, 30:33] = True
    assert _crossings(ink, side, params) == 2
    ink[36:38] = False
    assert _crossings(ink, side, params) == 1
    ink[:] = False
    ink[10:13, 15:25] = True
    assert _crossings(ink, side, params) == 1
    ink[:] = True
    assert _crossings(ink, side, params) == 0


def test_an_empty_grid_holds_nothing(reader: ocr.Reader) -> None:
    read = reader.read_page(drawn(["." * 9] * 9))
    assert not read.grids and not read.lines
