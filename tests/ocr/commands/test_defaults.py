"""Defaults of options: the command line beats the environment, that beats a file; and how much is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import ocr.reader
from ocr.commands.cli import run
from ocr.errors import Exit
from tests.ocr.commands.test_cli import WidthReader

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ocr.reader, "Reader", WidthReader)
    monkeypatch.delenv("OCR_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    for width in (1, 30):
        Image.new("L", (width, 20), 255).save(f"{width}.png")


def users(text: str) -> Path:
    """Write the user's file of defaults."""
    path = Path("settings/letters-ocr/config.toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def made_with(*arguments: str, code: int = Exit.ALL_READ) -> Any:
    """Return the settings of the reader that ``ocr read`` makes."""
    assert run(["read", "30.png", *arguments]) == code
    return WidthReader.made_with


def test_the_command_line_beats_the_environment_and_that_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    users('language = "sv"\ntop-k = 7\nmax_pixels = 900\nwhitelist = 12\nregion = [0, 0, 9, 9]')
    monkeypatch.setenv("OCR_LANGUAGE", "de")
    monkeypatch.setenv("OCR_TOP_K", "8")
    options = made_with("--lang", "fr")
    assert (options.language, options.top_k, options.max_pixels) == ("fr", 8, 900)
    assert (options.whitelist, options.region) == ("12", "0,0,9,9")
    assert made_with().language == "de"
    monkeypatch.delenv("OCR_LANGUAGE")
    assert made_with().language == "sv"


def test_a_table_is_for_one_command_and_what_stands_above_for_all_that_have_it(capsys: Capture) -> None:
    users('lang = "sv"\njobs = 3\n[read]\nlang = "de"\nformat = ["json"]\nquiet = true\n[batch]\nlang = "it"')
    assert made_with().language == "de"
    assert capsys.readouterr().out.startswith("{")
    assert run(["read", "1.png", "-f", "text"]) == Exit.ALL_READ
    assert capsys.readouterr() == ("", "")
    assert run(["inspect", "none.png", "-o", "stages"]) == Exit.PICTURE
    assert WidthReader.made_with.language == "sv"


def test_a_file_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    users('language = "sv"')
    Path("mine.toml").write_text('language = "it"')
    assert made_with("--config", "mine.toml").language == "it"
    monkeypatch.setenv("OCR_CONFIG", "mine.toml")
    assert made_with().language == "it"
    assert made_with("--config", "/dev/null").language == "en"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('langage = "de"', "no command has an option 'langage'"),
        ("[raed]\ntop-k = 3", "no command has an option 'raed'"),
        ("[read]\njobs = 3", "ocr read has no option 'jobs'"),
        ("paths = 3", "no command has an option 'paths'"),
        ("[language]\na = 1", "'language' is a table"),
        ("read = 1", "'read' is to be a table"),
        ("top-k = ", "is no TOML"),
        ('top-k = "five"', "'--top-k'"),
        ("top-k = 0", "'--top-k'"),
        ('language = "zz"', "'--language': unknown language 'zz'"),
        ("min-confidence = 2", "2 is not between 0 and 1"),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line_that_names_it(text: str, why: str, capsys: Capture) -> None:
    path = users(text)
    assert run(["read", "30.png"]) == Exit.USAGE
    out, err = capsys.readouterr()
    assert not out and err.count("\n") == 1 and err.startswith("ocr: ")
    assert why in err and str(path) in err


def test_the_server_takes_defaults_too(capsys: Capture) -> None:
    users("[serve]\nport = 99999")
    assert run(["serve"]) == Exit.USAGE
    assert "'--port'" in capsys.readouterr().err


def test_a_file_that_is_named_must_be_there(capsys: Capture) -> None:
    assert run(["read", "30.png", "--config", "none.toml"]) == Exit.USAGE
    assert "'--config': none.toml: No such file or directory" in capsys.readouterr().err


def test_wrong_values_of_the_environment_are_told_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("OCR_TOP_K", "0")
    made_with(code=Exit.USAGE)
    assert "(from OCR_TOP_K)" in capsys.readouterr().err
    monkeypatch.setenv("OCR_TOP_K", "1")
    monkeypatch.setenv("OCR_PIPELINE", "zebra")
    made_with(code=Exit.USAGE)
    assert "(from OCR_PIPELINE)" in capsys.readouterr().err
    made_with("--pipeline", "horse", code=Exit.USAGE)
    assert "OCR_" not in capsys.readouterr().err


def test_less_and_more_is_said(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    assert run(["read", "1.png", "none.png", "-q"]) == Exit.PICTURE
    assert capsys.readouterr().err == "ocr: none.png: no such file\n"
    monkeypatch.setenv("OCR_LANGUAGE", "de")
    assert run(["read", "30.png", "-v"]) == Exit.ALL_READ
    first, second = capsys.readouterr().err.splitlines()
    assert first == "ocr: --language de, from OCR_LANGUAGE"
    assert second.startswith("ocr: 30.png: 2 letters, in ")
    assert run(["read", "30.png"]) == Exit.ALL_READ and capsys.readouterr().err == ""
    assert run(["read", "30.png", "-v", "-q"]) == Exit.USAGE
    assert "does not go with --quiet" in capsys.readouterr().err
