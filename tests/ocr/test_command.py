"""The command from end to end: real pictures, the bundled network, and bad input of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr.commands.cli import run
from ocr.errors import Exit


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures good and bad."""
    folder = tmp_path_factory.mktemp("pictures")
    note = Image.new("L", (420, 160), 240)
    ImageDraw.Draw(note).text((20, 20), "HELLO 42\nWORLD", fill=30, font=ImageFont.load_default(48))
    note.save(folder / "note.png")
    note.save(folder / "note.jpg")
    note.save(folder / "pages.tif", save_all=True, append_images=[Image.new("L", (50, 40), 255), note])
    (folder / "cut.jpg").write_bytes((folder / "note.jpg").read_bytes()[:1500])
    (folder / "words.png").write_text("not a picture\n")
    (folder / "empty.png").touch()
    (folder / "broken.safetensors").write_bytes(bytes(range(256)))
    Image.new("L", (1, 1), 255).save(folder / "dot.png")
    Image.new("L", (200, 150), 255).save(folder / "white.png")
    Image.new("RGB", (200, 150)).save(folder / "black.png")
    Image.new("L", (1, 900), 128).save(folder / "thin.png")
    noise = np.random.default_rng(0).integers(0, 256, (90, 120, 3)).astype(np.uint8)
    Image.fromarray(noise).save(folder / "noise.png")
    return folder


@pytest.fixture(autouse=True)
def _there(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pictures)


def test_a_note_is_read_with_all_that_is_known_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", "note.png", "-f", "json", "--top-k", "3"]) == Exit.ALL_READ
    [page] = json.loads(capsys.readouterr().out)["pages"]
    assert (page["width"], page["height"]) == (420, 160)
    assert [len(line["words"]) for line in page["lines"]] == [2, 1]
    elements = [*page["lines"]]
    elements += [word for line in page["lines"] for word in line["words"]]
    elements += [glyph for line in page["lines"] for word in line["words"] for glyph in word["glyphs"]]
    for element in elements:
        left, top, right, bottom = element["box"]
        assert 0 <= left < right <= 420 and 0 <= top < bottom <= 160
        assert 0 < element["confidence"] <= 1
        shares = [one["confidence"] for one in element.get("alternatives", [])]
        assert len(shares) <= 3


def test_every_page_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", "pages.tif"]) == Exit.ALL_READ
    first, blank, third = capsys.readouterr().out.split("\f")
    assert first == third
    assert first.strip() and first.endswith("\n")
    assert blank == ""


@pytest.mark.parametrize(
    ("whitelist", "said"),
    [("0-9", "0 - 9 are three characters"), ("XA-C.", "such as ABC"), ("9-0", ""), ("-09", "")],
)
def test_a_range_in_a_whitelist_is_told_to_be_none(
    whitelist: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["read", "white.png", "--whitelist", whitelist]) == Exit.ALL_READ
    out, err = capsys.readouterr()
    assert out == "" and said in err and ("taken as it stands" in err) == bool(said)
    assert err.count("\n") == (2 if said else 1) and "no letters found" in err


def test_a_whitelist_binds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", "note.png", "noise.png", "--whitelist", "XYZ"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert set("".join(line for line in lines if not line.startswith("==>"))) <= set("XYZ \f")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none.png", "no such file"),
        (".", "folder"),
        ("words.png", "text"),
        ("empty.png", "empty"),
        ("cut.jpg", "cut short"),
        ("broken.safetensors", "no picture"),
    ],
)
def test_what_is_no_picture_is_one_line(name: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", name]) == Exit.PICTURE
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"ocr: {name}: ") and why in err


@pytest.mark.parametrize("name", ["dot.png", "white.png", "black.png", "thin.png"])
def test_a_picture_of_nothing_has_no_letters(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", name]) == Exit.ALL_READ
    assert capsys.readouterr() == ("", f"ocr: {name}: no letters found\n")


def test_noise_is_read_as_whatever_it_is() -> None:
    assert run(["read", "noise.png"]) == Exit.ALL_READ


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--pipeline", "zebra"], Exit.USAGE, "zebra"),
        (["--whitelist", ""], Exit.USAGE, "'--whitelist': the whitelist is empty"),
        (
            ["--whitelist", " 1é2"],
            Exit.USAGE,
            "'--whitelist': the model does not know these characters",
        ),
        (["--lang", "zz"], Exit.USAGE, "'--language': unknown language 'zz'"),
        (["--pages", "x"], Exit.USAGE, "'--pages': the pages 'x' are no number or range"),
        (["--model", "broken.safetensors"], Exit.MODEL, "broken.safetensors: "),
        (["--model", "none.safetensors"], Exit.MODEL, "none.safetensors: no such file"),
        (["--model", "."], Exit.MODEL, ".: "),
        (["--max-pixels", "1000"], Exit.PICTURE, "--max-pixels 67200"),
    ],
)
def test_settings_that_will_not_do_say_so(
    options: list[str], code: Exit, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["read", "note.png", *options]) == code
    out, err = capsys.readouterr()
    assert not out
    assert why in err


def test_inspect_lists_the_pictures_that_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "stages"
    assert run(["inspect", "note.jpg", "-o", str(folder)]) == Exit.ALL_READ
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert written and sorted(written) == sorted(folder.iterdir())
    for path in written:
        with Image.open(path) as stage:
            stage.load()


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["none.png", "-o", "stages"], Exit.PICTURE, "none.png: no such file"),
        (["note.png", "-o", "words.png"], Exit.OUTPUT, "words.png: is a file, not a folder"),
        (["note.png", "-o", "words.png/stages"], Exit.OUTPUT, "cannot be written"),
    ],
)
def test_inspect_says_in_one_line_what_went_wrong(
    arguments: list[str], code: Exit, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["inspect", *arguments]) == code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert why in err


def test_it_works_from_any_folder_and_leaves_nothing_there(pictures: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    command = [sys.executable, "-m", "ocr", "read", str(pictures / "note.png"), "-"]
    with (pictures / "note.jpg").open("rb") as note:
        done = subprocess.run(command, cwd=tmp_path, stdin=note, capture_output=True, text=True)
    tmp_path.chmod(0o700)
    assert (done.returncode, done.stderr) == (Exit.ALL_READ, "")
    assert f"==> {pictures / 'note.png'} <==" in done.stdout
    assert "==> <stdin> <==" in done.stdout
    assert os.listdir(tmp_path) == []
