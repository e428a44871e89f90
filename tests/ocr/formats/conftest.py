"""Documents to write: small ones made by hand, of any characters, and what the samples are read as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word

SAMPLES = Path(__file__).parents[3] / "samples"
PICTURES = sorted(path for path in SAMPLES.glob("*.*") if path.suffix in (".jpg", ".png"))
IMAGE = np.zeros((28, 28), np.uint8)

Row = tuple[str, tuple[int, int, int, int]]


def word(text: str, left: int = 0, top: int = 20, confidence: float = 0.5) -> Word:
    """A word whose letters are 8 x 10 pixels, 2 apart."""
    glyphs = tuple(
        Glyph(
            letter,
            Box(left + 10 * place, top, left + 10 * place + 8, top + 10),
            0.98765,
            (Alternative(letter, 0.98765), Alternative("?", 0.01234)),
            IMAGE,
        )
        for place, letter in enumerate(text)
    )
    return Word(glyphs, confidence, (Alternative(text, confidence), Alternative(text.lower(), 0.25)))


def page(*lines: str, number: int = 1) -> Page:
    """A page, 640 x 480, with lines 20 pixels apart; a word begins every 100 pixels."""
    made = tuple(
        Line(tuple(word(one, 100 * n, 20 + 20 * row) for n, one in enumerate(line.split(" "))))
        for row, line in enumerate(lines)
    )
    return Page(made, 640, 480, number)


def rows(document: Document) -> list[list[Row]]:
    """Return the words of each page with their boxes as left, top, right, bottom."""
    return [
        [(each.text, (each.box.left, each.box.top, each.box.right, each.box.bottom)) for each in one.words]
        for one in document.pages
    ]


@pytest.fixture(scope="session")
def page_of() -> Callable[..., Page]:
    return page


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Document], list[list[Row]]]:
    return rows


@pytest.fixture
def note() -> Document:
    return Document((page("HELLO BIG", "WORLD"), page("2", number=2)), "note.tif")


@pytest.fixture(scope="session")
def read(sample_reading: Callable[[Path], Document]) -> Callable[[Path], Document]:
    """What a sample is read as."""
    return sample_reading


@pytest.fixture(scope="session", params=PICTURES, ids=lambda path: path.stem)
def sample(request: pytest.FixtureRequest) -> Iterator[Path]:
    """Each of the samples."""
    yield request.param
