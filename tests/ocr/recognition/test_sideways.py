"""Pages on their side or upside down are turned upright: lists of prices, and a few lines."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

import ocr
from tests.ocr.recognition.test_awkward import font

Pixels = npt.NDArray[np.uint8]
ROWS = [
    ("2 Boxes", "547.70"),
    ("9 Of tea", "70.85"),
    ("3 Not Team", "607.46"),
    ("6 Year", "966.08"),
    ("8 May", "806.22"),
    ("4 Under", "217.53"),
    ("2 Was It", "275.61"),
    ("TAX", "$75.28"),
    ("TOTAL", "$84.53"),
]


def receipt() -> Pixels:
    """Draw a list of things and prices, uint8 (H, W)."""
    image = Image.new("L", (420, 40 + 27 * len(ROWS)), 255)
    draw = ImageDraw.Draw(image)
    for k, (thing, price) in enumerate(ROWS):
        draw.text((20, 20 + 27 * k), thing, fill=0, font=font(20))
        draw.text((400 - font(20).getlength(price), 20 + 27 * k), price, fill=0, font=font(20))
    return np.asarray(image)


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_receipt_is_read_however_it_lies(turns: int, reader: ocr.Reader) -> None:
    page = np.ascontiguousarray(np.rot90(receipt(), turns))
    assert reader.read_page(page).text.splitlines() == [" ".join(row) for row in ROWS]


@pytest.mark.parametrize("turns", [1, 3])
def test_two_lines_on_their_side_are_read(turns: int, reader: ocr.Reader) -> None:
    image = Image.new("L", (640, 90), 255)
    texts = [
        "Garden also their quick wood against it of this",
        "and some were late. Year after year passed by.",
    ]
    for k, text in enumerate(texts):
        ImageDraw.Draw(image).text((20, 12 + 34 * k), text, fill=0, font=font(20))
    page = np.ascontiguousarray(np.rot90(np.asarray(image), turns))
    assert reader.read_page(page).text.splitlines() == texts
