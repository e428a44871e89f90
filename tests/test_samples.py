"""The sample pictures are read as they were, and nearly as they should be.

What each is read as lies in ``tests/golden``, a word a line, so that a change shows as a diff. To put the
present readings there, after looking at them: ``pytest tests/test_samples.py --regenerate-golden``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

import ocr

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ROOT / "samples" / "languages"
SAMPLES = [
    path
    for folder in (ROOT / "samples", LANGUAGES)
    for path in sorted(folder.glob("*.*"))
    if path.suffix != ".txt" and path.with_suffix(".txt").is_file()
]
EXACT = frozenset(
    {"letter_capital_r", "letter_small_e", "letter_small_h", "letters_apart", "note", "two_columns"}
)
"""Samples of which every character must be right."""
MOST_WRONG = 0.05
"""Edits a character that the others may need."""
NEAR, NEAR_SHARE = 3, 0.05
"""How far a box may be off: in pixels, or as a share of its longer side."""
CLOSE = 2e-3 if cv2.__version__.startswith("5.") else 0.03
"""How far a confidence may be off.

Another BLAS adds in another order, and another SciPy rounds a grey level otherwise: that moves a confidence
by less than 0.002. A constant of the decoder or the calibration that changes moves many by more. OpenCV 4
resizes pictures otherwise than OpenCV 5: texts are the same, but confidences of some letters differ by up to
0.023.
"""

every_sample = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)


@pytest.fixture
def document(path: Path, sample_reading: Callable[..., ocr.Document]) -> ocr.Document:
    return sample_reading(path, path.stem) if path.parent == LANGUAGES else sample_reading(path)


def golden(document: ocr.Document) -> str:
    """Return a reading as JSON, a line of text a line and a word a line."""
    words = [[word.text, [*corners(word.box)], *confidences(word)] for word in document.words]
    return f'{{\n"text": [\n{rows(document.text.split(chr(10)))}\n],\n"words": [\n{rows(words)}\n]\n}}\n'


def corners(box: ocr.Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.right, box.bottom


def confidences(word: ocr.Word) -> tuple[float, list[float]]:
    """Return how sure a word is, and each of its letters."""
    return round(word.confidence, 4), [round(glyph.confidence, 4) for glyph in word.glyphs]


def rows(values: list[Any]) -> str:
    return ",\n".join(json.dumps(value, ensure_ascii=False) for value in values)


@every_sample
def test_a_sample_is_read_as_it_was(
    path: Path, document: ocr.Document, request: pytest.FixtureRequest
) -> None:
    file = GOLDEN / path.relative_to(ROOT / "samples").with_suffix(".json")
    if request.config.getoption("--regenerate-golden"):
        file.write_text(golden(document), encoding="utf-8")
    expected = json.loads(file.read_text(encoding="utf-8"))
    assert document.text.split("\n") == expected["text"]
    assert [word.text for word in document.words] == [text for text, *_ in expected["words"]]
    for word, (_, box, sure, letters) in zip(document.words, expected["words"], strict=True):
        near = max(NEAR, NEAR_SHARE * max(word.box.width, word.box.height))
        assert corners(word.box) == pytest.approx(box, abs=near), word.text
        assert word.confidence == pytest.approx(sure, abs=CLOSE), word.text
        assert [glyph.confidence for glyph in word.glyphs] == pytest.approx(letters, abs=CLOSE), word.text


@every_sample
def test_a_sample_is_read_as_what_it_says(
    path: Path, document: ocr.Document, edits: Callable[[str, str], int]
) -> None:
    said, read = path.with_suffix(".txt").read_text(encoding="utf-8").rstrip("\n"), document.text
    if path.stem in EXACT:
        assert read == said
    assert edits(read, said) <= MOST_WRONG * len(said)


def test_there_is_a_golden_reading_of_every_sample_and_of_nothing_else() -> None:
    assert len(SAMPLES) >= 10
    kept = {path.relative_to(GOLDEN).with_suffix("") for path in GOLDEN.rglob("*.json")}
    assert kept == {path.relative_to(ROOT / "samples").with_suffix("") for path in SAMPLES}
    assert {path.stem for path in SAMPLES} >= EXACT
    assert len(list(LANGUAGES.glob("*.txt"))) >= 4
