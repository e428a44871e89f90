"""Pictures of a single letter, read without a word about what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.recognition.params import STANDARD

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]


@pytest.fixture(scope="module")
def reader() -> ocr.Reader:
    return ocr.Reader()


@pytest.mark.parametrize("size", [30, 60])
@pytest.mark.parametrize("letter", ["%", "l", "u"])
def test_a_letter_alone_is_judged_by_its_shape(
    drawn: Drawn, reader: ocr.Reader, letter: str, size: int
) -> None:
    """As a page, the parts of a per cent sign are letters, and l and u are likelier as capitals."""
    page = reader.read_page(drawn([letter], size))
    assert page.text == letter
    assert len(page.glyphs) == 1


def test_its_box_is_where_it_stands(drawn: Drawn, reader: ocr.Reader) -> None:
    picture = np.full((400, 600), 255, np.uint8)
    letter = drawn(["%"], 60)
    picture[200 : 200 + letter.shape[0], 300 : 300 + letter.shape[1]] = letter
    rows, columns = np.nonzero(picture < 128)
    (glyph,) = reader.read_page(picture).glyphs
    assert glyph.text == "%"
    found = np.array([glyph.box.left, glyph.box.top, glyph.box.right, glyph.box.bottom])
    assert np.abs(found - [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]).max() <= 3


@pytest.mark.parametrize("word", ["of", "IN", "12", "it", "No."])
def test_short_words_are_words(drawn: Drawn, reader: ocr.Reader, word: str) -> None:
    for size in (30, 60):
        assert reader.read_page(drawn([word], size)).text == word


def test_letters_wider_than_one_are_several(drawn: Drawn, reader: ocr.Reader) -> None:
    """Where no letter may be that wide, a per cent sign is what its parts are read as."""
    params = reader.recognizer.params
    narrow = ocr.Reader()
    lines = replace(params.lines, widest=0.1)
    narrow.recognizer = replace(reader.recognizer, params=replace(params, lines=lines))
    assert STANDARD.lines.widest > 1
    assert len(narrow.read_page(drawn(["%"], 60)).glyphs) > 1


def test_the_alphabet_binds_a_letter_alone(drawn: Drawn) -> None:
    assert ocr.read(drawn(["I"], 60), whitelist="0123456789").text == "1"
