"""Fitting confidences: they come out honest where they were not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ocr
from ocr.document import Alternative, Box, Glyph, Line, Page, Word
from training.calibrate import ALONE, Known, errors, fit, isolated, known, read_all, some_of

IMAGE = np.zeros((28, 28), np.uint8)


def boasting(rng: np.random.Generator, letters: int, words: int) -> Known:
    """A page whose letters are right less often than they say: as often as half the log-odds would be."""
    made, right = [], []
    for _ in range(words):
        sure = rng.uniform(0.5, 0.999, letters)
        odds = np.sqrt(sure / (1 - sure))
        right.append(rng.random(letters) < odds / (1 + odds))
        glyphs = tuple(Glyph("a", Box(0, 0, 5, 5), p, (Alternative("a", p),), IMAGE) for p in sure.tolist())
        made.append(Word(glyphs, float(sure.prod()), (Alternative("a" * letters, float(sure.prod())),)))
    page = Page((Line(tuple(made)),), 100, 50)
    return Known(page, np.concatenate(right), np.array([each.all() for each in right]))


def test_what_boasts_is_made_honest() -> None:
    rng = np.random.default_rng(0)
    kinds = {
        ALONE: [boasting(rng, 1, 1) for _ in range(1000)],
        "text": [boasting(rng, 3, 5) for _ in range(300)],
        "words": [boasting(rng, 4, 1) for _ in range(300)],
    }
    calibration = fit(kinds)
    for kind, count in ((ALONE, 1), ("text", 3), ("words", 4)):
        unseen = [boasting(rng, count, 1 if kind != "text" else 5) for _ in range(600)]
        before, after = errors(unseen, None), errors(unseen, calibration)
        assert before[0] > 0.08
        assert max(after) < 0.06
    assert calibration.alone[1] == pytest.approx(0.5, abs=0.15)


def test_both_sorts_are_needed() -> None:
    rng = np.random.default_rng(0)
    pages = [boasting(rng, 3, 2)]
    with pytest.raises(ValueError, match="alone"):
        fit({"text": pages})
    with pytest.raises(ValueError, match="texts"):
        fit({ALONE: [boasting(rng, 1, 1)]})


def test_a_page_is_laid_beside_its_text() -> None:
    rng = np.random.default_rng(0)
    page = boasting(rng, 2, 2).page
    found = known(page, "aa ab")
    assert found is not None
    assert found.letters.tolist() == [True, True, True, False]
    assert found.words.tolist() == [True, False]
    assert known(Page((), 5, 5), "aa") is None


def test_pictures_come_from_folders_of_either_kind(tmp_path: Path) -> None:
    lines, words = tmp_path / "lines", tmp_path / "words"
    for folder, name in ((lines, "one"), (words, "two")):
        folder.mkdir()
        Image.new("L", (30, 20), 200).save(folder / f"{name}.png")
    (lines / "one.gt.txt").write_text("first")
    (words / "labels.tsv").write_text("two\tsecond\n")
    found = some_of([lines, words], 10, np.random.default_rng(0))
    assert sorted((text, pixels.shape) for pixels, text in found) == [
        ("first", (20, 30)),
        ("second", (20, 30)),
    ]


def test_isolated_characters_are_the_held_out_ones_and_can_be_read(tmp_path: Path) -> None:
    images = np.zeros((4, 28, 28), np.uint8)
    images[:, 4:24, 13:16] = 255
    np.savez(
        tmp_path / "hand.npz",
        images=images,
        labels=np.array(["l", "x", "y", "I"]),
        source=np.array(["a", "a", "a", "b"]),
        split=np.array(["val", "train", "val", "val"]),
        suspect=np.array([False, False, True, False]),
    )
    pictures = list(isolated(tmp_path, 4, np.random.default_rng(0)))
    assert sorted(text for _, text in pictures) == ["I", "l"]
    reader = ocr.Reader(pipeline="letter")
    pages = list(read_all(pictures, reader))
    assert [len(one.letters) for one in pages] == [1, 1]
    assert sum(one.letters.sum() for one in pages) <= 1
