"""``ocr learn``: what it takes, says and writes, and with which exit code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from nn.model import Sequential
from ocr.commands.cli import run
from ocr.errors import Exit
from ocr.learning.corrections import Corrections
from ocr.learning.learn import Learned
from ocr.recognition.classify import BUNDLED
from tests.ocr.learning.writer import FONT, ink, knowing, written

Capture = pytest.CaptureFixture[str]
LearnedFrom = Callable[..., tuple[int, int]]


@pytest.fixture
def kept(tmp_path: Path) -> Corrections:
    corrections = Corrections(tmp_path / "kept")
    corrections.add(written("EF", 50, 0, seed=0), ["E", "F"], "note.jpg")
    return corrections


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return knowing("AEFT", tmp_path / "small.safetensors")


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
    photos: Path, small: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photos / "T" / "2.png").write_bytes(b"no picture")
    (photos / "T" / "notes.txt").write_text("not looked at")
    monkeypatch.chdir(tmp_path)
    assert run(["learn", "photos", "--model", str(small)]) == Exit.PICTURE
    said, complaints = capsys.readouterr()
    assert "letters     2, of 2 characters" in said
    assert complaints.splitlines() == [
        "ocr: left out, as not called like pictures (1): photos/T/notes.txt",
        "ocr: photos/T/2.png: is text, not a picture",
    ]
    assert Sequential.load("mine.safetensors").settings["learned"] == {"samples": 2}


def test_an_export_is_learned_and_unknown_characters_are_told(
    kept: Corrections, small: Path, tmp_path: Path, capsys: Capture
) -> None:
    kept.add(written("E", 0, 0, seed=1), ["é"], "note.jpg")
    with open(tmp_path / "mine.npz", "wb") as file:
        kept.to_npz(file)
    out = tmp_path / "mine.safetensors"
    command = ["learn", str(tmp_path / "mine.npz"), "--model", str(small), "-o", str(out)]
    assert run(command) == Exit.ALL_READ
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
        (["dark.npz"], Exit.USAGE, "dark.npz: picture 2, 'F', is dark on light"),
        (["blank.npz"], Exit.USAGE, "blank.npz: picture 1, 'E', is empty"),
        (["none"], Exit.USAGE, "value for 'FOLDER':"),
        (["empty"], Exit.USAGE, "value for 'FOLDER':"),
        (["kept", "--model", "none.safetensors"], Exit.MODEL, "no such file"),
        (["kept", "--model", "base.safetensors", "--out", "base.safetensors"], Exit.USAGE, "another file"),
        (["kept", "--out", "none/mine.safetensors"], Exit.OUTPUT, "there is no folder none"),
        (["kept", "--out", "empty"], Exit.OUTPUT, "is a folder"),
        (["kept", "--out", "/dev/null"], Exit.OUTPUT, "no file"),
        (["kept", "--out", "note.png"], Exit.USAGE, "take the place of a picture"),
        (["kept", "--model", "base.safetensors", "-o", "base.safetensors"], Exit.USAGE, "value for '--out':"),
        (["kept", "--out", "file"], Exit.OUTPUT, "file: is there already, and is no network"),
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
    letters = written("EF", 0, 0, seed=1)
    bad = {"dark.npz": np.array([letters[0], 255 - letters[1]]), "blank.npz": np.zeros_like(letters)}
    for name, images in bad.items():
        np.savez(name, images=images, labels=np.array(["E", "F"]))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert run(["learn", *arguments]) == code
    complaint = capsys.readouterr().err.splitlines()[-1]
    assert said in complaint
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_cannot_be_written_is_told_before_anything_is_learned(
    kept: Corrections, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ocr.learning.learn.learn", None)
    assert run(["learn", str(kept.folder), "--out", "/proc/mine.safetensors"]) == Exit.OUTPUT
    assert "/proc/mine.safetensors: cannot be written" in capsys.readouterr().err


@pytest.fixture
def learned_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LearnedFrom:
    """Return what gives the exit code, and how many letters are learned, without learning."""
    counts = []

    def learn(images: np.ndarray, labels: list[str], **_: Any) -> Learned:
        counts.append(len(images))
        return Learned(tmp_path, len(images), (), 0.0, None, None, 1.0)

    monkeypatch.setattr("ocr.learning.learn.learn", learn)
    return lambda folder, *options: (
        run(["learn", str(folder), "--out", f"{tmp_path}/mine.safetensors", *options]),
        counts[-1],
    )


def test_a_model_and_an_empty_file_may_be_replaced(
    kept: Corrections, tmp_path: Path, learned_from: LearnedFrom
) -> None:
    out = tmp_path / "mine.safetensors"
    for content in (b"", BUNDLED.read_bytes()):
        out.write_bytes(content)
        assert learned_from(kept.folder) == (Exit.ALL_READ, 2)
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [out.name]


def test_every_format_that_is_read_is_learned_from(
    photos: Path, capsys: Capture, learned_from: LearnedFrom
) -> None:
    heif = pytest.importorskip("pillow_heif")
    letter = Image.open(photos / "A" / "1.JPG").convert("RGB")
    heif.from_pillow(letter).save(photos / "A" / "2.HEIC")
    letter.save(photos / "A" / "3.webp")
    assert learned_from(photos) == (Exit.ALL_READ, 4)
    assert capsys.readouterr().err == ""


def test_a_blank_picture_of_any_size_is_no_letter(
    photos: Path, capsys: Capture, learned_from: LearnedFrom
) -> None:
    for side in (28, 100):
        Image.new("L", (side, side), 255).save(photos / "A" / f"{side}.png")
    assert learned_from(photos) == (Exit.PICTURE, 2)
    assert capsys.readouterr().err.splitlines() == [
        f"ocr: {photos / 'A'}/{side}.png: no letter found" for side in (100, 28)
    ]


def test_a_larger_picture_is_learned_from_if_it_is_said_to_be_wanted(
    photos: Path, capsys: Capture, learned_from: LearnedFrom
) -> None:
    assert learned_from(photos, "--max-pixels", "12000") == (Exit.ALL_READ, 2)
    Image.new("L", (121, 100), 255).save(photos / "A" / "2.png")
    assert learned_from(photos, "--max-pixels", "12000") == (Exit.PICTURE, 2)
    assert "2.png: has 121 x 100 pixels" in capsys.readouterr().err


def typeset(text: str) -> Image.Image:
    picture = Image.new("L", (60 + round(FONT.getlength(text)), 130), 250)
    ImageDraw.Draw(picture).text((30, 20), text, fill=30, font=FONT)
    return picture


def test_a_word_is_no_letter_and_two_letters_are_told_of(
    photos: Path, capsys: Capture, learned_from: LearnedFrom
) -> None:
    typeset("HELLO").save(photos / "A" / "2.png")
    typeset("AB").save(photos / "A" / "3.png")
    assert learned_from(photos) == (Exit.PICTURE, 3)
    assert capsys.readouterr().err.splitlines() == [
        f"ocr: {photos}/A/2.png: shows 5 letters, 'HELLO'; cut the 'A' out",
        f"ocr: {photos}/A/3.png: taken for one letter, 'A', though it may be two, 'AB'",
    ]


def test_wide_letters_and_those_in_several_pieces_are_one(
    tmp_path: Path, capsys: Capture, learned_from: LearnedFrom
) -> None:
    broken = np.asarray(typeset("K")).copy()
    broken[70:75] = 250
    pictures = {text: typeset(text) for text in "WMmij:%="} | {"K": Image.fromarray(broken)}
    for text, picture in pictures.items():
        (tmp_path / text).mkdir()
        picture.save(tmp_path / text / "1.png")
    assert learned_from(tmp_path) == (Exit.ALL_READ, len(pictures))
    assert capsys.readouterr().err == ""
