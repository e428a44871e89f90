"""Files that take too long in ``ocr read``, files without end, and pages told on a terminal."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import ocr.reader
from ocr.commands.cli import run
from ocr.commands.watch import PageBar, TimeUp, time_limit
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from ocr.errors import Exit
from ocr.options import ReadOptions
from ocr.reader import Reader

IMAGE = np.zeros((28, 28), np.uint8)


class SlowReader:
    """Reads a file as the moments that its pages take; what is wrong on the way is damage."""

    def __init__(self, options: ReadOptions) -> None:
        self.options = options

    def load(self, source: str) -> Iterator[Any]:
        yield from ()

    def read(self, source: str, progress: Callable[[int], object]) -> Document:
        for number, moment in enumerate(map(float, Path(source).read_text().split()), start=1):
            progress(number)
            try:
                time.sleep(moment)
            except Exception as error:
                raise AssertionError("a limit of time is no damage") from error
        word = Word((Glyph("A", Box(0, 0, 5, 5), 1.0, (Alternative("A", 1.0),), IMAGE),), 1.0, ())
        return Document((Page((Line((word,)),), 9, 9),), source)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def _slow(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr.reader, "Reader", SlowReader)
    for name, moments in {"many": "0.05 " * 1000, "stuck": "1000", "quick": "0 0"}.items():
        Path(f"{name}.pdf").write_text(moments)


@pytest.mark.usefixtures("_slow")
def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start = time.monotonic()
    paths = ["many.pdf", "stuck.pdf", "quick.pdf"]
    assert run(["read", *paths, "--timeout", "0.5"]) == Exit.PICTURE
    assert time.monotonic() - start < 10
    out, err = capsys.readouterr()
    assert out == "==> quick.pdf <==\nA\n"
    many, stuck = err.splitlines()
    assert many.startswith("ocr: many.pdf: takes longer than 0.5 s, and is given up on page ")
    assert many.endswith(": nothing of it is written; read fewer pages at once with --pages")
    assert stuck == "ocr: stuck.pdf: takes longer than 0.5 s, and is given up; allow it more with --timeout"


@pytest.mark.usefixtures("_slow")
def test_what_was_there_stays_where_nothing_was_read_in_time() -> None:
    Path("out.txt").write_text("before")
    assert run(["read", "stuck.pdf", "--timeout", "0.2", "-o", "out.txt"]) == Exit.PICTURE
    assert Path("out.txt").read_text() == "before"
    assert sorted(os.listdir()) == ["many.pdf", "out.txt", "quick.pdf", "stuck.pdf"]


def test_no_alarm_goes_off_later() -> None:
    with pytest.raises(TimeUp), time_limit(0.05):
        time.sleep(10)
    with time_limit(0.2):
        pass
    time.sleep(0.4)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("files", "to_terminal"), [(1, True), (3, False), (3, True)])
def test_pages_are_told_on_a_terminal(files: int, to_terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with PageBar(files, to_terminal) as bar:
        with bar.over("scans/note.png"):
            bar.come_to(1)
        assert ("Reading" in terminal.getvalue()) == (files > 1 and not to_terminal)
        with bar.over("scans/book.pdf"):
            bar.come_to(1)
            bar.come_to(37)
    assert "book.pdf, page 37" in terminal.getvalue()


def test_pages_are_not_told_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with PageBar(3, False) as bar, bar.over("book.pdf"):
        bar.come_to(37)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_is_its_first_frame(kind: str) -> None:
    frames = [Image.new("L", (20, 10), level) for level in (255, 0, 100)]
    stream = io.BytesIO()
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:])
    numbers = {
        pages: [page.number for page in Reader(pages=pages).load(stream.getvalue())] for pages in (None, "2-")
    }
    assert numbers == {None: [1], "2-": [2, 3]}


def test_a_small_gif_of_many_large_frames_is_read_at_once(here: Path) -> None:
    frames = [Image.new("P", (4000, 4000), k % 2) for k in range(3)]
    frames[0].save("many.gif", save_all=True, append_images=frames[1:])
    [page] = ocr.reader.Reader().read("many.gif").pages
    assert page.number == 1


@pytest.mark.parametrize("options", [[], ["-f", "pdf"], ["-f", "page"]])
def test_a_pipe_without_end_that_holds_no_picture_is_told(options: list[str]) -> None:
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
        command = [sys.executable, "-m", "ocr", "read", "-", *options]
        done = subprocess.run(command, stdin=endless.stdout, capture_output=True, text=True, timeout=60)
        endless.kill()
    assert (done.returncode, done.stdout) == (Exit.PICTURE, "")
    assert done.stderr == "ocr: <stdin>: is text, not a picture\n"


def test_a_damaged_jpeg_is_read_and_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("L", (400, 300), 255).save("a.jpg", quality=100)
    Image.effect_noise((400, 300), 99).save("noise.jpg")
    data = Path("noise.jpg").read_bytes()
    Path("a.jpg").write_bytes(data[: len(data) // 2] + b"\xff\xd9")
    said = "ocr: a.jpg: is a damaged JPEG (premature end of data segment); letters may be missing or wrong\n"
    assert run(["read", "a.jpg", "--pipeline", "scan"]) == Exit.ALL_READ
    assert said in capsys.readouterr().err
