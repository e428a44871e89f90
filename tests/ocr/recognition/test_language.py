"""A language's file, and how it is made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ocr.recognition import language
from ocr.recognition.language import load_language
from training.words import learn_language, own_letters, save_language, with_sharp_s


def test_english_knows_its_words_and_which_letters_follow_each_other() -> None:
    english = load_language("en")
    assert english is not None
    assert english.words["the"] > english.words["letter"] > english.words["sauvignon"] > 2
    assert "hte" not in english.words and "a" not in english.words
    np.testing.assert_allclose(np.exp(english.table[1:, 1:, 1:]).sum(axis=-1), 1, atol=0.1)


def test_a_language_is_saved_and_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shares = {"aba": 1e-2, "abc": 1e-3, "b": 1e-3, "no1": 1e-3, "été": 1e-3, "zed's": 1e-5}
    table, words = learn_language(shares, known=3)
    assert words == pytest.approx({"aba": 7.0, "abc": 6.0, "été": 6.0})
    save_language(table, words, tmp_path / "xx.npz")
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    load_language.cache_clear()
    again = load_language("xx")
    load_language.cache_clear()
    assert again is not None and again.letters == {"é"}
    assert again.words == pytest.approx({"aba": 7.0, "abc": 6.0, "ete": 6.0}, abs=0.02)
    assert again.spellings["ete"] == pytest.approx({"été": 6.0}, abs=0.02)
    np.testing.assert_allclose(again.table, np.maximum(table, -255 / 16), atol=1 / 32 + 1e-6)


def test_letters_that_a_language_hardly_has_are_not_its_own() -> None:
    assert "é" not in own_letters({"the": 0.05, "café": 1e-5})
    assert "é" in own_letters({"le": 0.05, "café": 1e-3})


def test_letters_grown_together_are_the_languages_own_and_count_as_two() -> None:
    table, words = learn_language({"være": 1e-2, "at": 1e-2})
    danish = language.Language.of(table, words)
    assert danish.letters == {"æ"}
    assert danish.words.keys() == {"vaere", "at"} and danish.spellings["vaere"].keys() == {"være"}


def test_german_words_are_spelled_with_a_sharp_s_too() -> None:
    found = with_sharp_s({"strasse": 4e-4, "das": 1e-2, "weiss": 1e-3, "rar": 1e-6})
    assert found["straße"] == pytest.approx(2e-4) and found["strasse"] == 4e-4
    assert found["weiß"] == 1e-3 and "weiss" not in found
