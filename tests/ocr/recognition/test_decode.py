"""The search through a word's lattice, on lattices small enough to know the answer."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from math import log

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr.recognition.decode import Reading, read_words
from ocr.recognition.language import Kind, Language, kind_of, load_language
from ocr.recognition.weights import Weights, load_weights

WEIGHTS = load_weights()
FOLLOWS = WEIGHTS.log_kinds()
WIDE = replace(WEIGHTS, beam_width=5000, class_floor=1e-300, classes_per_run=100, prune_threshold=1e9)
CLASSES = ("", "n", "m", "r", "I", "1", ".")
Runs = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Words = tuple[Runs, Scores, tuple[str, ...]]


def lattice(table: Mapping[tuple[int, int], Mapping[str, float]]) -> tuple[Runs, Scores]:
    """Return the runs of `table`, sorted, and the logarithms of the probabilities it gives them."""
    runs = sorted(table)
    scores = np.full((len(runs), len(CLASSES)), np.log(1e-6))
    for row, run in zip(scores, runs, strict=True):
        for character, probability in table[run].items():
            row[CLASSES.index(character)] = log(probability)
    return np.array(runs, np.int64), scores


def read_word(
    runs: Runs,
    scores: Scores,
    classes: tuple[str, ...],
    language: Language | None = None,
    evidence: Scores | None = None,
    weights: Weights = WEIGHTS,
) -> list[Reading]:
    return read_words(runs, scores, classes, [slice(0, len(runs))], weights, language, evidence)[0]


def text_of(reading: Reading) -> str:
    return "".join(CLASSES[c] for _, c in reading.steps)


def test_letters_that_touch_are_cut_where_the_pieces_look_better() -> None:
    both = lattice({(0, 1): {"n": 0.9}, (0, 2): {"m": 0.2, "": 0.7}, (1, 2): {"n": 0.9}})
    assert text_of(read_word(*both, CLASSES)[0]) == "nn"


def test_a_letter_in_pieces_is_joined_where_the_whole_looks_better() -> None:
    both = lattice({(0, 1): {"r": 0.3, "": 0.5}, (0, 2): {"m": 0.95}, (1, 2): {"n": 0.3, "": 0.6}})
    assert text_of(read_word(*both, CLASSES)[0]) == "m"


def test_cutting_is_not_paid_for_by_the_number_of_letters() -> None:
    """Two sure letters read as such although one letter has fewer factors."""
    both = lattice({(0, 1): {"n": 0.8}, (0, 2): {"m": 0.7}, (1, 2): {"n": 0.8}})
    best, second = read_word(*both, CLASSES)[:2]
    assert (text_of(best), text_of(second)) == ("nn", "m")


def test_what_follows_what_settles_a_shape_that_is_open() -> None:
    runs = {(k, k + 1): {"1": 0.99} for k in (0, 1, 3)} | {(2, 3): {"I": 0.5, "1": 0.48}}
    assert text_of(read_word(*lattice(runs), CLASSES)[0]) == "1111"


def test_an_atom_is_dropped_only_where_it_is_surely_no_letter() -> None:
    speck = {(0, 1): {"n": 0.99}, (1, 2): {"": 0.9999, ".": 0.00004}}
    mark = {(0, 1): {"n": 0.99}, (1, 2): {"": 0.6, ".": 0.3}}
    assert text_of(read_word(*lattice(speck), CLASSES)[0]) == "n"
    assert text_of(read_word(*lattice(mark), CLASSES)[0]) == "n."


def test_only_single_atoms_are_dropped() -> None:
    both = lattice({(0, 1): {"n": 0.2}, (0, 2): {"": 1.0}, (1, 2): {"n": 0.2}})
    readings = read_word(*both, CLASSES)
    assert not any(run == 1 and CLASSES[c] == "" for reading in readings for run, c in reading.steps)


def test_atoms_may_be_counted_from_anywhere() -> None:
    runs, scores = lattice({(0, 1): {"n": 0.9}, (0, 2): {"m": 0.2}, (1, 2): {"r": 0.9}})
    assert read_word(runs + 40, scores, CLASSES) == read_word(runs, scores, CLASSES)


@st.composite
def lattices(draw: st.DrawFn) -> Words:
    """Random lattices of up to four atoms with all single ones, and of up to four classes."""
    atoms = draw(st.integers(1, 4))
    longer = [(a, b) for a in range(atoms) for b in range(a + 2, atoms + 1)]
    chosen = draw(st.lists(st.sampled_from(longer), unique=True)) if longer else []
    runs = sorted([(a, a + 1) for a in range(atoms)] + chosen)
    classes = ("", *draw(st.lists(st.sampled_from("naMB17.'"), min_size=1, max_size=3, unique=True)))
    seed = draw(st.integers(0, 2**16))
    logits = 3 * np.random.default_rng(seed).standard_normal((len(runs), len(classes)))
    return np.array(runs, np.int64), logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), classes


def every_reading(runs: Runs, scores: Scores, classes: tuple[str, ...]) -> list[Reading]:
    """Return all ways through a lattice by trying every set of runs with every choice of classes."""
    found = []
    numbers = range(len(runs))
    for size in range(1, int(runs[:, 1].max()) + 1):
        for path in itertools.combinations(numbers, size):
            borders = [0, *runs[list(path), 1]]
            if list(runs[list(path), 0]) != borders[:-1] or borders[-1] != runs[:, 1].max():
                continue
            for labels in itertools.product(range(len(classes)), repeat=size):
                score = score_of(list(zip(path, labels, strict=True)), runs, scores, classes)
                if score is not None:
                    found.append(Reading(score, tuple(zip(path, labels, strict=True))))
    return sorted(found, key=lambda reading: -reading.score)


def score_of(
    steps: list[tuple[int, int]], runs: Runs, scores: Scores, classes: tuple[str, ...]
) -> float | None:
    """Return the score of one way through a lattice; None where it drops more than single atoms."""
    total, before = 0.0, Kind.BORDER
    weight = WEIGHTS.kind_weight if runs[:, 1].max() - runs[0, 0] > 1 else 0.0
    for run, c in steps:
        atoms = int(runs[run, 1] - runs[run, 0])
        if not classes[c]:
            if atoms > 1:
                return None
            total += scores[run, c] - WEIGHTS.drop_penalty
            continue
        kind = kind_of(classes[c], before)
        letters = sorted(scores[run, k] for k, character in enumerate(classes) if character)
        whole = log(sum(np.exp(letters[-3:])))
        total += atoms * whole + WEIGHTS.class_weight * (scores[run, c] - whole)
        total += weight * FOLLOWS[before][kind]
        before = kind
    return total + weight * FOLLOWS[before][Kind.BORDER]


@settings(max_examples=60, deadline=None)
@given(lattices())
def test_a_wide_beam_finds_what_trying_everything_finds(word: Words) -> None:
    expected = every_reading(*word)
    readings = read_word(*word, weights=WIDE)
    assert len(readings) == len(expected)
    assert [r.score for r in readings] == pytest.approx([r.score for r in expected])
    assert {r.steps for r in readings} == {r.steps for r in expected}


@settings(max_examples=60, deadline=None)
@given(lattices())
def test_readings_cover_every_atom_once_and_come_sorted(word: Words) -> None:
    runs, scores, classes = word
    readings = read_word(runs, scores, classes)
    assert 1 <= len(readings) <= WEIGHTS.beam_width
    for reading in readings:
        covered = [atom for run, _ in reading.steps for atom in range(*runs[run])]
        assert covered == list(range(runs[:, 1].max()))
    assert len({reading.steps for reading in readings}) == len(readings)
    assert [r.score for r in readings] == sorted((r.score for r in readings), reverse=True)


@settings(max_examples=60, deadline=None)
@given(lattices(), st.data())
def test_a_barred_class_is_never_read(word: Words, data: st.DataObject) -> None:
    runs, scores, classes = word
    barred = data.draw(st.sets(st.integers(1, len(classes) - 1)))
    scores[:, list(barred)] = -np.inf
    readings = read_word(runs, scores, classes)
    assert readings
    assert all(np.isfinite(reading.score) for reading in readings)
    assert not barred & {c for reading in readings for _, c in reading.steps}


def test_a_word_of_which_nothing_may_be_read_has_no_readings() -> None:
    assert read_word(np.array([[0, 1]]), np.full((1, 2), -np.inf), ("a", "b")) == []


def spelt(*letters: Mapping[str, float]) -> tuple[Runs, Scores, tuple[str, ...]]:
    """Return a word of letters apart, each with what it may be."""
    classes = ("", *sorted({character for letter in letters for character in letter}))
    scores = np.full((len(letters), len(classes)), np.log(1e-6))
    for row, letter in zip(scores, letters, strict=True):
        for character, probability in letter.items():
            row[classes.index(character)] = log(probability)
    return np.array([(k, k + 1) for k in range(len(letters))], np.int64), scores, classes


def read(word: Words, language: str) -> str:
    return "".join(word[2][c] for _, c in read_word(*word, load_language(language))[0].steps)


def test_a_language_settles_a_letter_that_is_open_and_no_other() -> None:
    before, after = ({"t": 0.99}, {"h": 0.99}), ({"n": 0.99},)
    opened = spelt(*before, {"e": 0.45, "c": 0.54}, *after)
    assert (read(opened, "en"), read(opened, "none")) == ("then", "thcn")
    runs, scores, classes = spelt(*before, {"e": 0.0001, "c": 0.9998}, *after)
    told = read_word(runs, scores, classes, load_language("en"), scores)[0]
    assert "".join(classes[c] for _, c in told.steps) == "thcn"


def test_evidence_from_elsewhere_settles_letters_and_cuts() -> None:
    runs, scores = lattice({(0, 1): {"r": 0.6, "n": 0.39}, (0, 2): {"m": 0.5}, (1, 2): {"n": 0.6, "m": 0.3}})
    evidence = np.full_like(scores, -9.0)
    for row, character in ((0, "r"), (2, "n")):
        evidence[row, CLASSES.index(character)] = -0.1
    assert text_of(read_word(runs, scores, CLASSES, None, evidence)[0]) == "rn"
    evidence[1, CLASSES.index("m")] = 0.0
    evidence[0], evidence[2] = -9.0, -9.0
    assert text_of(read_word(runs, scores, CLASSES, None, evidence)[0]) == "m"


@given(st.integers(0, 2**32 - 1))
def test_evidence_that_says_nothing_changes_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    runs = np.array([(0, 1), (0, 2), (1, 2), (1, 3), (2, 3)])
    scores = np.log(rng.dirichlet(np.full(len(CLASSES), 0.3), len(runs)) + 1e-9)
    with_it = read_word(runs, scores, CLASSES, None, np.zeros_like(scores))
    without = read_word(runs, scores, CLASSES)
    assert [r.steps for r in with_it] == [r.steps for r in without]


def test_a_language_says_nothing_of_numbers() -> None:
    code = spelt({"7": 0.99}, {"q": 0.55, "g": 0.44}, {"e": 0.55, "c": 0.44}, {"4": 0.99})
    assert read(code, "en") == read(code, "none") == "7qe4"


def test_capitals_before_digits_do_not_spell_a_word() -> None:
    letters = ({"T": 0.99}, {"H": 0.99}, {"E": 0.45, "F": 0.54}, {"N": 0.99})
    assert read(spelt(*letters), "en") == "THEN"
    code = spelt(*letters, {"4": 0.99}, {"2": 0.99})
    assert read(code, "en") == read(code, "none") == "THFN42"


def test_a_language_is_the_same_in_capitals() -> None:
    assert read(spelt({"T": 0.99}, {"H": 0.99}, {"E": 0.45, "F": 0.54}, {"N": 0.99}), "en") == "THEN"


def test_a_known_word_is_preferred_to_an_unknown_one_as_likely() -> None:
    word = spelt({"b": 0.99}, {"a": 0.5, "o": 0.5}, {"r": 0.99}, {"n": 0.99})
    english = load_language("en")
    assert english is not None and "barn" in english.words and "born" in english.words
    assert english.words["born"] > english.words["barn"]
    assert read(word, "en") == "born"
