"""The command: what it prints where, with which exit code, and that it never shows a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import ocr.reader
from nn.errors import ModelError
from ocr.commands.cli import run
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.errors import Exit
from ocr.formats import FORMATS
from ocr.options import LANGUAGES, ReadOptions
from ocr.reader import Reader, read
from pipelines.pipeline import PRESETS
from pipelines.sources.load import Picture, Source, load


class WidthReader:
    """Reads a picture as its width in pixels, and one of 13 pixels as a defect."""

    made_with: ReadOptions

    def __init__(self, options: ReadOptions) -> None:
        type(self).made_with = self.options = options
        if options.model is not None:
            raise ModelError(f"{options.model}: damaged")

    def load(self, source: Source) -> Iterator[Picture]:
        return load(source, max_pixels=self.options.max_pixels)

    def read(self, source: Source, progress: Callable[[int], object] = int) -> Document:
        pages, name = [], ""
        for picture in self.load(source):
            progress(picture.number)
            height, width = picture.pixels.shape[:2]
            name = picture.name
            if width == 13:
                raise IndexError("unlucky\nnumber")
            if width == 14:
                raise MemoryError
            lines = () if width == 1 else (Line((word(str(width)),)),)
            pages.append(Page(lines, width, height, picture.number))
        return Document(tuple(pages), name)


def word(text: str) -> Word:
    image = np.zeros((28, 28), np.uint8)
    best = (Alternative(text, 0.75),)
    return Word(tuple(Glyph(c, Box(0, 0, 5, 5), 0.75, best, image) for c in text), 0.75, best)


@pytest.fixture
def _width_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.reader, "Reader", WidthReader)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def picture(width: int, name: str | None = None) -> str:
    name = name or f"{width}.png"
    Image.new("L", (width, 20), 255).save(name)
    return name


pytestmark = pytest.mark.usefixtures("_width_reader", "here")


# --- read ---


def test_one_picture_prints_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", picture(30)]) == Exit.ALL_READ
    assert capsys.readouterr() == ("30\n", "")


def test_several_pictures_print_under_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", picture(30), picture(40)]) == Exit.ALL_READ
    assert capsys.readouterr() == ("==> 30.png <==\n30\n\n==> 40.png <==\n40\n", "")


def test_json_is_an_object_for_one_and_an_array_for_several(capsys: pytest.CaptureFixture[str]) -> None:
    run(["read", "-f", "json", picture(30)])
    alone = json.loads(capsys.readouterr().out)
    assert alone["pages"][0]["lines"][0]["text"] == "30"
    run(["read", "--format=json", "30.png", picture(40)])
    assert [one["source"] for one in json.loads(capsys.readouterr().out)] == ["30.png", "40.png"]


def test_doubtful_letters_are_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", picture(30), "--min-confidence", "0.75"]) == Exit.ALL_READ
    assert run(["read", "30.png", "--min-confidence", "0.8"]) == Exit.ALL_READ
    assert run(["read", "30.png", "30.png", "--min-confidence", "0.8"]) == Exit.ALL_READ
    assert capsys.readouterr().out == "30\n‹30›\n==> 30.png <==\n‹30›\n\n==> 30.png <==\n‹30›\n"
    assert run(["read", "30.png", "--min-confidence", "0.8", "-f", "json"]) == Exit.ALL_READ
    [page] = json.loads(capsys.readouterr().out)["pages"]
    assert page["text"] == "30"
    assert page["lines"][0]["words"][0]["doubtful"] is True


def test_a_bad_picture_does_not_stop_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", picture(30), "none.png", picture(40)]) == Exit.PICTURE
    out, err = capsys.readouterr()
    assert out == "==> 30.png <==\n30\n\n==> 40.png <==\n40\n"
    assert err == "ocr: none.png: no such file\n"


def test_bad_pictures_leave_json_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", "-f", "json", "none.png", picture(30)]) == Exit.PICTURE
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert run(["read", "-f", "json", "none.png", "nor.png"]) == Exit.PICTURE
    assert json.loads(capsys.readouterr().out) == []


def test_standard_input_is_a_picture(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(picture(30)).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run(["read", "-"]) == Exit.ALL_READ
    assert capsys.readouterr().out == "30\n"
    monkeypatch.setattr(sys, "stdin", None)
    assert run(["read", "-"]) == Exit.PICTURE
    assert capsys.readouterr().err == "ocr: <stdin>: is closed\n"


def test_a_picture_without_letters_is_read_and_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", picture(1)]) == Exit.ALL_READ
    assert capsys.readouterr() == ("", "ocr: 1.png: no letters found\n")


@pytest.mark.parametrize(("width", "code"), [(13, Exit.INTERNAL), (14, Exit.PICTURE)])
def test_a_failure_inside_is_one_line_and_does_not_stop_the_others(
    width: int, code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["read", picture(width), picture(30), "none.png"]) == code
    out, err = capsys.readouterr()
    assert out == "==> 30.png <==\n30\n"
    assert err.count("\n") == 2
    assert err.startswith(f"ocr: {width}.png: ")
    assert "Traceback" not in err


def test_settings_reach_the_reader() -> None:
    run(
        [
            "read",
            picture(30),
            "--pipeline",
            "word",
            "--whitelist",
            "012",
            "--top-k=3",
            "--max-pixels=700",
            "--lang=none",
            "--dpi=200",
            "--pages=1,3-",
        ]
    )
    assert WidthReader.made_with == ReadOptions(None, "word", "012", 3, 700, "none", 200, "1,3-")
    run(["read", "30.png"])
    assert WidthReader.made_with == ReadOptions()


def test_the_limit_on_pixels_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", picture(30), "--max-pixels", "599"]) == Exit.PICTURE
    assert "--max-pixels 600" in capsys.readouterr().err
    assert run(["read", "30.png", "--max-pixels", "600"]) == Exit.ALL_READ


def test_a_folder_is_named_in_one_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "scans").mkdir()
    assert run(["read", "scans"]) == Exit.PICTURE
    assert capsys.readouterr().err == (
        f"ocr: scans: is a folder, not a picture; pass the pictures in it, e.g. scans{os.sep}*.jpg\n"
    )


# --- usage ---


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["read"], "PATH"),
        (["read", "a.png", "-f", "docx"], "'docx' is none of text, "),
        (["read", "a.png", "--pipeline", "zebra"], "'--pipeline': unknown pipeline 'zebra'"),
        (["read", "a.png", "--top-k", "0"], "top-k"),
        (["read", "a.png", "--max-pixels", "0"], "max-pixels"),
        (["read", "a.png", "--sideways"], "--sideways"),
        (["read", "a.png", "--min-confidence", "90"], "'--min-confidence': 90 is not between 0 and 1"),
        (["read", "a.png", "--min-confidence", "nan"], "'--min-confidence': nan is not between 0 and 1"),
        (["read", "a.png", "a.png", "-f", "page"], "'--format': a file of 'page' holds one page"),
        (["read", "two.tif", "-f", "page", "-o", "two.xml"], "two.tif has more"),
        (["read", "b.png", "-o", "a.png"], "picture"),
        (["peruse", "a.png"], "peruse"),
        (["inspect", "a.png"], "--output"),
    ],
)
def test_wrong_usage_says_what_is_wrong(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    picture(30, "a.png")
    two = [Image.new("L", (30, 20)) for _ in range(2)]
    two[0].save("two.tif", save_all=True, append_images=two[1:])
    before = Path("a.png").read_bytes()
    assert run(arguments) == Exit.USAGE
    out, err = capsys.readouterr()
    assert why in err and err.count("\n") == 1
    assert not out and not Path("two.xml").exists()
    assert Path("a.png").read_bytes() == before


def test_the_help_names_every_pipeline(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", "--help"]) == Exit.ALL_READ
    text = " ".join(capsys.readouterr().out.split())
    assert all(name in text for name in PRESETS)


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == Exit.ALL_READ
    assert capsys.readouterr().out.startswith("ocr 0.")


def test_a_model_that_cannot_be_loaded_has_a_code_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", picture(30), "--model", "broken"]) == Exit.MODEL
    assert capsys.readouterr() == ("", "ocr: broken: damaged\n")


# --- output ---


def test_output_goes_to_a_file_and_nowhere_else(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "out.txt").write_text("old")
    assert run(["read", picture(30), "-o", "out.txt"]) == Exit.ALL_READ
    assert (here / "out.txt").read_text() == "30\n"
    assert capsys.readouterr() == ("", "")
    assert sorted(os.listdir()) == ["30.png", "out.txt"]


def test_a_dash_as_output_is_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["read", picture(30), "-o", "-"]) == Exit.ALL_READ
    assert capsys.readouterr().out == "30\n"


def test_a_link_is_followed(here: Path) -> None:
    (here / "link.txt").symlink_to("real.txt")
    assert run(["read", picture(30), "-o", "link.txt"]) == Exit.ALL_READ
    assert (here / "link.txt").is_symlink()
    assert (here / "real.txt").read_text() == "30\n"


def test_output_of_what_could_be_read_is_written(here: Path) -> None:
    assert run(["read", "none.png", picture(30), "-o", "out.txt"]) == Exit.PICTURE
    assert (here / "out.txt").read_text() == "==> 30.png <==\n30\n"


def test_where_nothing_could_be_read_the_old_output_stays(here: Path) -> None:
    (here / "out.txt").write_text("old")
    assert run(["read", "none.png", "nor.png", "-o", "out.txt"]) == Exit.PICTURE
    assert (here / "out.txt").read_text() == "old"
    assert os.listdir() == ["out.txt"]


def test_a_failure_in_writing_leaves_the_old_output(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "out.txt").write_text("old")

    def interrupted(*_: object) -> Iterator[str]:
        yield "half"
        raise SystemExit(Exit.INTERRUPTED)

    monkeypatch.setitem(FORMATS, "text", replace(FORMATS["text"], render_all=interrupted))
    assert run(["read", "none.png", "nor.png", "-o", "out.txt"]) == Exit.INTERRUPTED
    assert (here / "out.txt").read_text() == "old"
    assert os.listdir() == ["out.txt"]


@pytest.mark.parametrize("out", ["no/such/out.txt", "folder", "folder/a/b"])
def test_an_output_that_cannot_be_written_is_one_line(
    out: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "folder").mkdir()
    assert run(["read", picture(30), "-o", out]) == Exit.OUTPUT
    stdout, err = capsys.readouterr()
    assert err.startswith(f"ocr: {out}: ") and err.count("\n") == 1
    assert not stdout


def test_a_folder_that_may_not_be_written_to_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    name = picture(30)
    monkeypatch.setattr(Path, "open", refuse)
    assert run(["read", name, "-o", "out.txt"]) == Exit.OUTPUT
    assert capsys.readouterr().err == "ocr: out.txt: cannot be written: Permission denied\n"


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no /dev/null here")
def test_a_device_is_written_to_as_it_stands() -> None:
    assert run(["read", picture(30), "-o", "/dev/null"]) == Exit.ALL_READ
    assert Path("/dev/null").is_char_device()


def test_the_docstring_names_every_pipeline_and_every_language() -> None:
    named = set(re.findall(r"\w+", str(ReadOptions.__doc__)))
    assert {*PRESETS, *re.findall(r"\b(?!or\b)\w+", LANGUAGES)} <= named
    for described in (Reader, read):
        assert "ocr.ReadOptions" in str(described.__doc__)


# --- as a process ---

STARTED = """
import os, sys, time, types
from ocr.commands.cli import main

class Reader:
    load = None
    def __init__(self, options): self.options = options
    def read(self, source, progress):
        {body}

sys.modules["ocr.reader"] = types.ModuleType("ocr.reader")  # it takes long to load
sys.modules["ocr.reader"].Reader = Reader
main()
"""
NOTHING = "from ocr.document import Document; return Document((), str(source))"
WIDE = "from pipelines.errors import PictureError; raise PictureError('caf\\u00e9 \\u20ac \\udc80: no')"


def start(body: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", STARTED.format(body=body), "read", *arguments]
    defaults: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, **(defaults | options))


def test_what_libraries_write_to_stderr_is_not_shown() -> None:
    noise = "os.write(2, b'libtiff: blah'); import logging; logging.error('no server')"
    with start(f"{noise}; {NOTHING}", "a.png") as process:
        assert process.communicate() == ("", "ocr: a.png: no letters found\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_any_terminal_encoding_will_do(encoding: str) -> None:
    with start(WIDE, "a.png", env=os.environ | {"PYTHONIOENCODING": encoding}, encoding="latin-1") as process:
        _, err = process.communicate()
    assert err == ("ocr: caf\\xe9 \\u20ac" if encoding == "ascii" else "ocr: café \\u20ac") + " \\udc80: no\n"
    assert process.returncode == Exit.PICTURE


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_quiet_and_leaves_nothing(number: signal.Signals) -> None:
    body = "print('go', flush=True); time.sleep(60)"
    with start(body, "a.png", "-o", "out.txt") as process:
        assert process.stdout is not None and process.stdout.readline() == "go\n"
        process.send_signal(number)
        assert process.communicate() == ("", "")
    assert process.returncode == 128 + number
    assert os.listdir() == []


@pytest.mark.skipif(os.name == "nt", reason="signals are another thing there")
@pytest.mark.parametrize("package", ["ocr", "nn"])
def test_an_interruption_is_quiet_while_what_is_needed_is_still_being_imported(package: str) -> None:
    for name in ("numpy", "typer", "rich"):
        Path(f"{name}.py").write_text("import time; print('go', flush=True); time.sleep(60)")
    command, environment = [sys.executable, "-m", package], os.environ | {"PYTHONPATH": "."}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "go\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate() == ("", "")
    assert process.returncode == Exit.INTERRUPTED


@pytest.mark.skipif(os.name == "nt", reason="pipes are another thing there")
def test_a_reader_of_the_output_that_goes_away_is_no_error() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with start(NOTHING, "a.png", "b.png", stdout=write_end) as process:
        os.close(write_end)
        _, err = process.communicate()
    assert "Error" not in err
    assert process.returncode == Exit.PIPE_CLOSED


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_behind_standard_output_is_one_line() -> None:
    with open("/dev/full", "w") as full, start(NOTHING, "a.png", "b.png", stdout=full) as process:
        _, err = process.communicate()
    assert err.splitlines()[-1] == "ocr: <stdout>: cannot be written: No space left on device"
    assert process.returncode == Exit.OUTPUT


@pytest.mark.skipif(os.name == "nt", reason="no shell there")
@pytest.mark.parametrize(("closed", "code"), [("0<&-", 0), ("1>&-", Exit.OUTPUT), ("2>&-", 0)])
def test_closed_streams_do_no_harm(closed: str, code: int) -> None:
    command = [sys.executable, "-c", STARTED.format(body=NOTHING), "read", "a.png"]
    done = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh", *command], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert (done.returncode, done.stdout) == (code, "")


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "ocr", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("ocr 0.")


def test_the_command_by_itself_shows_its_help_as_it_is_laid_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == Exit.USAGE
    shown = capsys.readouterr()
    assert "Usage: ocr" in shown.err + shown.out
    assert "\n  read " in shown.err + shown.out
