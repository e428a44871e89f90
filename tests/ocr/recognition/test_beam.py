"""The array decoder finds what a plain search finds, hypothesis by hypothesis, and as many calls do."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from math import log
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import ocr
from ocr.recognition import beam, grammar
from ocr.recognition.decode import Reading, read_words
from ocr.recognition.language import Kind, Language, kind_of, load_language
from ocr.recognition.lattice import Lattice
from ocr.recognition.weights import Weights, load_weights

WEIGHTS = load_weights()
CLASSES = ("", *"nmrIaeotS1.'")
SAMPLES = Path(__file__).parents[3] / "samples"
Runs = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


class Hypothesis(NamedTuple):
    score: float
    kind: Kind
    letters: tuple[int, ...] | None
    steps: tuple[tuple[int, int], ...]


def plain_search(
    runs: Runs, scores: Scores, weights: Weights, language: Language | None, evidence: Scores | None
) -> list[Reading]:
    """Search one word with lists and loops; nothing is pruned but what is beyond the beam."""
    told = weights.line_weight * evidence if evidence is not None else np.zeros_like(scores)
    follows = weights.log_kinds()
    first, last = runs.min(), runs.max()
    weight = weights.kind_weight * (last - first > 1)
    beams: dict[int, list[Hypothesis]] = {border: [] for border in range(first, last + 1)}
    beams[first] = [Hypothesis(0.0, Kind.BORDER, (0, 0, 0) if language else None, ())]

    def ngram(letters: tuple[int, ...] | None, symbol: int) -> float:
        if letters is None or language is None or not letters[2 if symbol else 1]:
            return 0.0
        found = max(weights.language_model_floor, float(language.table[(*letters, symbol)]))
        return weights.language_model_weight * (found + weights.letter_bonus)

    def extended(hypothesis: Hypothesis, run: int, c: int) -> Hypothesis:
        score, kind, letters, steps = hypothesis
        atoms = int(runs[run, 1] - runs[run, 0])
        if not CLASSES[c]:
            score += scores[run, c] - weights.drop_penalty + told[run, c]
            return Hypothesis(score, kind, letters, (*steps, (run, c)))
        whole = np.logaddexp.reduce(np.sort(scores[run, 1:])[-3:])
        score += atoms * whole + weights.class_weight * (scores[run, c] - whole) + told[run, c]
        symbol = language.orthography.symbol_of(CLASSES[c]) if language else 0
        in_word = symbol and CLASSES[c] == "'" and kind in {Kind.LOWER, Kind.INITIAL, Kind.UPPER}
        now = kind if in_word else kind_of(CLASSES[c], kind)
        score += 0.0 if in_word else weight * follows[kind][now]
        score += ngram(letters, symbol)
        if letters is not None:
            letters = (*letters[1:], symbol) if symbol else None if CLASSES[c].isdigit() else (0, 0, 0)
        return Hypothesis(score, now, letters, (*steps, (run, c)))

    def bonus(steps: tuple[tuple[int, int], ...]) -> float:
        """Return that of known words; a code, capitals with several digits, loses its n-gram score."""
        assert language is not None
        text = "".join(CLASSES[c] for _, c in steps)
        gain = weights.known_word_bonus * language.zipf_of(text) * (last - first > 1)
        if not text.isupper() or sum(map(str.isdigit, text)) < 2:
            return gain
        letters: tuple[int, ...] | None = (0, 0, 0)
        for character in text:
            symbol = language.orthography.symbol_of(character)
            gain -= ngram(letters, symbol)
            if letters is not None:
                letters = (*letters[1:], symbol) if symbol else None if character.isdigit() else (0, 0, 0)
        return gain - ngram(letters, 0)

    def best(found: list[Hypothesis]) -> list[Hypothesis]:
        found = sorted(found, key=lambda each: -each.score)[: weights.beam_width]
        return [each for each in found if each.score > found[0].score - weights.prune_threshold]

    for run, (start, stop) in enumerate(runs.tolist()):
        for c in tried(scores[run], scores[run] + told[run], stop - start == 1, weights):
            beams[stop] += [extended(hypothesis, run, c) for hypothesis in best(beams[start])]
    final = best(
        [
            each._replace(
                score=each.score + weight * follows[each.kind][Kind.BORDER] + ngram(each.letters, 0)
            )
            for each in beams[last]
        ]
    )
    if language:
        final = [each._replace(score=each.score + bonus(each.steps)) for each in final]
    return [Reading(each.score, each.steps) for each in sorted(final, key=lambda each: -each.score)]


def tried(scores: Scores, both: Scores, single: bool, weights: Weights) -> list[int]:
    """Return the classes that a run is tried as, the likeliest first."""
    total = np.logaddexp.reduce(both)
    order = np.argsort(-both)[: weights.classes_per_run].tolist()
    kept = [
        c
        for place, c in enumerate(order)
        if np.isfinite(scores[c]) and (place < 2 or both[c] - total > log(weights.class_floor))
    ]
    return [
        c for c in kept if CLASSES[c] or (single and (scores[c] > log(weights.class_floor) or kept == [c]))
    ]


def random_page(rng: np.random.Generator, words: int, clear: float) -> tuple[Runs, Scores, list[slice]]:
    """Return the lattices of some words after each other, of one to nine atoms."""
    runs: list[tuple[int, int]] = []
    parts, first = [], 0
    for _ in range(words):
        count = int(rng.integers(1, 10))
        found = {(first + k, first + k + 1) for k in range(count)}
        longer = rng.integers(0, [count, 5], (12, 2)).tolist()
        found |= {(first + k, first + k + size) for k, size in longer if 1 < size <= count - k}
        parts.append(slice(len(runs), len(runs) + len(found)))
        runs += sorted(found)
        first += count
    scores = np.log(rng.dirichlet(np.full(len(CLASSES), 1 / clear), len(runs)) + 1e-9)
    return np.array(runs), scores, parts


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["none", "en", "de"]),
    st.sampled_from([0.3, 1.0, 3.0]),
    st.booleans(),
    st.sets(st.integers(0, len(CLASSES) - 1)),
    st.sampled_from([1, 3, WEIGHTS.beam_width]),
    st.sampled_from([1, beam.FEW]),
)
@example(3_108_055_161, "en", 1.0, False, {1, 2, 3, 4, 5}, WEIGHTS.beam_width, 1)
@settings(max_examples=60, deadline=None)
def test_the_array_decoder_finds_what_a_plain_search_finds(
    seed: int, name: str, clear: float, told: bool, barred: set[int], width: int, few: int
) -> None:
    rng = np.random.default_rng(seed)
    runs, scores, words = random_page(rng, int(rng.integers(1, 6)), clear)
    scores[:, list(barred)] = -np.inf
    evidence = np.log(rng.dirichlet(np.ones(len(CLASSES)), len(runs)) + 1e-9) if told else None
    language, weights = load_language(name), replace(WEIGHTS, beam_width=width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beam, "FEW", few)
        found = read_words(runs, scores, CLASSES, words, weights, language, evidence)
    assert len(found) == len(words)
    for part, readings in zip(words, found, strict=True):
        expected = plain_search(
            runs[part], scores[part], weights, language, evidence[part] if evidence is not None else None
        )
        assert [reading.steps for reading in readings] == [reading.steps for reading in expected]
        np.testing.assert_allclose([r.score for r in readings], [r.score for r in expected], atol=1e-9)


def test_a_page_without_words_has_no_readings() -> None:
    none = np.zeros((0, 2), np.int64), np.zeros((0, len(CLASSES)))
    assert read_words(*none, CLASSES, [], WEIGHTS) == []


def calls_of(work: Any, modules: tuple[Any, ...]) -> Counter[str]:
    """Return how often what is defined in some modules was called, and what it called of NumPy."""
    files, found = {module.__file__ for module in modules}, Counter[str]()

    def count(frame: FrameType, event: str, argument: Any) -> None:
        if frame.f_code.co_filename in files and event in ("call", "c_call"):
            found[frame.f_code.co_name if event == "call" else argument.__name__] += 1

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


@pytest.fixture(scope="module")
def golden() -> tuple[Lattice, tuple[str, ...]]:
    reader = ocr.Reader()
    pixels = next(iter(reader.load(SAMPLES / "paragraph.png"))).pixels
    return reader.lattice(pixels), reader.recognizer.classifier.classes


def test_a_page_of_many_words_takes_no_more_calls_than_its_longest_word(
    golden: tuple[Lattice, tuple[str, ...]],
) -> None:
    """Only the readings themselves are built one by one."""
    lattice, classes = golden
    words, english = lattice.words, load_language("en")
    lengths = [int(np.ptp(lattice.runs[part])) for part in words]
    longest = int(np.argmax(lengths))

    def calls(chosen: list[slice]) -> int:
        def work() -> None:
            read_words(lattice.runs, lattice.scores, classes, chosen, WEIGHTS, english, lattice.evidence)

        found = calls_of(work, (beam, grammar))
        return sum(found.values())

    calls(words)
    one, every, many = calls([words[longest]]), calls(words), calls(8 * words)
    assert len(words) > 30
    assert every <= 1.5 * one
    assert many <= 1.5 * one
