"""A language's file, and how it is made."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from ocr.languages import FOLDER, NONE, languages
from ocr.languages.orthography import Orthography, read_orthography
from ocr.recognition.language import Kind, Language, kind_of, load_language
from training.words import learn_language, own_letters, save_language, with_sharp_s

ENGLISH = read_orthography(FOLDER / "en.toml")


def test_english_knows_its_words_and_which_letters_follow_each_other() -> None:
    english = load_language("en")
    assert english is not None
    assert english.words["the"] > english.words["letter"] > english.words["sauvignon"] > 2
    assert "hte" not in english.words and "a" not in english.words
    np.testing.assert_allclose(np.exp(english.table[1:, 1:, 1:]).sum(axis=-1), 1, atol=0.1)


def test_a_language_is_saved_and_loaded(tmp_path: Path) -> None:
    shares = {"aba": 1e-2, "abc": 1e-3, "b": 1e-3, "no1": 1e-3, "été": 1e-3, "zed's": 1e-5}
    table, words = learn_language(shares, ENGLISH, known=3)
    assert words == pytest.approx({"aba": 7.0, "abc": 6.0, "été": 6.0})
    save_language(table, words, tmp_path / "xx.npz")
    shutil.copy(FOLDER / "en.toml", tmp_path / "xx.toml")
    again = load_language(tmp_path / "xx.toml")
    assert again is not None and again.letters == {"é"}
    assert again.words == pytest.approx({"aba": 7.0, "abc": 6.0, "ete": 6.0}, abs=0.02)
    assert again.spellings["ete"] == pytest.approx({"été": 6.0}, abs=0.02)
    np.testing.assert_allclose(again.table, np.maximum(table, -255 / 16), atol=1 / 32 + 1e-6)


def test_each_language_that_comes_along_is_loaded_once() -> None:
    first = [load_language(name) for name in languages()]
    assert all(load_language(name) is one for name, one in zip(languages(), first, strict=True))


def test_letters_that_a_language_hardly_has_are_not_its_own() -> None:
    assert "é" not in own_letters({"the": 0.05, "café": 1e-5}, ENGLISH)
    assert "é" in own_letters({"le": 0.05, "café": 1e-3}, ENGLISH)


def test_letters_grown_together_are_the_languages_own_and_count_as_two() -> None:
    written = read_orthography(FOLDER / "da.toml")
    danish = Language.of(written, *learn_language({"være": 1e-2, "at": 1e-2}, written))
    assert danish.letters == {"æ"}
    assert danish.words.keys() == {"vaere", "at"} and danish.spellings["vaere"].keys() == {"være"}


def test_german_words_are_spelled_with_a_sharp_s_too() -> None:
    found = with_sharp_s({"strasse": 4e-4, "das": 1e-2, "weiss": 1e-3, "rar": 1e-6})
    assert found["straße"] == pytest.approx(2e-4) and found["strasse"] == 4e-4
    assert found["weiß"] == 1e-3 and "weiss" not in found


@pytest.mark.parametrize(
    ("code", "name"), [("de", "de"), ("deu", "de"), ("ger", "de"), ("nld", "nl"), ("fre", "fr")]
)
def test_iso_codes_of_two_and_three_letters_name_a_language(code: str, name: str) -> None:
    found = load_language(code)
    assert found is not None and found is load_language(name)


def test_an_unknown_language_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match=f"unknown language 'xx': .*{', '.join([*languages(), NONE])}"):
        load_language("xx")


def test_letters_without_case_are_letters() -> None:
    assert kind_of("א", Kind.LOWER) == Kind.LOWER
    assert kind_of("-", Kind.LOWER) == Kind.MARK


def test_letters_and_marks_behind_digits_are_units_and_joints() -> None:
    assert kind_of("x", Kind.DIGIT) == Kind.UNIT
    assert kind_of("/", Kind.DIGIT) == kind_of(".", Kind.DIGIT) == Kind.JOINT


def test_a_capital_behind_a_digit_begins_a_code_of_capitals_and_digits() -> None:
    assert kind_of("X", Kind.DIGIT) == kind_of("X", Kind.CODE) == kind_of("4", Kind.CODE) == Kind.CODE
    assert kind_of("4", Kind.UPPER) == Kind.DIGIT
    assert kind_of("-", Kind.CODE) == Kind.JOINT


GREEK = {"name": "Greek", "codes": ["el"], "alphabet": "αβγ"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"alphabet": ""}, "alphabet is missing"),
        ({"alphabet": "Αβγ"}, "not small letters"),
        ({"alphabet": "ααβ"}, "each of them once"),
        ({"alphabets": "αβγ"}, "unknown: alphabets"),
        ({"codes": "el"}, "codes is missing, or no list"),
        ({"letters": {"ς": {"base": "s"}}}, "ς: base: s"),
        ({"letters": {"ς": {"stroke": "top"}}}, "ς: stroke: top"),
        ({"letters": {"ς": {"made_of": "σ"}}}, "made_of"),
    ],
)
def test_what_a_language_file_says_wrongly_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Orthography.of({**GREEK, **change})


def test_faults_of_language_files_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "el.toml"
    with pytest.raises(ValueError, match=r"el\.toml: No such file"):
        load_language(path)
    path.write_text("name = ")
    with pytest.raises(ValueError, match=r"el\.toml: Invalid value"):
        load_language(path)
    path.write_text('name = "Greek"\ncodes = ["el"]\nalphabet = "αβγ"\n', encoding="utf8")
    with pytest.raises(ValueError, match=r"el\.npz: there is no such file"):
        load_language(path)
    shutil.copy(FOLDER / "en.npz", tmp_path / "el.npz")
    with pytest.raises(
        ValueError, match=r"el\.npz: .* shape \(28, 28, 28, 28\): for this alphabet it is \(4, 4, 4, 4\)"
    ):
        load_language(path)
