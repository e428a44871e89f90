"""A language's file, and how it is made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ocr import language
from ocr.language import load_language
from ocr.training.words import learn_language, save_language


def test_english_knows_its_words_and_which_letters_follow_each_other() -> None:
    english = load_language("en")
    assert english is not None
    assert english.words["the"] > english.words["letter"] > english.words["sauvignon"] > 2
    assert "hte" not in english.words and "a" not in english.words
    np.testing.assert_allclose(np.exp(english.table[1:, 1:, 1:]).sum(axis=-1), 1, atol=0.1)


def test_a_language_is_saved_and_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt = learn_language({"aba": 1e-2, "abc": 1e-3, "b": 1e-3, "no1": 1e-3, "zed's": 1e-5}, known=2)
    assert learnt.words == pytest.approx({"aba": 7.0, "abc": 6.0})
    save_language(learnt, tmp_path / "xx.npz")
    monkeypatch.setattr(language, "FOLDER", tmp_path)
    load_language.cache_clear()
    again = load_language("xx")
    load_language.cache_clear()
    assert again is not None and again.words == pytest.approx(learnt.words, abs=0.02)
    np.testing.assert_allclose(again.table, np.maximum(learnt.table, -255 / 16), atol=1 / 32 + 1e-6)
