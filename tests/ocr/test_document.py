"""The tree that a reading is: boxes, texts, and the ways through it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word

CORNERS = st.tuples(*[st.integers(0, 500)] * 2, *[st.integers(1, 90)] * 2)
BOXES = CORNERS.map(lambda c: Box(c[0], c[1], c[0] + c[2], c[1] + c[3]))


def word(text: str, left: int = 0, top: int = 0, confidence: float = 0.8) -> Word:
    """Return a word whose letters are boxes of 10 x 20 pixels side by side."""
    glyphs = tuple(
        Glyph(c, Box(left + 10 * k, top, left + 10 * k + 10, top + 20), 0.9, (), np.zeros((28, 28), np.uint8))
        for k, c in enumerate(text)
    )
    return Word(glyphs, confidence, (Alternative(text, confidence),))


PAGE = Page((Line((word("So", 5, 7, 0.6), word("be", 40, 9))), Line((word("it"),))), 100, 50)


@given(st.lists(BOXES, min_size=1, max_size=6))
def test_the_box_around_boxes_is_the_smallest_that_holds_them(boxes: list[Box]) -> None:
    around = Box.around(boxes)
    assert around.left == min(box.left for box in boxes)
    assert around.top == min(box.top for box in boxes)
    assert around.right == max(box.right for box in boxes)
    assert around.bottom == max(box.bottom for box in boxes)
    assert around.width >= max(box.width for box in boxes)
    assert around.height >= max(box.height for box in boxes)


def test_readings_are_equal_whose_texts_boxes_and_confidences_are() -> None:
    one, same = (Document((PAGE,), "note.png"), Document((replace(PAGE),), "note.png"))
    assert one == same and hash(one) == hash(same)
    assert word("So") == replace_glyph(word("So"), image=np.full((28, 28), 255, np.uint8))
    for change in ({"text": "s"}, {"box": Box(0, 0, 1, 1)}, {"confidence": 0.5}):
        assert word("So") != replace_glyph(word("So"), **change)


def replace_glyph(of: Word, **changes: Any) -> Word:
    return replace(of, glyphs=(replace(of.glyphs[0], **changes), *of.glyphs[1:]))


def test_texts_are_put_together_from_the_letters_up() -> None:
    assert [line.text for line in PAGE.lines] == ["So be", "it"]
    assert PAGE.text == "So be\nit"
    document = Document((PAGE, Page((), 10, 10, 2), PAGE), "note.png")
    assert document.text == "So be\nit\n\f\fSo be\nit"  # what is before a form feed is whole lines


def test_boxes_are_put_together_from_the_letters_up() -> None:
    first = PAGE.lines[0]
    assert first.words[1].box == Box(40, 9, 60, 29)
    assert first.box == Box(5, 7, 60, 29)


def test_a_line_is_as_sure_as_its_words_on_average() -> None:
    assert PAGE.lines[0].confidence == pytest.approx(0.7)


def test_elements_come_in_reading_order_from_every_level() -> None:
    document = Document((PAGE, PAGE), "note.png")
    assert "".join(glyph.text for glyph in PAGE.glyphs) == "Sobeit"
    assert [one.text for one in PAGE.words] == ["So", "be", "it"]
    assert [line.text for line in document.lines] == ["So be", "it"] * 2
    assert [one.text for one in document.words] == ["So", "be", "it"] * 2
    assert "".join(glyph.text for glyph in document.glyphs) == "Sobeit" * 2


@pytest.mark.parametrize(
    ("element", "name"),
    [(PAGE, "lines"), (PAGE.lines[0], "words"), (word("a"), "glyphs"), (Box(0, 0, 1, 1), "left")],
)
def test_elements_do_not_change(element: object, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(element, name, ())
