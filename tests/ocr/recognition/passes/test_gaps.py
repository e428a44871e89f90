"""What a language adds to the gaps of a line."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ocr.recognition.language import Language, load_language
from ocr.recognition.passes.gaps import choose_gaps, mark_odds, usual
from ocr.recognition.weights import load_weights

LANGUAGE = load_language("en")
assert LANGUAGE is not None
ENGLISH: Language = LANGUAGE
WEIGHTS = load_weights()
UNDOUBTED = WEIGHTS.gaps.undoubted


def parted(text: str, odds: dict[int, float] | None = None, else_: float = -9.0, **weights: Any) -> str:
    """Part a text without blanks; `odds` are those behind single characters."""
    given_odds = np.full(len(text) - 1, else_)
    for place, value in (odds or {}).items():
        given_odds[place] = value
    between = choose_gaps(
        list(text), given_odds, ENGLISH, replace(WEIGHTS, gaps=replace(WEIGHTS.gaps, **weights))
    )
    return "".join(c + " " * bool(gap) for c, gap in zip(text, [*between, False], strict=True))


@pytest.mark.parametrize(
    ("text", "place", "odds", "expected"),
    [
        ("inthe", 1, -2, "in the"),
        ("carbon", 2, 2, "carbon"),
        ("light,the", 5, -2, "light, the"),
        ("mind.But", 4, -2, "mind. But"),
        ("mind.But", 3, 2, "mind.But"),
        ("4%.The", 2, -2, "4%. The"),
        ("N.Y.", 1, -1, "N.Y."),
        ("alot", 0, 1.3, "a lot"),
        ("ocrcode", 2, 1.1, "ocr code"),
        ("www.com", 3, -1, "www.com"),
        ("(see", 0, 2, "(see"),
        ("340g", 2, 1, "340 g"),
        ("b17a", 2, -1, "b17a"),
        ("2.50", 1, -1, "2.50"),
        ("2.50", 1, 1, "2.50"),
        ("2.50", 1, 6, "2. 50"),
    ],
)
def test_words_and_marks_settle_gaps_that_are_open(text: str, place: int, odds: float, expected: str) -> None:
    assert parted(text, {place: odds}) == expected


@pytest.mark.parametrize(
    ("text", "odds", "expected"),
    [
        ("$12/$20", {2: -0.5, 3: 2.8}, "$12 / $20"),
        ("tax=12", {2: 1.5, 3: -1.0}, "tax = 12"),
        ("$12/$20", {2: -5.0, 3: 2.8}, "$12/ $20"),
        ("$12/$20", {2: -1.0, 3: 0.5}, "$12/ $20"),
        ("$12-$20", {2: -0.5, 3: 2.8}, "$12- $20"),
    ],
)
def test_a_doubtful_gap_beside_a_sign_is_as_that_on_its_other_side(
    text: str, odds: dict[int, float], expected: str
) -> None:
    assert parted(text, odds) == expected


@pytest.mark.parametrize("text", ["inthe", "light,the", "x7", "qzkf"])
def test_gaps_that_are_sure_stay(text: str) -> None:
    assert parted(text, else_=-2 * UNDOUBTED) == text
    assert parted(text, else_=2 * UNDOUBTED) == " ".join(text)


def test_the_weights_of_words_and_marks_are_asked() -> None:
    assert parted("inthe", {1: -2}, word_weight=0.0) == "inthe"
    assert parted("inthe", {1: -2}, undoubted=1.0) == "inthe"
    assert parted("inthe", {1: -3}, most_usual=0.5) == "inthe"
    assert parted("carbon", {2: 2}, longest_word=3) == "car bon"
    assert parted("inthe", {1: -8}) == "inthe"
    assert parted("inthe", {1: -8}, unknown_word_penalty=5.0) == "in the"
    assert parted("light,the", {5: -2}, apart_bonus=0.0) == "light,the"
    assert parted("(see", {0: 2}, closed_penalty=0.0) == "( see"


def test_words_run_together_are_longer_than_words() -> None:
    text, odds = "aroundthegarden", {5: -6.0, 8: -6.0}
    assert parted(text, odds) == "around the garden"
    assert parted(text, odds, length_penalty=0.0) == parted(text, odds, usual_length=16) == text
    assert parted("garden", {2: -6}, usual_length=1, length_penalty=9.0) == "garden"


def test_letters_one_by_one_are_no_words() -> None:
    assert parted("ABCDEFG", {2: -0.5}, else_=2) == "A B CD E F G"
    assert parted("inthe", {1: 2}) == "in the"


@given(st.text("ain.,'-4", min_size=2, max_size=24), st.randoms(use_true_random=False))
def test_it_is_the_best_of_all_ways_and_without_a_language_each_gap_is_for_itself(text: str, random) -> None:
    assume(not re.match(r"\d{1,2}\.[a-z]", text))  # the number of an item of a list has a bonus of its own
    odds = np.array([random.uniform(-14, 7) for _ in text[1:]])
    alone = choose_gaps(list(text), odds, None, WEIGHTS)
    assert alone.tolist() == (odds > 0).tolist()
    assume(np.median(np.diff(np.flatnonzero([True, *alone, True]))) >= 2)
    between = choose_gaps(list(text), odds, ENGLISH, WEIGHTS)
    told = odds + np.array([mark_odds(text, place, WEIGHTS.gaps) for place in range(len(odds))])
    assert between[told > UNDOUBTED].all() and not between[told <= -UNDOUBTED].any()

    def worth(gaps: np.ndarray) -> float:
        edges = [0, *(np.flatnonzero(gaps) + 1).tolist(), len(text)]
        words = sum(usual(text[a:b], ENGLISH, WEIGHTS) for a, b in pairwise(edges))
        return float(np.minimum(told, UNDOUBTED)[gaps].sum()) + WEIGHTS.gaps.word_weight * words

    for place in np.flatnonzero(np.abs(told) < UNDOUBTED):
        other = between.copy()
        other[place] ^= True
        assert worth(other) <= worth(between) + 1e-9


@pytest.mark.parametrize(("text", "place"), [("35.00", 2), ("1,250", 1), ("18:30", 2)])
def test_digits_behind_a_mark_inside_a_number_belong_to_it(text: str, place: int) -> None:
    assert parted(text, {place: 2}) == text
    assert parted(text, {place: 6}) == f"{text[: place + 1]} {text[place + 1 :]}"
    assert parted("No.35", {2: 2}) == "No. 35"
