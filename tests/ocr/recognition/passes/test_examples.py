"""Letters of known words as examples, on pages of letters that each have a picture of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest

from ocr.recognition.language import Language, load_language
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.params import ExampleParams
from ocr.recognition.passes.examples import by_example
from tests.ocr.recognition.passes.test_case import Counting, read

CLASSES = ("", *"ABCDEIOSabcdelos", "1", ".")
WORDS = "Close added Based coded lead deal seal load sale bead"
Floats = npt.NDArray[np.floating[Any]]


@pytest.fixture(scope="module")
def english() -> Language:
    language = load_language("en")
    assert language is not None
    return language


def page(text: str, looks: str = "") -> Lattice:
    """Return the lattice of a text in which each letter looks like itself, or like the letters of `looks`."""
    lattice = read(text)
    letters, shown = (line.replace(" ", "") for line in (text, looks or text))
    pictures = {c: np.random.default_rng(ord(c)).integers(0, 2, (7, 7)) for c in sorted(set(shown))}
    glyphs = np.array([np.kron(pictures[c], np.full((4, 4), 255)) for c in shown], np.uint8)
    scores = np.full((len(letters), len(CLASSES)), -8.0, np.float32)
    scores[np.arange(len(letters)), [CLASSES.index(c) for c in letters]] = 0
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return replace(lattice, glyphs=glyphs, scores=scores)


def doubted(lattice: Lattice, run: int, *characters: str) -> Lattice:
    """Return a lattice in which a run may be any of some characters, the first a little likelier."""
    scores = lattice.scores.copy()
    scores[run] = -12
    scores[run, [CLASSES.index(c) for c in characters]] = np.linspace(-0.6, -0.8, len(characters))
    return replace(lattice, scores=scores)


def seen(lattice: Lattice, language: Language | None, **params: Any) -> Lattice:
    return by_example(lattice, cast(Decoder, Counting(language)), ExampleParams(**params))


def lead(lattice: Lattice, run: int, better: str, worse: str) -> float:
    """Return how much likelier one character is than another, in nats."""
    scores = lattice.scores[run]
    return float(scores[CLASSES.index(better)] - scores[CLASSES.index(worse)])


def odd_letter() -> Lattice:
    """Return a page whose last word, no known one, has an o that looks like the page's letters a."""
    text = WORDS + " bodel"
    return doubted(page(text, WORDS + " badel"), len(text.replace(" ", "")) - 4, "o", "a")


def test_a_letter_that_looks_like_those_of_known_words_becomes_likelier(english: Language) -> None:
    lattice = odd_letter()
    run = len(lattice.runs) - 4
    found = seen(lattice, english)
    assert lead(lattice, run, "a", "o") < 0 < lead(found, run, "a", "o")
    assert lead(lattice, run, "a", "1") == pytest.approx(lead(found, run, "a", "1"), abs=2)


def test_only_the_share_among_letters_changes_and_only_in_words_that_are_not_known(english: Language) -> None:
    lattice = odd_letter()
    found = seen(lattice, english)
    letters = np.array([c.isalpha() for c in CLASSES])
    np.testing.assert_array_equal(found.scores[:, ~letters], lattice.scores[:, ~letters])
    np.testing.assert_array_equal(found.scores[:-5], lattice.scores[:-5])

    def mass(one: Lattice) -> Floats:
        return np.asarray(np.exp(one.scores[:, letters]).sum(axis=1))

    np.testing.assert_allclose(mass(found), mass(lattice), rtol=1e-5)


def test_only_the_words_that_are_not_known_are_decoded_again(english: Language) -> None:
    lattice = odd_letter()
    decoder = Counting(english)
    by_example(lattice, cast(Decoder, decoder))
    assert decoder.words == [slice(len(lattice.runs) - 5, len(lattice.runs))]


def test_without_a_language_unknown_words_or_examples_nothing_changes(english: Language) -> None:
    for lattice, language, params in (
        (odd_letter(), None, {}),
        (page(WORDS), english, {}),
        (page("1 so bodel ocod"), english, {}),
        (odd_letter(), english, {"fewest": 50}),
        (odd_letter(), english, {"letters": 9}),
        (odd_letter(), english, {"doubtful": 0.0, "own": 100.0}),
    ):
        assert seen(lattice, language, **params) is lattice


def test_letters_that_may_not_be_read_stay_so(english: Language) -> None:
    lattice = odd_letter()
    run = len(lattice.runs) - 4
    scores = lattice.scores.copy()
    scores[run, CLASSES.index("a")] = -np.inf
    found = seen(replace(lattice, scores=scores), english)
    assert np.isneginf(found.scores[run, CLASSES.index("a")])
    assert np.isfinite(np.delete(found.scores[run], CLASSES.index("a"))).all()


def test_the_params_weigh_examples_and_likeness(english: Language) -> None:
    lattice = odd_letter()
    run = len(lattice.runs) - 4
    usual = lead(seen(lattice, english), run, "a", "o")
    assert lead(seen(lattice, english, own=100.0), run, "a", "o") < usual
    assert lead(seen(lattice, english, most=1), run, "a", "o") < usual
    assert lead(seen(lattice, english, spread=0.01), run, "a", "o") < usual
    alike, cut = (seen(lattice, english, lowest=lowest).scores[run] for lowest in (9.0, 0.7))
    assert np.abs(alike - cut).max() > 0.01
    assert np.abs(seen(lattice, english, blur=9.0).scores[run] - alike).max() > 0.01
