"""Small drawn pictures, each of which is read rightly for one reason."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr

Pixels = npt.NDArray[np.uint8]
SIZE = 56
FONT = ImageFont.load_default(SIZE)
PAGE = ["PLEASE COME TO THE GARDEN", "before the rain begins and", "bring a basket for apples"]


def spaced(text: str, gap: float, blank: float = 0.5, ink: int = 0, paper: int = 255) -> Pixels:
    """Draw a line with the same white between the ink of any two letters, a share of the size.

    Where it is below 0, letters run into each other. `blank` is what a space adds.
    """
    image = Image.new("L", (SIZE * (len(text) + 2), 3 * SIZE), paper)
    draw = ImageDraw.Draw(image)
    x = float(SIZE)
    for character in text:
        if character == " ":
            x += blank * SIZE
            continue
        left, _, right, _ = FONT.getbbox(character, anchor="ls")
        draw.text((x - left, 2 * SIZE), character, fill=ink, font=FONT, anchor="ls")
        x += right - left + gap * SIZE
    return np.asarray(image.crop((0, 0, int(x) + SIZE, 3 * SIZE)))


@pytest.fixture(scope="module")
def page(drawn_once: Callable[..., Pixels]) -> Pixels:
    return drawn_once(PAGE)


@pytest.fixture(scope="module")
def read() -> Callable[..., str]:
    """What reads a picture, by default as a line."""
    made: dict[tuple[str, str], ocr.Reader] = {}

    def text_of(picture: Pixels, pipeline: str = "line", language: str = "en") -> str:
        key = pipeline, language
        if key not in made:
            made[key] = ocr.Reader(pipeline=pipeline, language=language)
        return made[key].read(np.ascontiguousarray(picture)).text

    return text_of


@pytest.mark.parametrize("pipeline", ["auto", "scan", "photo", "line"])
@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (170, 90), (110, 150)])
def test_ink_may_be_darker_or_lighter_than_paper_and_little_so(
    ink: int, paper: int, pipeline: str, read: Callable[..., str]
) -> None:
    assert read(spaced("Room 47", 0.08, ink=ink, paper=paper), pipeline) == "Room 47"


def test_light_letters_on_a_dark_label_of_a_light_page(read: Callable[..., str]) -> None:
    label = spaced("ROOM 47", 0.08, ink=240, paper=40)
    assert read(np.pad(label, 2, constant_values=250)) == "ROOM 47"


@pytest.mark.parametrize(("text", "gap"), [("HAND", -0.06), ("burning", -0.04), ("WALKER", -0.05)])
@pytest.mark.parametrize("language", ["en", "none"])
def test_letters_that_run_into_each_other_are_cut(
    text: str, gap: float, language: str, read: Callable[..., str]
) -> None:
    assert read(spaced(text, gap), language=language) == text


def dotted(text: str) -> Pixels:
    """Draw a line out of dots that touch each other, as a printer of dots does."""
    image = Image.new("L", (6 * len(text), 9), 255)
    ImageDraw.Draw(image).text((0, -2), text, fill=0, font=ImageFont.load_default_imagefont())
    rows, columns = np.nonzero(np.asarray(image) < 128)
    picture = Image.new("L", (36 * len(text), 74), 255)
    draw = ImageDraw.Draw(picture)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        draw.ellipse([6 * column + 9, 6 * row + 9, 6 * column + 15, 6 * row + 15], fill=0)
    return np.asarray(picture)


@pytest.mark.parametrize("pipeline", ["auto", "line"])
def test_letters_of_dots_that_touch_are_read(pipeline: str, read: Callable[..., str]) -> None:
    assert read(dotted("TRAIN TO DENVER"), pipeline) == "TRAIN TO DENVER"


def test_bold_letters_on_paper_with_dark_squares_are_read(page: Pixels, read: Callable[..., str]) -> None:
    squared = cv2.erode(page, np.ones((3, 3), np.uint8))
    for first in (0, 1):
        squared[20 + first :: 52] = np.minimum(squared[20 + first :: 52], 70)
        squared[:, 9 + first :: 52] = np.minimum(squared[:, 9 + first :: 52], 70)
    assert read(squared, "auto") == "\n".join(PAGE)


def test_a_letter_broken_in_two_is_joined(read: Callable[..., str]) -> None:
    picture = spaced("UNDO", 0.12).copy()
    left = int(np.flatnonzero((picture < 128).any(axis=0))[0])
    picture[:, left + 14 : left + 17] = 255  # through the bow of the U
    assert read(picture) == "UNDO"


@pytest.mark.parametrize("language", ["en", "none"])
def test_words_are_parted_by_little_more_than_letters_are(language: str, read: Callable[..., str]) -> None:
    assert read(spaced("in the old house", 0.08, blank=0.2), language=language) == "in the old house"
    assert read(spaced("in the old house", 0.14, blank=0.4), language=language) == "in the old house"


@pytest.mark.parametrize(
    "text",
    [
        "don't, can't, 'tis, so",
        "No. 1050, 3.50 or 17:05",
        "Corn soup for Zoe, Wax for Vic",
        "COOL SOUP VOX OWX",
    ],
)
def test_where_letters_and_marks_stand_and_what_is_beside_them_tells_what_they_are(
    text: str, drawn: Callable[..., Pixels], read: Callable[..., str]
) -> None:
    assert read(drawn([text])) == text


@pytest.mark.parametrize(("turns", "light"), [(0, True), (1, False), (2, False), (3, True)])
def test_a_page_is_read_from_any_side(
    turns: int, light: bool, page: Pixels, read: Callable[..., str]
) -> None:
    assert read(np.rot90(255 - page if light else page, turns), "auto") == "\n".join(PAGE)


def test_a_page_of_digits_or_of_a_few_letters_is_left_as_it_lies(
    drawn: Callable[..., Pixels], read: Callable[..., str]
) -> None:
    assert read(drawn(["609 918"]), "auto") == "609 918"
    assert read(drawn(["bdp"]), "auto") == "bdp"


def test_specks_are_no_marks(read: Callable[..., str], drawn: Callable[..., Pixels]) -> None:
    picture = drawn(["speck and lot"]).copy()
    picture[20:23, 60:63] = picture[100:103, 200:203] = 0
    assert read(picture) == "speck and lot"
