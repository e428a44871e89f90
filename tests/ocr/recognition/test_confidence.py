"""Calibrated confidences: what they are made of, what they leave alone, and how doubt is marked."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ocr
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.recognition.confidence import Calibration, calibrated, log_odds, marked, word_evidence

IMAGE = np.zeros((28, 28), np.uint8)
PLAIN = {"alone": [0, 1], "letter": [0, 1, 0, 0], "word": [0, 1, 0]}
"""Leaves letters as they are, and makes a word as sure as all of its letters."""

SHARES = st.floats(0, 1)
WEIGHTS = st.floats(0, 5)


def glyph(text: str, confidence: float) -> Glyph:
    rest = (1 - confidence) / 2
    others = (Alternative(text, confidence), Alternative("#", rest), Alternative("%", rest / 2))
    return Glyph(text, Box(0, 0, 5, 5), confidence, others, IMAGE)


def word(text: str, letters: list[float], confidence: float = 0.5) -> Word:
    glyphs = tuple(glyph(c, sure) for c, sure in zip(text, letters, strict=True))
    return Word(glyphs, confidence, (Alternative(text, confidence), Alternative("##", (1 - confidence) / 2)))


def page(*lines: list[Word]) -> Page:
    return Page(tuple(Line(tuple(words)) for words in lines), 100, 50)


def test_plain_coefficients_leave_letters_alone_and_multiply_them_for_words() -> None:
    found = calibrated(page([word("ab", [0.9, 0.8]), word("c", [0.3])]), Calibration.of(PLAIN))
    assert [one.confidence for one in found.glyphs] == pytest.approx([0.9, 0.8, 0.3])
    assert [one.confidence for one in found.words] == pytest.approx([0.72, 0.3])
    assert found.text == "ab c"


def test_surroundings_count() -> None:
    table = {**PLAIN, "letter": [0, 1, 0, 1]}
    sure, unsure = (
        calibrated(page([word("a", [0.8]), word("b", [0.8], around)]), Calibration.of(table))
        for around in (0.9, 0.1)
    )
    assert sure.lines[0].words[0].confidence > unsure.lines[0].words[0].confidence


def test_a_letter_alone_and_its_word_are_equally_sure() -> None:
    table = {**PLAIN, "alone": [1, 2]}
    [one] = calibrated(page([word("a", [0.6], 0.4)]), Calibration.of(table)).words
    expected = 1 / (1 + math.exp(-(1 + 2 * math.log(0.6 / 0.4))))
    assert one.confidence == one.glyphs[0].confidence == pytest.approx(expected)


def test_an_empty_page_stays_empty() -> None:
    empty = Page((), 30, 20)
    assert calibrated(empty, Calibration.of(PLAIN)) == empty


@given(
    st.lists(st.tuples(st.lists(SHARES, min_size=1, max_size=4), SHARES), min_size=1, max_size=4),
    st.tuples(st.floats(-5, 5), WEIGHTS, WEIGHTS, WEIGHTS),
)
def test_alternatives_stay_shares_in_order(
    words: list[tuple[list[float], float]], coefficients: tuple[float, ...]
) -> None:
    table = {"alone": coefficients[:2], "letter": coefficients, "word": coefficients[:3]}
    read = page([word("abcd"[: len(letters)], letters, sure) for letters, sure in words])
    found = calibrated(read, Calibration.of(table))
    assert found.text == read.text
    elements: tuple[Word | Glyph, ...] = (*found.words, *found.glyphs)
    for element in elements:
        shares = [other.confidence for other in element.alternatives]
        assert 0 < shares[0] == element.confidence <= 1
        assert shares[1:] == sorted(shares[1:], reverse=True)
        assert min(shares) >= 0
        assert sum(shares) <= 1 + 1e-9
    for before, after in zip(read.glyphs, found.glyphs, strict=True):
        assert [other.text for other in after.alternatives] == [other.text for other in before.alternatives]


@given(st.lists(SHARES, min_size=2, max_size=6), st.data())
def test_more_evidence_never_makes_a_letter_less_sure(letters: list[float], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(letters) - 1))
    raised = list(letters)
    raised[place] = data.draw(st.floats(letters[place], 1))
    calibration = Calibration.of({"alone": [0, 1], "letter": [-0.5, 0.4, 0.7, 0.6], "word": [-1, 0.5, 0.3]})
    text = "abcdef"[: len(letters)]
    before, after = (calibrated(page([word(text, sure)]), calibration) for sure in (letters, raised))
    for one, other in zip(before.glyphs, after.glyphs, strict=True):
        assert other.confidence >= one.confidence - 1e-12
    assert after.lines[0].words[0].confidence >= before.lines[0].words[0].confidence - 1e-12


def test_log_odds_are_bounded() -> None:
    assert log_odds([0.5, 0.0, 1.0]).tolist() == pytest.approx([0, -math.log(999), math.log(999)])


def test_words_are_told_apart_by_their_lengths() -> None:
    evidence = word_evidence(
        page([word("ab", [1, 1]), word("cde", [1, 1, 1])]), np.array([0.5, 0.5, 0.5, 1, 1])
    )
    assert evidence[:, 0].tolist() == pytest.approx([math.log(0.25 / 0.75), 0])


@pytest.mark.parametrize(
    "table",
    [
        {},
        {**PLAIN, "letter": [0, 1, 2]},
        {**PLAIN, "word": [0, -1, 0]},
        {**PLAIN, "alone": [math.nan, 1]},
        {**PLAIN, "alone": ["x", 1]},
    ],
)
def test_damaged_tables_are_refused(table: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError):
        Calibration.of(table)


def test_tables_come_back_as_they_were() -> None:
    calibration = Calibration((0.125, 1), (-1, 0.25, 0.5, 2), (3, 0, 1))
    assert Calibration.of(calibration.table()) == calibration


def test_doubtful_letters_stand_in_marks() -> None:
    lines = page([word("note", [0.9, 0.5, 0.4, 0.9]), word("to", [0.9, 0.9])], [word("me", [0.1, 0.2])])
    document = Document((lines, page([word("x", [0.7])])), "note.png")
    assert marked(document, 0.6) == "n‹ot›e to\n‹me›\n\fx"
    assert marked(document, 0.0) == document.text
    assert ocr.marked(document, 1.0) == "‹note› ‹to›\n‹me›\n\f‹x›"


@given(st.lists(SHARES, min_size=1, max_size=8), SHARES)
def test_without_its_marks_a_text_is_the_text(letters: list[float], least: float) -> None:
    document = Document((page([word("abcdefgh"[: len(letters)], letters)]),), "a")
    text = marked(document, least)
    assert text.replace("‹", "").replace("›", "") == document.text
    assert ("‹" in text) == (min(letters) < least)
