"""Pictures with known letters, drawn with the typeface that Pillow brings."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import settings
from PIL import Image, ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein

if TYPE_CHECKING:
    from ocr import Document

# How many random cases a property is tried on. Those of which each takes long try a share of that.
# In CI they are the same in every run: it must not fail there for cases that no one else has seen.
settings.register_profile("usual", max_examples=60, deadline=None, derandomize="CI" in os.environ)
settings.register_profile("thorough", max_examples=1000, deadline=None)  # --hypothesis-profile thorough
settings.load_profile("usual")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell has it for what runs in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # processes that tests interrupt inherit this

for name in [
    name for name in os.environ if name.startswith("OCR_") and name not in ("OCR_BENCH", "OCR_DEBUG")
]:
    del os.environ[name]  # what whoever runs the tests has as defaults
os.environ["OCR_CONFIG"] = os.devnull

Drawn = Callable[..., npt.NDArray[np.uint8]]


def _drawn(lines: list[str], size: int = 40, margin: int = 30, gap: float = 1.5) -> npt.NDArray[np.uint8]:
    """Return dark text on white, uint8 (H, W)."""
    font = ImageFont.load_default(size)
    longest = max(int(font.getlength(line)) for line in lines)
    image = Image.new("L", (longest + 2 * margin, round(2 * margin + size * gap * len(lines))), 255)
    draw = ImageDraw.Draw(image)
    for k, line in enumerate(lines):
        draw.text((margin, margin + k * size * gap), line, fill=0, font=font)
    return np.asarray(image)


@pytest.fixture
def drawn() -> Drawn:
    return _drawn


@pytest.fixture(scope="session")
def drawn_once() -> Drawn:
    """The same as `drawn`, for pictures that many tests share."""
    return _drawn


@pytest.fixture
def edits() -> Callable[[str, str], int]:
    return Levenshtein.distance


@cache
def _sample_reading(path: Path, language: str = "en") -> Document:
    import ocr

    return ocr.read(path, pipeline="letter" if path.stem.startswith("letter_") else "auto", language=language)


@pytest.fixture(scope="session")
def sample_reading() -> Callable[..., Document]:
    """What a sample is read as, in English or another language; each is read once."""
    return _sample_reading


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests of readings of the samples together: the process that runs them reads each once."""
    items.sort(key=lambda item: "sample_reading" not in getattr(item, "fixturenames", ()))


def pytest_collection_finish() -> None:
    """Leave what is there for all tests, which is much, out of every search for garbage."""
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        help="write what the samples are read as to tests/golden instead of comparing with it",
    )
