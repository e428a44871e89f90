"""The case of a whole line, on lattices of letters that nobody cuts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, cast
from unittest.mock import Mock

import numpy as np
import numpy.typing as npt
import pytest

from ocr.recognition.decode import Reading
from ocr.recognition.language import Language, load_language
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.line_reader import no_frames
from ocr.recognition.passes.case import alone_capital, recased, sentences, sizes, times
from ocr.recognition.passes.params import LineParams
from ocr.recognition.weights import load_weights
from pipelines.layout.segment import Atoms
from pipelines.sheet import Sheet, TextLine

CLASSES = ("", *"ABCDEIOSabcdelos", "1", ".")
WEIGHTS = load_weights()
PENALTY, FULL = WEIGHTS.line_case_penalty, WEIGHTS.capitals_penalty


class Counting:
    """A decoder that reads nothing, and keeps which words it was asked for."""

    classes, weights = CLASSES, WEIGHTS

    def __init__(self, language: Language | None = None) -> None:
        self.language = language
        self.words: list[slice] = []

    def __call__(
        self, runs: object, scores: object, evidence: object, words: list[slice]
    ) -> list[list[Reading]]:
        self.words += words
        return [[] for _ in words]


def changed(lattice: Lattice, **params: Any) -> Lattice:
    return recased(lattice, cast(Decoder, Counting()), LineParams(**params))


def read(*lines: str) -> Lattice:
    """A lattice that reads as `lines`, every letter a run of its own."""
    words = [(k, word) for k, line in enumerate(lines) for word in line.split()]
    letters = [(k, w) for w, (k, word) in enumerate(words) for _ in word]
    count = len(letters)
    empty = np.zeros((0, 0), np.uint8)
    line, word = (np.array([letter[side] for letter in letters], np.int64) for side in (0, 1))
    atoms = Atoms(
        empty.astype(np.int32), np.zeros((count, 4), np.int32), np.arange(count), word, line, np.ones(count)
    )
    readings = tuple(
        [Reading(0.0, tuple((k, CLASSES.index(c)) for k, c in enumerate(text)))] for _, text in words
    )
    runs = np.stack([np.arange(count), np.arange(1, count + 1)], axis=1)
    scores = np.zeros((count, len(CLASSES)), np.float32)
    sheet = Sheet(empty, empty, lines=tuple(TextLine((), 30.0) for _ in lines))
    glyphs, frames = np.zeros((count, 28, 28), np.uint8), no_frames(count, len(CLASSES))
    return Lattice(
        sheet, atoms, runs, glyphs, scores, (None,) * len(lines), frames, np.zeros_like(scores), readings
    )


def cost(lattice: Lattice) -> npt.NDArray[np.floating[Any]]:
    return -lattice.evidence


def test_small_letters_are_less_likely_on_a_line_in_capitals_and_on_no_other() -> None:
    lattice = read("ABCDESeSBODE so ABCDs", "Case added Beds")
    found = changed(lattice)
    small = np.array([c.islower() for c in CLASSES])
    expected = np.where(small, FULL, 0) * (lattice.atoms.line == 0)[:, None]
    np.testing.assert_allclose(cost(found), expected)


def test_words_in_small_letters_may_stand_beside_others_in_capitals() -> None:
    lattice = read("DECADeS abodes BODIES")
    found = changed(lattice)
    small = np.array([c.islower() for c in CLASSES])
    among_capitals = np.isin(lattice.atoms.word, (0, 2))[:, None]
    np.testing.assert_allclose(cost(found), np.where(small, np.where(among_capitals, FULL, PENALTY), 0))


def test_letters_are_less_likely_in_a_row_of_digits_and_small_ones_in_a_row_of_capitals() -> None:
    lattice = read("1 1 O 1 S 1", "A B c D E", "1 1 A 1 B", "AB 1 1 1 1", "a b C d e")
    found = changed(lattice)
    small, letter = (np.array([f(c) for c in CLASSES]) for f in (str.islower, str.isalpha))
    line = lattice.atoms.line[:, None]
    expected = np.where((np.isin(line, (0, 2)) & letter) | ((line == 1) & small), PENALTY, 0)
    np.testing.assert_allclose(cost(found), expected)


def test_running_text_names_numbers_and_few_letters_stay() -> None:
    for lines in (["Case added Beds"], ["A BC Dead bodes"], ["aB"], ["1A 1B 11"], ["BODE ABCD"], [""]):
        lattice = read(*lines)
        assert changed(lattice) is lattice


def test_what_a_line_is_depends_on_the_params() -> None:
    mixed = read("ABcD DEcADeS")
    assert changed(mixed) is not mixed
    assert changed(mixed, capitals=0.9) is mixed
    assert changed(mixed, letters=10) is mixed
    clear = read("ABCDES BODIES SEED so")
    small = CLASSES.index("s")
    assert cost(changed(clear))[-1, small] == FULL
    assert cost(changed(clear, clearly=0.95))[-1, small] == PENALTY
    assert cost(changed(clear, many=20))[-1, small] == PENALTY
    row = read("1 1 O 1 1 1 AB")
    assert changed(row) is not row
    assert changed(row, row=7) is row
    assert changed(row, row_share=0.95) is row


def test_words_of_other_lines_are_not_decoded_again() -> None:
    lattice = read("Case added Beds", "ABcD DEcADeS", "Case added")
    decoder = Counting()
    found = recased(lattice, cast(Decoder, decoder))
    assert decoder.words == lattice.words[3:5]
    for k, (before, after) in enumerate(zip(lattice.readings, found.readings, strict=True)):
        assert after == [] if k in (3, 4) else after is before


def test_a_letter_that_may_be_either_is_a_capital_on_a_line_in_capitals_and_a_clear_one_stays() -> None:
    lattice = read("ABcD DEcADe", "case added beds")
    scores = np.full_like(lattice.scores, -25.0)
    for word, part in zip(("ABcD", "DEcADe", "case", "added", "beds"), lattice.words, strict=True):
        for run, character in zip(range(part.start, part.stop), word, strict=True):
            scores[run, CLASSES.index(character)] = np.log(0.7)
            if character != "e":  # which looks like no E
                scores[run, CLASSES.index(character.swapcase())] = np.log(0.3)
    changed = recased(replace(lattice, scores=scores), Decoder(CLASSES, None, WEIGHTS))
    texts = ["".join(CLASSES[c] for _, c in best[0].steps) for best in changed.readings]
    assert texts[:2] == ["ABCD", "DECADe"]


def test_a_stroke_alone_among_words_may_be_the_english_i() -> None:
    lattice = read("Case l added", "l b l", "Ace .l bed", "Case a l.")
    decoder = Counting(load_language("en"))
    found = alone_capital(lattice, cast(Decoder, decoder))
    strokes = [lattice.words[k] for k in (1, 7)]
    assert decoder.words == strokes
    told = np.zeros_like(lattice.evidence)
    for part in strokes:
        told[part, CLASSES.index("I")] = WEIGHTS.lone_capital_bonus
    np.testing.assert_allclose(found.evidence, told)


def test_no_stroke_is_a_capital_in_other_languages() -> None:
    lattice = read("Case l added")
    for language in (load_language("de"), None):
        assert alone_capital(lattice, cast(Decoder, Counting(language))) is lattice


def line_of(words: list[str]) -> tuple[Mock, tuple[str, ...]]:
    """Return the lattice of a line of words, each letter a run, and its classes."""
    classes = ("", *sorted({d for word in words for c in word for d in (c.lower(), c.upper())}))
    starts = np.cumsum([0, *map(len, words)]).tolist()
    lattice = Mock()
    lattice.readings = [[Mock(steps=[(k, classes.index(c)) for k, c in enumerate(word)])] for word in words]
    lattice.words = [slice(a, b) for a, b in pairwise(starts)]
    lattice.runs = np.stack([np.arange(starts[-1]), np.arange(starts[-1]) + 1], axis=1)
    lattice.atoms.line = np.zeros(starts[-1], np.int64)
    lattice.evidence = np.zeros((starts[-1], len(classes)), np.float32)
    return lattice, classes


def begun(words: list[str]) -> list[tuple[int, str]] | None:
    """Return the runs of a line that are made likelier, and as what; None where the line is left as it is."""
    lattice, classes = line_of(words)
    decoder = Mock(classes=classes)
    decoder.weights.sentence_bonus = 2.0
    if sentences(lattice, decoder) is lattice:
        return None
    given = lattice.changed.call_args.kwargs["evidence"]
    return [(run, classes[c]) for run, c in np.argwhere(given == 2.0).tolist()]


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (["end.", "over"], True),
        (["end!", "over"], True),
        (['end."', "over"], True),
        (["end.", "Over"], False),
        (["p.m.", "over"], False),
        (["3.", "over"], False),
        (["end,", "over"], False),
        (["end.", "7th"], False),
        (["over"], False),
    ],
)
def test_a_capital_is_likelier_where_a_sentence_begins(words: list[str], begins: bool) -> None:
    assert begun(words) == ([(len(words[0]), "O")] if begins else None)


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (["city:", "over"], True),
        (["view", "of", "it:"], False),
        (["City:", "over"], False),
        (["cc:", "over"], False),
        (["so", "he", "came", "and", "said:"], False),
    ],
)
def test_a_capital_is_likelier_where_a_label_begins(words: list[str], begins: bool) -> None:
    assert begun(words) == ([(0, words[0][0].upper())] if begins else None)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["2", "X", "Milk"], "x"),
        (["2", "X", "4"], "x"),
        (["2", "X", "MILK"], "X"),
        (["Type", "X", "cable"], "X"),
        (["2", "X"], "X"),
    ],
)
def test_an_x_between_a_number_and_a_word_is_small_but_in_capitals(words: list[str], expected: str) -> None:
    lattice, classes = line_of(words)
    decoder = Mock(classes=classes)
    decoder.weights.lone_capital_bonus = 4.0
    changed = times(lattice, decoder)
    if expected == "X":
        assert changed is lattice
    else:
        given = lattice.changed.call_args.kwargs["evidence"]
        assert np.argwhere(given == 4.0).tolist() == [[1, classes.index("x")]]


@pytest.mark.parametrize(
    ("text", "height", "small_x", "is_small"),
    [
        ("64X48", 14, 0.88, True),
        ("64X48", 20, 0.88, False),
        ("64X48", 14, 0.6, False),
        ("X48", 14, 0.88, False),
        ("64XL8", 14, 0.88, False),
    ],
)
def test_an_x_in_a_size_is_small_where_it_is_lower_than_the_digits(
    text: str, height: int, small_x: float, is_small: bool
) -> None:
    classes = ("", *sorted({*text, "x"}))
    count = len(text)
    lattice = Mock()
    lattice.readings = [[Mock(steps=[(k, classes.index(c)) for k, c in enumerate(text)])]]
    lattice.words = [slice(0, count)]
    lattice.runs = np.stack([np.arange(count), np.arange(count) + 1], axis=1)
    lattice.atoms.line = np.zeros(count, np.int64)
    lattice.boxes = np.array([(0, 20 - (height if c == "X" else 20), 10, 20) for c in text])
    lattice.evidence = np.zeros((count, len(classes)), np.float32)
    decoder = Mock(classes=classes)
    decoder.weights.lone_capital_bonus = 4.0
    changed = sizes(lattice, decoder, LineParams(small_x=small_x))
    assert (changed is not lattice) == is_small
    if is_small:
        given = lattice.changed.call_args.kwargs["evidence"]
        assert np.argwhere(given == 4.0).tolist() == [[text.index("X"), classes.index("x")]]
