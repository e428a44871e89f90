"""Readings put right: the texts asked for, on the ink that there was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.corrected import Correction, corrected
from ocr.document import Box, Document, Line, Page, Word
from tests.ocr.test_document import word

WORDS = st.text("abc", min_size=1, max_size=6)


def document(*lines: str) -> Document:
    """Return a page of lines of words, each letter 10 pixels wide."""
    made = [
        Line(tuple(word(text, 100 * k, 30 * n) for k, text in enumerate(line.split())))
        for n, line in enumerate(lines)
    ]
    return Document((Page(tuple(made[:1]), 900, 90), Page(tuple(made[1:]), 900, 90, 2)), "note.png")


def boxes(of: Word) -> list[tuple[str, int, int]]:
    return [(glyph.text, glyph.box.left, glyph.box.right) for glyph in of.glyphs]


def test_words_are_put_right_on_every_page_and_the_rest_stays() -> None:
    read = document("we 1ike", "thls reader")
    right = corrected(read, [Correction(2, "thls", "this"), Correction(1, "1ike", "like")])
    assert right.text == "we like\n\fthis reader"
    assert right.words[0] == read.words[0] and right.words[3] == read.words[3]
    assert [w.box for w in right.words] == [w.box for w in read.words]
    assert right.words[2].confidence == 1 and right.words[2].alternatives[0].text == "this"
    assert corrected(read, []) == read


@pytest.mark.parametrize(
    ("was", "text", "expected"),
    [
        ("m", "rn", [("r", 0, 5), ("n", 5, 10)]),
        ("crn", "cm", [("c", 0, 10), ("m", 10, 30)]),
        ("helo", "hello", [("h", 0, 10), ("e", 10, 20), ("l", 20, 25), ("l", 25, 30), ("o", 30, 40)]),
        ("at", "cat", [("c", 0, 5), ("a", 5, 10), ("t", 10, 20)]),
        ("no.t", "not", [("n", 0, 10), ("o", 10, 20), ("t", 30, 40)]),
    ],
)
def test_letters_share_the_ink_of_what_they_were_taken_for(
    was: str, text: str, expected: list[tuple[str, int, int]]
) -> None:
    [right] = corrected(document(was), [Correction(0, was, text)]).words
    assert boxes(right) == expected


def test_a_space_makes_words_of_one_each_on_its_own_ink() -> None:
    first, second, third = corrected(document("ofthe end"), [Correction(0, "ofthe", "of thee")]).words
    assert boxes(first) == [("o", 0, 10), ("f", 10, 20)]
    assert boxes(second) == [("t", 20, 30), ("h", 30, 40), ("e", 40, 45), ("e", 45, 50)]
    assert (first.box.right, second.box.left) == (20, 20) and third.text == "end"
    assert second.confidence == 1 and [one.text for one in second.alternatives] == ["thee"]


@given(WORDS, st.text("abcd ", max_size=8))
def test_any_word_can_become_any_others_in_its_own_box(was: str, text: str) -> None:
    words = corrected(document(f"x {was} y"), [Correction(1, was, text)]).words
    assert [w.text for w in words] == ["x", *text.split(), "y"]
    outer = Box(100, 0, 100 + 10 * len(was), 20)
    glyphs = [glyph for w in words[1:-1] for glyph in w.glyphs]
    lefts = [glyph.box.left for glyph in glyphs]
    assert lefts == sorted(lefts)
    for glyph in glyphs:
        assert outer.left <= glyph.box.left < glyph.box.right <= outer.right
        assert (glyph.box.top, glyph.box.bottom) == (outer.top, outer.bottom)


def test_a_line_without_words_is_none() -> None:
    right = corrected(document("o", "a"), [Correction(0, "o", "")])
    assert right.text == "\fa" and right.pages[0].lines == ()


@pytest.mark.parametrize(
    "wrong", [Correction(0, "b", "c"), Correction(7, "a", "c"), Correction(-1, "a", "c")]
)
def test_what_was_not_read_is_not_put_right(wrong: Correction) -> None:
    with pytest.raises(ValueError, match="was read as"):
        corrected(document("a"), [wrong])
