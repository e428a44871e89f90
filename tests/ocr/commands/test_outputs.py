"""Several formats of one reading, what is unsure left out, and the lists of what there is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PIL import Image

import nn.commands.cli
import ocr.reader
from ocr.commands.cli import run
from ocr.errors import Exit
from ocr.formats import FORMATS
from tests.ocr.commands.test_cli import WidthReader

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for width in (30, 40):
        Image.new("L", (width, 20), 255).save(f"{width}.png")


@pytest.fixture
def _width_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.reader, "Reader", WidthReader)


def written() -> list[str]:
    return sorted(name for name in os.listdir() if not name.endswith(".png"))


@pytest.mark.usefixtures("_width_reader")
@pytest.mark.parametrize("formats", [["-f", "text", "-f", "json"], ["-f", "text,json"]])
@pytest.mark.parametrize("out", ["out", "out.txt", "out.json"])
def test_several_formats_are_files_beside_each_other(formats: list[str], out: str, capsys: Capture) -> None:
    assert run(["read", "30.png", "-o", out, *formats]) == Exit.ALL_READ
    assert written() == ["out.json", "out.txt"]
    assert Path("out.txt").read_text() == "30\n"
    assert json.loads(Path("out.json").read_text())["source"] == "30.png"
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("_width_reader")
def test_several_formats_of_several_pictures_are_what_each_would_be_alone() -> None:
    names = [name for name, one in FORMATS.items() if not one.one_page]
    pictures = ["30.png", "none.png", "40.png"]
    assert run(["read", *pictures, "-o", "all", "-f", ",".join(names)]) == Exit.PICTURE
    for name in names:
        assert run(["read", *pictures, "-o", "one", "-f", name]) == Exit.PICTURE
        together = Path(f"all{FORMATS[name].extension}").read_bytes()
        assert together == Path("one").read_bytes() or name == "pdf", name


@pytest.mark.usefixtures("_width_reader")
@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (["-f", "text", "-f", "json"], Exit.USAGE, "2 formats do not go to standard output together"),
        (["-f", "text,json", "-o", "-"], Exit.USAGE, "name a file with -o"),
        (["-f", "text,docx", "-o", "out"], Exit.USAGE, "'docx' is none of"),
        (["40.png", "-f", "text,page", "-o", "out"], Exit.USAGE, "a file of 'page' holds one page"),
        (["-f", "text,json", "-o", "folder"], Exit.OUTPUT, "folder: is a folder; name a file in it"),
        (["-f", "text,json", "-o", "none/out"], Exit.OUTPUT, "there is no folder none"),
        (["-f", "text,tsv", "-o", "out", "--drop-unsure"], Exit.USAGE, "goes with --min-confidence"),
    ],
)
def test_formats_that_cannot_be_written_leave_nothing(
    arguments: list[str], code: Exit, why: str, capsys: Capture
) -> None:
    Path("folder").mkdir()
    assert run(["read", "30.png", *arguments]) == code
    out, err = capsys.readouterr()
    assert why in err and err.count("\n") == 1 and not out
    assert written() == ["folder"]


@pytest.mark.usefixtures("_width_reader")
def test_where_nothing_is_read_no_format_is_written() -> None:
    Path("out.txt").write_text("old")
    assert run(["read", "none.png", "-f", "text,json", "-o", "out"]) == Exit.PICTURE
    assert written() == ["out.txt"] and Path("out.txt").read_text() == "old"


@pytest.mark.usefixtures("_width_reader")
def test_unsure_words_are_left_out(capsys: Capture) -> None:
    assert run(["read", "30.png", "--min-confidence", "0.8", "--drop-unsure"]) == Exit.ALL_READ
    assert capsys.readouterr().out == ""
    assert run(["read", "30.png", "--min-confidence", "0.75", "--drop-unsure"]) == Exit.ALL_READ
    assert capsys.readouterr().out == "30\n"


def test_languages_are_listed(capsys: Capture) -> None:
    assert run(["languages"]) == Exit.ALL_READ
    lines = capsys.readouterr().out.splitlines()
    assert "de    German      de, deu, ger" in lines and lines[-1].startswith("none ")


def test_characters_are_listed_as_a_whitelist_takes_them(capsys: Capture) -> None:
    assert run(["characters"]) == Exit.ALL_READ
    english = capsys.readouterr().out.rstrip("\n")
    assert set("AZaz09.,") <= set(english) and "ä" not in english and len(set(english)) == len(english)
    assert run(["characters", "--lang", "de"]) == Exit.ALL_READ
    german = capsys.readouterr().out.rstrip("\n")
    assert set(german) > set(english) and set(german) - set(english) >= set("äöüÄÖÜß")
    ocr.Reader(language="de", whitelist=german)


@pytest.mark.parametrize("command", [[], ["read"], ["batch"], ["languages"]])
def test_help_has_a_short_form(command: list[str], capsys: Capture) -> None:
    assert run([*command, "-h"]) == Exit.ALL_READ
    assert "Usage: ocr" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["-h"], ["train", "-h"], ["--version"]])
def test_nn_has_help_and_a_version(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as stop:
        nn.commands.cli.main(arguments)
    assert not stop.value.code
    assert ("nn 0." if arguments == ["--version"] else "Usage: nn") in capsys.readouterr().out


def test_a_shell_can_complete_commands_and_options(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert run(["--help"]) == Exit.ALL_READ and "--install-completion" in capsys.readouterr().out
    monkeypatch.setenv("_OCR_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "ocr rea")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert run([]) == Exit.ALL_READ
    assert capsys.readouterr().out.split() == ["read"]
