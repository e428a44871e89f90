"""The command ``nn`` as it is installed: it finds letters on photos, and what it trains can learn on."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn.commands.cli import main as nn
from nn.errors import DataError, ModelError
from nn.passed import Passed
from ocr.commands.nn import letter_on, main
from ocr.reader import Reader
from ocr.recognition.classify import BUNDLED

SAMPLES = Path(__file__).parents[3] / "samples"
LETTERS = sorted(path for path in SAMPLES.glob("letter_*") if path.suffix != ".txt")


def test_a_photo_is_cleaned_cropped_and_normalized_as_it_is_for_reading(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert len(LETTERS) == 3
    reader = Reader(pipeline="letter")
    for path in LETTERS:
        np.testing.assert_array_equal(letter_on(path), reader.read(path).glyphs[0].image)
    with pytest.raises(SystemExit) as caught:
        nn(["predict", str(BUNDLED), *map(str, LETTERS), "--top", "1"], Passed(letter_on))
    assert not caught.value.code
    found = [line.split("\t")[1] for line in capsys.readouterr().out.splitlines()]
    assert found == [path.with_suffix(".txt").read_text().strip() for path in LETTERS]


def test_a_glyph_is_taken_as_it_is(tmp_path: Path) -> None:
    glyph = np.zeros((28, 28), np.uint8)
    glyph[3:25, 12:15] = 255
    Image.fromarray(glyph).save(tmp_path / "glyph.png")
    np.testing.assert_array_equal(letter_on(tmp_path / "glyph.png"), glyph)


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_what_has_no_letter_is_bad_data(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.png").write_bytes(content)
    with pytest.raises(DataError, match=r"x\.png"):
        letter_on(tmp_path / "x.png")
    Image.new("L", (90, 90), 255).save(tmp_path / "x.png")
    with pytest.raises(DataError, match="no letter found"):
        letter_on(tmp_path / "x.png")


def test_models_that_come_along_are_taken_by_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    models = BUNDLED.parent
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("nn.gallery.report.weights", lambda model: [])
    monkeypatch.setattr(sys, "argv", ["nn", "report", "reader"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert not caught.value.code and capsys.readouterr().out == "reader.report.html\n"
    assert "Model reader.safetensors" in (tmp_path / "reader.report.html").read_text("utf-8")
    passed = Passed(models=models)
    assert passed.model(Path("lines")) == models / "lines.safetensors"
    assert passed.model(tmp_path) == tmp_path
    with pytest.raises(ModelError, match="reders: no such file; models with names are finder, lines, reader"):
        passed.model(Path("reders"))
