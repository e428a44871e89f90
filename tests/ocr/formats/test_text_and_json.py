"""Each format holds what the document holds, whatever characters and numbers are in it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.formats import json as json_format
from ocr.formats import text as text_format

IMAGE = np.zeros((28, 28), np.uint8)


def glyph(text: str, left: int = 0, confidence: float = 0.98765) -> Glyph:
    others = (Alternative(text, confidence), Alternative("?", 0.01234))
    return Glyph(text, Box(left, 20, left + 8, 30), confidence, others, IMAGE)


def word(text: str, left: int = 0) -> Word:
    glyphs = tuple(glyph(letter, left + 10 * place) for place, letter in enumerate(text))
    return Word(glyphs, 0.5, (Alternative(text, 0.5), Alternative(text.lower(), 0.25)))


def page(*lines: str, number: int = 1) -> Page:
    made = tuple(Line(tuple(word(one, 100 * n) for n, one in enumerate(line.split()))) for line in lines)
    return Page(made, 640, 480, number)


@pytest.fixture
def note() -> Document:
    return Document((page("HELLO BIG", "WORLD"), page("2", number=2)), "note.tif")


def test_text_is_the_lines_with_a_form_feed_between_pages(note: Document) -> None:
    assert text_format.render(note) == "HELLO BIG\nWORLD\n\f2\n"


def test_text_of_nothing_is_nothing() -> None:
    assert text_format.render(Document((page(),), "blank.png")) == ""


def test_texts_of_many_stand_under_their_names(note: Document) -> None:
    blank = Document((page(),), "blank.png")
    one = Document((page("ONE"),), "one.png")
    assert "".join(text_format.render_all([one, blank, note])) == (
        "==> one.png <==\nONE\n\n==> blank.png <==\n\n==> note.tif <==\nHELLO BIG\nWORLD\n\f2\n"
    )


def test_json_holds_the_whole_tree(note: Document) -> None:
    text = json_format.render(note)
    assert text.endswith("}\n") and text.count("\n") == 1
    content = json.loads(text)
    assert {key: content[key] for key in ("format", "version", "source")} == {
        "format": "ocr-json",
        "version": 2,
        "source": "note.tif",
    }
    first, second = content["pages"]
    assert (first["number"], first["width"], first["height"]) == (1, 640, 480)
    assert (second["number"], second["text"]) == (2, "2")
    assert [line["text"] for line in first["lines"]] == ["HELLO BIG", "WORLD"]
    assert [line for block in first["blocks"] for line in block["lines"]] == [0, 1]
    big = first["lines"][0]["words"][1]
    assert big.keys() == {"text", "box", "confidence", "alternatives", "glyphs"}
    assert (big["text"], big["box"], big["confidence"]) == ("BIG", [100, 20, 128, 30], 0.5)
    assert big["alternatives"] == [
        {"text": "BIG", "confidence": 0.5},
        {"text": "big", "confidence": 0.25},
    ]
    assert big["glyphs"][1] == {
        "text": "I",
        "box": [110, 20, 118, 30],
        "confidence": 0.9877,
        "alternatives": [{"text": "I", "confidence": 0.9877}, {"text": "?", "confidence": 0.0123}],
    }


def test_doubtful_letters_are_marked_in_text(note: Document) -> None:
    assert text_format.render(note, 0.98) == "HELLO BIG\nWORLD\n\f2\n"
    assert text_format.render(note, 0.99) == "‹HELLO› ‹BIG›\n‹WORLD›\n\f‹2›\n"
    assert "".join(text_format.render_all([note], 0.99)).startswith("==> note.tif <==\n‹HELLO›")


@pytest.mark.parametrize(
    ("least", "word_doubt", "glyph_doubt"), [(0.4, False, False), (0.6, True, False), (1, True, True)]
)
def test_doubtful_words_and_letters_are_flagged_in_json(
    note: Document, least: float, word_doubt: bool, glyph_doubt: bool
) -> None:
    content = json.loads(json_format.render(note, least))
    [many] = json.loads("".join(json_format.render_all([note], least)))
    assert many == content
    for line in content["pages"][0]["lines"]:
        assert "doubtful" not in line
        for each in line["words"]:
            assert each["doubtful"] is word_doubt
            assert [one["doubtful"] for one in each["glyphs"]] == [glyph_doubt] * len(each["text"])


def test_json_of_nothing_has_a_page_without_lines() -> None:
    content = json.loads(json_format.render(Document((page(),), "blank.png")))
    assert content["pages"] == [
        {"number": 1, "width": 640, "height": 480, "text": "", "lines": [], "blocks": []}
    ]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_of_many_is_an_array_a_document_a_line(note: Document, count: int) -> None:
    text = "".join(json_format.render_all([note] * count))
    alone = json.loads(json_format.render(note))
    assert json.loads(text) == [alone] * count
    assert text.count("\n") == (count + 2 if count else 1)


@pytest.mark.parametrize("form", [text_format, json_format])
def test_a_document_is_written_before_the_next_is_read(note: Document, form: ModuleType) -> None:
    read = []

    def documents():
        for number in range(3):
            read.append(number)
            yield note

    parts = form.render_all(documents())
    assert "HELLO" in next(parts)
    assert read == [0]


@pytest.mark.parametrize(
    ("confidence", "written"), [(math.nan, 0), (math.inf, 1), (-0.1, 0), (1 / 3, 0.3333), (0.99996, 1)]
)
def test_json_numbers_are_plain_and_confidences_in_0_to_1(confidence: float, written: float) -> None:
    left: Any = np.int64(3)
    width: Any = np.int64(5)
    share: Any = np.float32(confidence)
    odd = replace(word("A"), confidence=share, glyphs=(glyph("A", left, confidence),))
    text = json_format.render(Document((Page((Line((odd,)),), width, 5),), "a"))
    found = json.loads(text)["pages"][0]["lines"][0]["words"][0]
    assert found["confidence"] == written
    assert found["glyphs"][0]["alternatives"][0]["confidence"] == written
    assert found["box"] == [3, 20, 11, 30]


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Cs", "Cc"]), min_size=1, max_size=5))
def test_any_name_and_letters_survive_json_in_utf_8(name: str) -> None:
    document = Document((Page((Line((word('Aé"\\€'),)),), 5, 5),), name)
    text = json_format.render(document).encode("utf-8").decode("utf-8")
    assert text.count("\n") == 1
    content = json.loads(text)
    assert content["source"].encode("utf-16", "surrogatepass") == name.encode("utf-16", "surrogatepass")
    assert content["pages"][0]["text"] == 'Aé"\\€'
