"""The steps that make the bundled model, as commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from nn.data.npz import read_npz
from ocr.recognition.classify import BUNDLED
from training.__main__ import app, main
from training.fonts import PILLOW_FONT
from training.render import render_lines


def test_harvested_lines_are_split_and_saved(tmp_path: Path) -> None:
    for number, text in enumerate(["Handmade books", "Seven wax jugs", "Quick brown fox"]):
        drawn = render_lines([text], PILLOW_FONT, 44, np.random.default_rng(0), spacing=0.1).grey
        Image.fromarray(np.pad(drawn, 20, constant_values=255)).save(tmp_path / f"{number}.png")
        (tmp_path / f"{number}.gt.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "lines.npz"
    arguments = ["harvest", "--model", str(BUNDLED), "--lines", str(tmp_path), "--out", str(out)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "3 of 3 lines aligned" in result.output
    samples = read_npz(out)
    assert "".join(samples.part("val").labels) == "Quickbrownfox"
    assert len(samples.part("train")) + len(samples.part("val")) == len(samples)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["harvest", "--model", "none.safetensors", "--lines", ".", "--out", "x.npz"], "none.safetensors"),
        (["harvest", "--model", str(BUNDLED), "--lines", ".", "--out", "x.npz"], "no line"),
        (["samples", "--fonts", "none", "--out", "made"], "no font folder none"),
        (["finish", str(BUNDLED), "--data", "none.npz", "--fonts", ".", "--out", "x"], "none.npz"),
        (["glyphs", "--fonts", ".", "--data", "none", "--out", "x.npz", "--pictures", "1"], "no folder none"),
    ],
)
def test_what_is_missing_is_told_in_one_line(
    arguments: list[str],
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["training", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    error = capsys.readouterr().err
    assert stop.value.code == 1
    assert (error.count("\n"), error.startswith("training: ")) == (1, True)
    assert why in error
