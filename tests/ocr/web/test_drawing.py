"""Drawings are read at once: in one way, as no other shows more of them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from ocr.recognition.lattice import Lattice
from ocr.recognition.recognizer import Recognizer
from ocr.web.drawing import is_two_tone, prediction

Strokes = list[list[tuple[int, int]]]
A: Strokes = [[(60, 210), (112, 60), (165, 210)], [(80, 150), (145, 150)]]
BEGUN_K: Strokes = [[(60, 60), (62, 210)], [(147, 60), (64, 142)]]
WORD: Strokes = [*A, *[[(x + 150, y) for x, y in stroke] for stroke in BEGUN_K]]


def drawn(strokes: Strokes) -> Image.Image:
    """Draw strokes as the page does, with greys along their edges."""
    picture = Image.new("L", (1200, 600), 255)
    draw = ImageDraw.Draw(picture)
    for stroke in strokes:
        draw.line([(2 * x, 2 * y) for x, y in stroke], 0, 20, "curve")
    return picture.resize((600, 300), Image.Resampling.LANCZOS)


def file_of(picture: Image.Image) -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Lattice]:
    """What was read, in every way that it was."""
    found: list[Lattice] = []
    read = Recognizer.read

    def reading(self: Recognizer, *given: Any) -> Lattice:
        found.append(read(self, *given))
        return found[-1]

    monkeypatch.setattr(Recognizer, "read", reading)
    return found


@pytest.mark.parametrize("strokes", [A, BEGUN_K, WORD], ids=["a letter", "one that is begun", "two"])
def test_a_drawing_is_read_once(strokes: Strokes, reads: list[Lattice]) -> None:
    told = prediction(file_of(drawn(strokes)), None, 10**7)
    assert len(reads) == 1
    assert strokes is BEGUN_K or told["text"][0] == "A"


def test_a_picture_that_is_no_drawing_is_read_in_other_ways_too(reads: list[Lattice]) -> None:
    grey = drawn(BEGUN_K).filter(ImageFilter.GaussianBlur(4))
    prediction(file_of(grey), None, 10**7)
    assert len(reads) > 3


def test_black_on_white_is_told_from_other_pictures() -> None:
    picture = drawn(WORD)
    assert is_two_tone(np.asarray(picture))
    for other in (
        Image.eval(picture, lambda level: 255 - level),
        Image.eval(picture, lambda level: 40 + level * 3 // 4),
        picture.filter(ImageFilter.GaussianBlur(4)),
        Image.new("L", (30, 30), 255),
    ):
        assert not is_two_tone(np.asarray(other))
