"""What outweighs what when a word is decoded: each question on both sides of where it turns.

The probabilities are those of shapes. A weight, or what something costs, that is changed much moves a turn
past one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import numpy as np
import pytest

from ocr.recognition.decode import read_words
from ocr.recognition.language import load_language
from ocr.recognition.weights import load_weights

Shapes = Mapping[str, float]
NEVER = 1e-6


def read(
    *letters: str | Shapes,
    whole: Mapping[tuple[int, int], Shapes] | None = None,
    said: Mapping[int, Shapes] | None = None,
    language: str = "none",
) -> str:
    """Read a word of atoms, each surely a letter or what it may be.

    `whole` are several atoms taken for one; `said` is what the line says of single ones.
    """
    shapes = {(k, k + 1): {one: 0.99} if isinstance(one, str) else one for k, one in enumerate(letters)}
    table = dict(sorted({**shapes, **(whole or {})}.items()))
    classes = ("", *sorted({c for shape in table.values() for c in shape} - {""}))
    scores = np.full((len(table), len(classes)), log(NEVER))
    evidence = np.zeros_like(scores)
    for row, told, (run, shape) in zip(scores, evidence, table.items(), strict=True):
        for character, probability in shape.items():
            row[classes.index(character)] = log(probability)
        for character, probability in (said or {}).get(run[0], {}).items():
            told[classes.index(character)] = log(probability)
    runs, expected = np.array(list(table)), load_language(language)
    [word] = read_words(runs, scores, classes, [slice(0, len(runs))], load_weights(), expected, evidence)
    return "".join(classes[c] for _, c in word[0].steps)


def either(one: str, probability: float, other: str) -> Shapes:
    return {one: probability, other: 1 - probability}


@pytest.mark.parametrize(("likely", "expected"), [(0.8, "born"), (0.9, "barn")])
def test_of_two_words_the_more_common_one_unless_the_shape_is_clear(likely: float, expected: str) -> None:
    assert read("b", either("a", likely, "o"), "r", "n", language="en") == expected


@pytest.mark.parametrize(("likely", "expected"), [(0.95, "xezj"), (0.98, "xqzj")])
def test_no_word_is_not_bent_into_usual_letters_where_shapes_are_clear(likely: float, expected: str) -> None:
    assert read("x", either("q", likely, "e"), "z", "j", language="en") == expected


@pytest.mark.parametrize(("likely", "expected"), [(0.8, "Quikf"), (0.995, "Quzkf")])
def test_nor_is_a_name(likely: float, expected: str) -> None:
    assert read("Q", "u", either("z", likely, "i"), "k", "f", language="en") == expected


@pytest.mark.parametrize("likely", [0.7, 0.99])
def test_the_language_knows_where_two_letters_are_not_one(likely: float) -> None:
    pieces: tuple[Shapes, Shapes] = ({"r": 0.5, "": 0.4}, {"n": 0.6, "": 0.3})
    assert read("b", "u", *pieces, "s", whole={(2, 4): {"m": likely}}, language="en") == "burns"


@pytest.mark.parametrize(("likely", "expected"), [(0.5, "barn"), (0.7, "bam")])
def test_without_a_language_the_better_shape_tells_one_letter_from_two(likely: float, expected: str) -> None:
    assert read("b", "a", {"r": 0.7}, {"n": 0.7}, whole={(2, 4): {"m": likely}}) == expected


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        (("R", either("0", 0.98, "O"), "A", "D"), "ROAD"),
        (("2", "0", either("I", 0.98, "1"), "4"), "2014"),
        (("m", either("O", 0.98, "o"), "o", "n"), "moon"),
    ],
)
def test_letters_are_of_the_kind_of_those_around_them(
    letters: tuple[str | Shapes, ...], expected: str
) -> None:
    assert read(*letters) == expected


@pytest.mark.parametrize("language", ["none", "en"])
@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        (("F", "D", "7", "U", "4", either("U", 0.7, "0")), "FD7U4U"),
        (("F", "D", "7", "U", "4", either("U", 0.3, "0")), "FD7U40"),
        (("1", either("B", 0.9995, "8"), "2", "5", "7"), "1B257"),
        (("1", either("B", 0.9, "8"), "2", "5", "7"), "18257"),
        (("C", "R", "O", either("2", 0.98, "Z"), "A", "T"), "CROZAT"),
        (("2", "5", either("x", 0.6, "X"), "1", "4"), "25x14"),
    ],
)
def test_in_a_code_the_shape_alone_decides_but_only_several_changes_make_one(
    letters: tuple[str | Shapes, ...], expected: str, language: str
) -> None:
    assert read(*letters, language=language) == expected


@pytest.mark.parametrize("language", ["none", "en"])
@pytest.mark.parametrize(("speck", "expected"), [(0.9, "on."), (0.97, "on")])
def test_ink_is_dropped_where_it_is_hardly_a_mark(speck: float, expected: str, language: str) -> None:
    assert read("o", "n", either("", speck, "."), language=language) == expected


@pytest.mark.parametrize(("speck", "expected"), [(0.7, "'on"), (0.85, "on")])
def test_and_sooner_where_no_mark_is_expected(speck: float, expected: str) -> None:
    assert read(either("", speck, "'"), "o", "n") == expected


@pytest.mark.parametrize(("likely", "expected"), [(0.5, "xaq"), (0.75, "xbq")])
def test_what_the_line_says_outweighs_a_shape_that_is_open(likely: float, expected: str) -> None:
    said = {1: {**either("b", likely, "a"), "x": NEVER, "q": NEVER}}
    assert read("x", {"a": 0.6, "b": 0.4}, "q", said=said) == expected
