from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.text import CHARACTERS, fit, mixture, random_characters, random_line, random_lines, sentence

WORDS = ["the", "lantern", "don't", "of", "pumpkin", "quiz"]
SEEDS = st.integers(0, 10_000)


@given(seed=SEEDS, length=st.integers(1, 60))
def test_lines_are_made_of_the_characters_and_no_longer_than_asked(seed: int, length: int) -> None:
    line = random_line(WORDS, length, np.random.default_rng(seed))
    assert line == line.strip() and "  " not in line
    assert 1 <= len(line) <= length
    assert set(line) <= set(CHARACTERS + " ")


@pytest.mark.parametrize("maker", [sentence, mixture])
def test_kinds_of_lines_are_made_of_the_characters(maker: object) -> None:
    rng = np.random.default_rng(0)
    lines = [maker(WORDS, 30, rng) for _ in range(300)]  # type: ignore[operator]
    assert set("".join(lines)) <= set(CHARACTERS + " ")
    assert len(set(lines)) > 200


def test_every_character_comes_up() -> None:
    rng = np.random.default_rng(0)
    counts = Counter("".join(random_lines(WORDS, 3000, 30, rng)))
    assert set(counts) - {" "} == set(CHARACTERS)
    assert min(counts.values()) > 30


def test_no_character_is_there_twice() -> None:
    assert len(set(CHARACTERS)) == len(CHARACTERS)


def test_random_characters_are_even_within_their_kind() -> None:
    rng = np.random.default_rng(0)
    counts = Counter("".join(random_characters(40, rng) for _ in range(1500)))
    capitals = [counts[c] for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    assert max(capitals) < 1.6 * min(capitals)


@given(line=st.text(CHARACTERS + " "), usable=st.frozensets(st.sampled_from(CHARACTERS)))
def test_fitted_lines_are_drawable(line: str, usable: frozenset[str]) -> None:
    fitted = fit(line, usable)
    assert set(fitted) <= usable | {" "}
    assert fitted == " ".join(fitted.split())


def test_fitting_changes_the_case_before_it_drops() -> None:
    assert fit("Tea & jam, 4 o'clock", frozenset("TEAJMOCLK4&")) == "TEA & JAM 4 OCLOCK"
