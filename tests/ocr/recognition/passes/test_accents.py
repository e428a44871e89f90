"""Accents are named by their shapes, and words are spelled with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from ocr.languages import FOLDER, languages
from ocr.languages.orthography import read_orthography
from ocr.options import LANGUAGES
from ocr.recognition.language import Language, load_language
from ocr.recognition.passes import accents
from ocr.recognition.passes.ink import Ink
from ocr.recognition.passes.mark_names import (
    ACUTE,
    CARON,
    CIRCUMFLEX,
    DIAERESIS,
    DOT,
    GRAVE,
    RING,
    TILDE,
    name_mark,
)
from ocr.recognition.weights import Weights, load_weights
from pipelines.sheet import Mark

WEIGHTS = load_weights()
SAMPLES = sorted(
    path for path in (Path(__file__).parents[4] / "samples/languages").iterdir() if path.suffix != ".txt"
)


def drawn(*strokes: list[tuple[int, int]], closed: bool = False, parts: int = 1) -> Mark:
    """Draw strokes of a pen 4 pixels wide."""
    ink = np.zeros((60, 60), np.uint8)
    for stroke in strokes:
        cv2.polylines(ink, [np.array(stroke, np.int32)], closed, 1, 4)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    shape = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] > 0
    return Mark((0, 0, shape.shape[1], shape.shape[0]), 0, shape, parts)


MARKS = {
    ACUTE: drawn([(20, 40), (34, 22)]),
    GRAVE: drawn([(20, 22), (34, 40)]),
    CIRCUMFLEX: drawn([(14, 36), (26, 24), (38, 36)]),
    CARON: drawn([(14, 24), (26, 36), (38, 24)]),
    TILDE: drawn([(8, 34), (16, 28), (24, 31), (32, 34), (40, 28)]),
    DOT: drawn([(20, 20), (21, 20), (21, 21), (20, 21)]),
    DIAERESIS: drawn([(20, 20), (21, 20)], [(40, 20), (41, 20)], parts=2),
    RING: drawn([(20, 20), (30, 16), (40, 20), (40, 30), (30, 34), (20, 30)], closed=True),
}


@pytest.mark.parametrize("accent", MARKS, ids=lambda accent: f"{ord(accent):04x}")
def test_a_mark_is_named_by_its_shape(accent: str) -> None:
    likely = name_mark(MARKS[accent], WEIGHTS.marks)
    assert max(likely, key=lambda each: likely[each]) == accent
    assert max(likely.values()) == 0


def test_the_weights_of_shapes_are_asked() -> None:
    def named(accent: str, **changes: float) -> dict[str, float]:
        return dict(name_mark(MARKS[accent], replace(WEIGHTS.marks, **changes)))

    assert min(named(ACUTE).values()) == -4
    assert min(named(ACUTE, most_against=1.0).values()) == -1
    assert named(ACUTE, slope_weight=0.0, upright_bonus=0.0)[GRAVE] > named(ACUTE)[GRAVE]
    assert named(CARON, bulge_weight=0.0)[CIRCUMFLEX] > named(CARON)[CIRCUMFLEX]
    assert named(RING, unlikely_penalty=0.5)[DOT] == -0.5
    assert named(DIAERESIS, odd_penalty=1.0)[CIRCUMFLEX] == -1
    assert named(TILDE, wave_weight=0.0, wide_bonus=0.0)[CIRCUMFLEX] > named(TILDE)[CIRCUMFLEX]


def language(code: str, **spelled: float) -> Language:
    orthography = read_orthography(FOLDER / f"{code}.toml")
    return Language.of(orthography, np.zeros((28, 28, 28, 28), np.float32), spelled)


def spelled(
    characters: str, marks: Sequence[Mark | None], language: Language, weights: Weights = WEIGHTS
) -> list[str]:
    names = [name_mark(mark, weights.marks) if mark is not None else None for mark in marks]
    return accents.spelled(characters, names, language, weights)


def test_a_letter_gets_the_mark_over_it_if_the_language_has_such_a_letter() -> None:
    french = language("fr", été=6.0, à=7.0)
    marks = [MARKS[ACUTE], None, MARKS[ACUTE]]
    assert spelled("ete", marks, french) == ["é", "t", "é"]
    assert spelled("ETE", marks, french) == ["É", "T", "É"]
    assert spelled("tte", [MARKS[ACUTE], None, None], french) == ["t", "t", "e"]


def test_a_known_word_decides_what_a_blurred_mark_is() -> None:
    blot = drawn([(20, 30), (24, 28), (30, 27)])
    assert spelled("la", [None, blot], language("fr", là=6.0, pâle=3.0)) == ["l", "à"]
    assert spelled("pale", [None, blot, None, None], language("fr", là=3.0, pâle=6.0))[1] == "â"


def test_letters_whose_mark_is_one_with_them_come_from_known_words() -> None:
    german = language("de", straße=5.0, grab=5.0)
    assert "".join(spelled("StraBe", [None] * 6, german)) == "Straße"
    assert "".join(spelled("grab", [None] * 4, german)) == "grab"
    assert (
        "".join(spelled("lisoes", [None] * 3 + [MARKS[TILDE]] + [None] * 2, language("pt", lições=5.0)))
        == "lições"
    )


def test_a_stem_with_a_mark_is_an_i() -> None:
    spanish = language("es", aquí=6.0, índice=5.0)
    assert "".join(spelled("aqul", [None, None, None, MARKS[ACUTE]], spanish)) == "aquí"
    assert "".join(spelled("INDICE", [MARKS[ACUTE]] + [None] * 5, spanish)) == "ÍNDICE"


def test_what_is_seen_and_what_is_usual_are_weighed() -> None:
    def weighed(**changes: float) -> Weights:
        return replace(WEIGHTS, accents=replace(WEIGHTS.accents, **changes))

    french = language("fr", pâté=6.0, pate=5.0)
    bare = [None] * 4
    assert "".join(spelled("pate", bare, french)) == "pate"
    assert "".join(spelled("pate", bare, french, weighed(touching_penalty=0.5))) == "pâté"
    assert "".join(spelled("pate", bare, french, weighed(spelling_weight=5.0))) == "pâté"
    seen = [None, MARKS[CIRCUMFLEX], None, MARKS[ACUTE]]
    assert "".join(spelled("pate", seen, french)) == "pâté"
    common = language("fr", pâté=2.0, pate=6.0)
    assert "".join(spelled("pate", seen, common)) == "pâté"
    assert "".join(spelled("pate", seen, common, weighed(dust_penalty=0.0))) == "pate"


@pytest.mark.parametrize(
    ("name", "read", "meant"),
    [
        ("fr", "1'eau", "l'eau"),
        ("fr", "I'OuLiPo", "l'OuLiPo"),
        ("it", "1'acqua", "l'acqua"),
        ("fr", "1'30", "1'30"),
        ("fr", "1'", "1'"),
        ("fr", "11'a", "11'a"),
        ("de", "1'eau", "1'eau"),
    ],
)
def test_an_article_before_an_apostrophe_is_no_digit(name: str, read: str, meant: str) -> None:
    assert "".join(spelled(read, [None] * len(read), language(name))) == meant


def test_a_letter_that_is_a_word_gets_its_accent_among_small_words_only() -> None:
    def among_words(read: str, marks: Sequence[Mark | None], name: str = "fr") -> str:
        names = [None if mark is None else name_mark(mark, WEIGHTS.marks) for mark in marks]
        return "".join(accents.spelled(read, names, language(name), WEIGHTS, in_text=True))

    assert among_words("d", [None]) == "à" and among_words("y", [None]) == "y"
    assert among_words("d", [MARKS[ACUTE]]) == among_words("d", [None], "de") == "d"
    assert spelled("d", [None], language("fr")) == ["d"]


def test_words_beside_small_words_are_in_text(drawn_once: Callable[..., npt.NDArray[np.uint8]]) -> None:
    reader = ocr.Reader(pipeline="line", language="fr")

    def read(text: str) -> list[str]:
        picture = drawn_once([text])
        return ["".join(each) for each in reader.read(picture).text.split()]

    assert read("prend part d cette oeuvre")[2] == "à"
    assert read("VOIR d VERS")[1] == "d"


def test_of_marks_that_touch_their_letters_the_usual_one_is_read_in_unknown_words() -> None:
    def read(inks: list[Ink], **changes: float) -> str:
        weights = replace(WEIGHTS, accents=replace(WEIGHTS.accents, **changes))
        french = language("fr", été=6.0, père=6.0, mer=7.0, bête=3.0)
        return "".join(accents.spelled("xen", [None] * 3, french, weights, inks))

    touched = [Ink(), Ink(crown=4.0), Ink()]
    assert read(touched) == "xén" and read([Ink()] * 3) == "xen"
    assert read(touched, letter_weight=9.0) == "xen"
    falls = [Ink(), Ink(crown=4.0, over=MARKS[GRAVE]), Ink()]
    assert read(falls, crown_weight=2.0) == "xèn" and read(falls, crown_weight=0.0) == "xén"


def test_words_end_at_what_is_no_letter() -> None:
    marks = [None, None, MARKS[ACUTE], None, MARKS[ACUTE], None]
    assert "".join(spelled("l'ete,", marks, language("fr", été=6.0))) == "l'été,"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_in_its_language(
    path: Path, edits: Callable[[str, str], int], sample_reading: Callable[..., ocr.Document]
) -> None:
    said = path.with_suffix(".txt").read_text(encoding="utf-8").strip()
    document = sample_reading(path, path.stem)
    assert edits(document.text, said) <= 2 < 0.3 * edits(ocr.read(path).text, said)
    assert all(glyph.alternatives[0].text == glyph.text for glyph in document.glyphs)
    accented = next(glyph for glyph in document.glyphs if not glyph.text.isascii())
    others = [glyph.box.height for glyph in document.glyphs if glyph.text in "aenorsu"]
    assert accented.box.height > 1.2 * np.median(others)


def test_a_whitelist_binds_also_where_a_language_has_accents() -> None:
    path = next(path for path in SAMPLES if path.stem == "fr")
    assert ocr.read(path, language="fr", whitelist="abcdefghijklmnopqrstuvwxyz").text.isascii()


@pytest.mark.parametrize("name", languages())
def test_every_language_knows_its_letters_and_words(name: str) -> None:
    found = load_language(name)
    assert name in LANGUAGES.split(", ")
    assert found is not None and len(found.words) > 20_000
    assert bool(found.letters) == (name != "en")
    assert all(letter.islower() and not letter.isascii() for letter in found.letters)
