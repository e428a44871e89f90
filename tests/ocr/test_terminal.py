"""Names and texts from outside reach no terminal with characters that it obeys, whatever the command."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nn.commands.cli
from ocr.commands.cli import run
from ocr.commands.console import with_bar
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.formats import FORMATS

BAD = "a\x1b[31m\x07\nb"
"""Part of a name: it would colour what follows, ring, and begin another line."""
CONTROL = {chr(code) for code in (*range(32), *range(127, 160))} - {"\n"}


@pytest.fixture(autouse=True)
def _there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blank = Image.new("L", (60, 40), 255)
    blank.save("blank.png")
    blank.save(f"{BAD}.png")
    Path(f"{BAD}.txt").write_text("no picture")
    for folder in ("sets", f"sets/{BAD}", f"full {BAD}", f"letters/{BAD}"):
        Path(folder).mkdir(parents=True)
    blank.save(f"sets/{BAD}/{BAD}.png")
    Path(f"sets/{BAD}/{BAD}.gt.txt").write_text("A")
    Path(f"sets/{BAD}/alone {BAD}.gt.txt").write_text("A")
    blank.save(f"full {BAD}/{BAD}.png")
    Path(f"full {BAD}/cut {BAD}.png").write_text("no picture")


@pytest.mark.parametrize(
    "arguments",
    [
        [BAD],
        ["read", f"{BAD}.png"],
        ["read", f"{BAD}.png", f"{BAD}.png"],
        ["read", f"none {BAD}.png"],
        ["read", f"{BAD}.txt"],
        ["read", "blank.png", "-o", f"{BAD}/out.txt"],
        ["read", "blank.png", "-o", f"letters/{BAD}"],
        ["read", "blank.png", "-o", f"{BAD}.png"],
        ["read", "blank.png", "--model", f"{BAD}.txt"],
        ["read", "blank.png", "--model", f"none {BAD}"],
        ["read", "blank.png", "--pipeline", BAD],
        ["read", "blank.png", "--lang", BAD],
        ["read", "blank.png", "--whitelist", BAD],
        ["read", "blank.png", "--pages", BAD],
        ["read", "blank.png", "-f", BAD],
        ["read", "blank.png", f"--{BAD}"],
        ["inspect", "blank.png", "-o", f"stages {BAD}"],
        ["inspect", f"none {BAD}.png", "-o", "stages"],
        ["inspect", "blank.png", "-o", f"{BAD}.txt"],
        ["batch", f"full {BAD}", "out", "--jobs", "1"],
        ["batch", f"none {BAD}", "out"],
        ["batch", f"letters/{BAD}", "out"],
        ["batch", f"full {BAD}", f"{BAD}.txt"],
        ["batch", f"full {BAD}", "out", "--manifest", f"{BAD}/m.jsonl"],
        ["eval", "sets"],
        ["eval", "sets", "--against", f"full {BAD}"],
        ["eval", f"none {BAD}"],
        ["eval", "sets", "--pipeline", f"{BAD}=auto"],
        ["eval", "sets", "--html", f"{BAD}/report.html"],
        ["learn", f"none {BAD}"],
        ["learn", "letters", "-o", f"{BAD}/mine.safetensors"],
        ["learn", f"letters/{BAD}", "--model", f"{BAD}.txt"],
        ["serve", "--model", f"{BAD}.txt"],
        ["serve", "--corrections", f"{BAD}.txt"],
        ["serve", "--host", BAD],
    ],
    ids=lambda arguments: " ".join(arguments).replace(BAD, "BAD"),
)
def test_ocr_says_no_control_character(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    run(arguments)
    out, err = capsys.readouterr()
    assert out + err and not CONTROL & set(out + err)
    assert all(line.startswith("ocr: ") for line in err.splitlines())


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", BAD, "--data", "x.npz", "--out", "run"],
        ["train", "reader", "--data", f"{BAD}.txt", "--out", "run"],
        ["train-strips", BAD, "--data", "x.npz", "--out", "run"],
        ["train-strips", "strips/lines", "--data", f"{BAD}.npz", "--out", "run"],
        ["train-finder", "finder/text", "--data", f"{BAD}.npz", "--out", "run"],
        ["evaluate", f"none {BAD}", "--data", "x.npz"],
        ["evaluate", f"{BAD}.txt", "--data", "x.npz"],
        ["predict", f"none {BAD}", "blank.png"],
        ["report", BAD],
        ["export", f"none {BAD}", "--onnx", "out.onnx"],
        ["sweep", BAD, "--data", "x.npz", "--out", "runs"],
        ["compare", "--data", f"{BAD}.npz", "--out", "runs", "--table", "table.md"],
        ["data", "split", "--data", f"{BAD}.npz", "--out", "out.npz"],
        ["data", "split", "--data", "data", "--out", f"{BAD}.npz"],
        ["data", "fetch", BAD],
    ],
    ids=lambda arguments: " ".join(arguments).replace(BAD, "BAD"),
)
def test_nn_says_no_control_character(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for label in "AB":
        Path("data", label).mkdir(parents=True)
        Image.new("L", (28, 28)).save(f"data/{label}/{BAD}.png")
        Path(f"data/{label}/{BAD}.txt").touch()
    with pytest.raises(SystemExit):
        nn.commands.cli.main(arguments)
    out, err = capsys.readouterr()
    assert out + err and not CONTROL & set(out + err)
    assert all(line.startswith("nn: ") for line in err.splitlines())


def test_a_bar_says_no_control_character_and_takes_no_name_for_markup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "dumb")
    assert list(with_bar([1, 2], description=f"{BAD}[/red]")) == [1, 2]
    assert "\x07" not in terminal.getvalue() and "\x1b[31m" not in terminal.getvalue()


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "pdf"])
def test_control_characters_of_a_text_put_right_reach_no_format(name: str) -> None:
    said = "A\x1b[31m\x07\x7f\x9bB"
    glyph = Glyph(said, Box(1, 1, 9, 9), 0.5, (Alternative(said, 0.5),), np.zeros((28, 28), np.uint8))
    words = (Word((glyph,), 0.5, (Alternative(said, 0.5),)),) * 2
    right = Document((Page((Line(words),), 40, 20),) * 2, "a.png")
    made = "".join(str(content) for _, content in FORMATS[name].files(right))
    assert not (CONTROL - {"\t", "\f"} - ({"\r"} if name == "csv" else set())) & set(made)
    if name in ("text", "layout"):
        assert made.count("\f") == 1 and "A\ufffd[31m\ufffd\ufffd\ufffdB" in made
