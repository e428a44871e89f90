"""``ocr learn``: what it takes, says and writes, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn.model import Sequential
from ocr.classify import BUNDLED
from ocr.cli import run
from ocr.errors import Exit
from ocr.learning.corrections import Corrections
from tests.ocr.learning.writer import ink, written

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def kept(tmp_path: Path) -> Corrections:
    corrections = Corrections(tmp_path / "kept")
    corrections.add(written("EF", 50, 0, seed=0), ["E", "F"], "note.jpg")
    return corrections


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Photos of single letters, dark on light, in a folder for each."""
    for text in "AT":
        (tmp_path / "photos" / text).mkdir(parents=True)
        letter = np.pad(255 - ink(text, 20, 0) // 4 * 3, 30, constant_values=250)
        Image.fromarray(letter).save(tmp_path / "photos" / text / "1.JPG", quality=90)
    return tmp_path / "photos"


def test_corrections_are_learned_and_the_model_is_read_with(
    kept: Corrections, tmp_path: Path, capsys: Capture
) -> None:
    out = tmp_path / "mine.safetensors"
    assert run(["learn", str(kept.folder), "--out", str(out)]) == Exit.ALL_READ
    said, complaints = capsys.readouterr()
    assert "letters     2, of 2 characters" in said
    assert str(out) in said
    assert complaints == ""
    sample = Path(__file__).parents[3] / "samples/note.jpg"
    assert run(["read", str(sample), "--model", str(out)]) == Exit.ALL_READ
    assert "YOUR CAT" in capsys.readouterr().out


def test_photos_of_single_letters_are_learned(
    photos: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photos / "T" / "2.png").write_bytes(b"no picture")
    (photos / "T" / "notes.txt").write_text("not looked at")
    monkeypatch.chdir(tmp_path)
    assert run(["learn", str(photos)]) == Exit.PICTURE
    said, complaints = capsys.readouterr()
    assert "letters     2, of 2 characters" in said
    assert len(complaints.splitlines()) == 1
    assert "2.png" in complaints
    assert Sequential.load("mine.safetensors").settings["learned"] == {"samples": 2}


def test_an_export_is_learned_and_unknown_characters_are_told(
    kept: Corrections, tmp_path: Path, capsys: Capture
) -> None:
    kept.add(written("E", 0, 0, seed=1), ["é"], "note.jpg")
    kept.to_npz(tmp_path / "mine.npz")
    out = tmp_path / "mine.safetensors"
    assert run(["learn", str(tmp_path / "mine.npz"), "-o", str(out)]) == Exit.ALL_READ
    said, complaints = capsys.readouterr()
    assert "letters     2, of 2 characters" in said
    assert "left out" in complaints
    assert "é" in complaints


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["none"], Exit.USAGE, "there is no such folder"),
        (["file"], Exit.USAGE, "is no folder"),
        (["empty"], Exit.USAGE, "no pictures"),
        (["words"], Exit.USAGE, "such as U+0041"),
        (["broken"], Exit.USAGE, "no letters to learn from"),
        (["bad.npz"], Exit.USAGE, "not a readable .npz"),
        (["kept", "--model", "none.safetensors"], Exit.MODEL, "no such file"),
        (["kept", "--model", "base.safetensors", "--out", "base.safetensors"], Exit.USAGE, "another file"),
        (["kept", "--out", "none/mine.safetensors"], Exit.OUTPUT, "there is no folder none"),
        (["kept", "--out", "empty"], Exit.OUTPUT, "is a folder"),
        (["kept", "--out", "/dev/null"], Exit.OUTPUT, "no file"),
        (["kept", "--out", "note.png"], Exit.USAGE, "take the place of a picture"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(
    arguments: list[str],
    code: Exit,
    said: str,
    kept: Corrections,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("file", "bad.npz", "words/AB/1.png", "broken/A/1.png"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(b"x")
    Path("empty").mkdir()
    Path("base.safetensors").write_bytes(BUNDLED.read_bytes())
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert run(["learn", *arguments]) == code
    complaint = capsys.readouterr().err.splitlines()[-1]
    assert said in complaint
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before
