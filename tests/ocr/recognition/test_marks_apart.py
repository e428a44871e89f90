"""Apostrophes and commas that hang over or under a letter are stacks of their own where the line says so."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from ocr.recognition.grammar import grammar_of
from ocr.recognition.language import Kind, load_language
from ocr.recognition.line_reader import LineScores
from ocr.recognition.marks_apart import marks_apart
from ocr.recognition.params import CandidateParams
from ocr.recognition.weights import load_weights
from pipelines.sheet import Components, Sheet, TextLine

CLASSES = ("", *"its',.")
BOXES = {
    "i": (0, 10, 4, 30),
    "t": (10, 0, 20, 30),
    "'": (23, 0, 27, 8),
    "s": (24, 12, 36, 30),
    ",": (35, 26, 39, 36),
}
STEM, T, APOSTROPHE, S, COMMA = range(5)


def sheet(*stacks: tuple[int, ...]) -> Sheet:
    """Return a sheet of one line with these stacks, letters 30 pixels high."""
    blank = np.zeros((40, 50), np.uint8)
    boxes = np.array(list(BOXES.values()), np.int32)
    areas = np.array([(r - left) * (b - t) for left, t, r, b in BOXES.values()])
    components = Components(np.zeros((40, 50), np.int32), boxes, areas)
    return Sheet(blank, blank, components=components, lines=(TextLine((stacks,), 30.0),))


def said(**columns: float) -> list[list[LineScores]]:
    """Return scores of a line network that reads characters at columns, two columns a frame."""
    scores = np.full((25, len(CLASSES)), -9.0, np.float32)
    scores[:, 0] = -0.01
    for name, column in columns.items():
        mark = {"apostrophe": "'", "comma": ",", "stop": "."}[name]
        scores[round(column / 2), CLASSES.index(mark)] = 0.0
        scores[round(column / 2), 0] = -9.0
    return [[LineScores(scores, np.full(25, -9.0, np.float32), 0.0, 2.0)]]


def stacks_of(found: Sheet) -> list[tuple[int, ...]]:
    return found.lines[0].stacks


def test_a_mark_is_taken_out_of_its_stack_where_it_is_read() -> None:
    joined = sheet((STEM,), (T,), (APOSTROPHE, S), (COMMA,))
    assert marks_apart(joined, said(), CLASSES) is joined
    found = marks_apart(joined, said(apostrophe=24), CLASSES)
    assert stacks_of(found) == [(STEM,), (T,), (APOSTROPHE,), (S,), (COMMA,)]
    with_comma = sheet((STEM,), (T,), (APOSTROPHE, S, COMMA))
    both = stacks_of(marks_apart(with_comma, said(comma=36), CLASSES))
    assert both == [(STEM,), (T,), (APOSTROPHE, S), (COMMA,)]


def test_a_mark_that_stands_alone_leaves_the_dots_of_letters_beside_it() -> None:
    apart = sheet((STEM,), (T,), (APOSTROPHE,), (S, COMMA))
    assert marks_apart(apart, said(apostrophe=24), CLASSES) is apart
    assert marks_apart(apart, said(apostrophe=2), CLASSES) is apart
    assert marks_apart(apart, said(stop=24), CLASSES) is apart


@pytest.mark.parametrize("change", [CandidateParams(mark_size=0.2), CandidateParams(mark_reach=0.03)])
def test_the_params_are_asked(change: CandidateParams) -> None:
    joined = sheet((STEM,), (T,), (APOSTROPHE, S), (COMMA,))
    assert marks_apart(joined, said(apostrophe=22), CLASSES) is not joined
    assert marks_apart(joined, said(apostrophe=22), CLASSES, change) is joined


def cost(before: Kind, language: str | None) -> float:
    """Return the score of the apostrophe's kind after one kind."""
    known = load_language(language) if language else None
    grammar = grammar_of(CLASSES, known, load_weights())
    kinds: npt.NDArray[np.float64] = grammar.kind_scores.reshape(len(CLASSES), len(Kind))
    return float(kinds[CLASSES.index("'"), before])


def test_the_apostrophe_costs_nothing_by_its_kind_between_letters_of_a_language() -> None:
    for before in (Kind.LOWER, Kind.INITIAL, Kind.UPPER):
        assert cost(before, "en") == 0 > cost(before, None)
    assert cost(Kind.DIGIT, "en") == cost(Kind.DIGIT, None) < 0
    grammar = grammar_of(CLASSES, load_language("fr"), load_weights())
    kinds = grammar.kinds.reshape(len(CLASSES), len(Kind))[CLASSES.index("'")]
    assert kinds[Kind.UPPER] == Kind.UPPER and kinds[Kind.BORDER] == Kind.MARK
