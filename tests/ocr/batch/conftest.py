"""A reader that does as its pictures say, in the processes that batches start too."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ocr.reader

AT_THE_START = """
import sys, types

reader = sys.modules["ocr.reader"] = types.ModuleType("ocr.reader")
reader.Reader = reader.read = None
from obedient import Obedient
reader.Reader = Obedient
"""
"""Python runs this before anything else. What takes long to load is kept out."""
READER = """
import os, signal, time
import numpy as np
from ocr.document import Alternative, Box, Document, Glyph, Line, Page, Word
from nn.errors import ModelError
from pipelines.errors import PictureError

IMAGE = np.zeros((28, 28), np.uint8)


def word(text):
    boxed = ((c, Box(k, 1, k + 1, 8)) for k, c in enumerate(text))
    glyphs = tuple(Glyph(c, box, 0.8, (Alternative(c, 0.8),), IMAGE) for c, box in boxed)
    return Word(glyphs, 0.6, (Alternative(text, 0.6),))


class Obedient:
    def __init__(self, options):
        self.options = options
        if options.model is not None:
            raise ModelError(f"{options.model}: no such file")

    def load(self, file):
        yield from ()

    def read(self, file, progress=None):
        said = "" if isinstance(file, np.ndarray) else file.read().decode()
        order, _, rest = said.partition(" ")
        if order == "die" or order == "die-once" and not os.path.exists(rest):
            order == "die-once" and open(rest, "x").close()
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "hang" or order == "sleep":
            time.sleep(1000 if order == "hang" else float(rest))
        if order == "pages":
            for number, moment in enumerate(map(float, rest.split()), start=1):
                progress and progress(number)
                time.sleep(moment)
        if order == "eat":
            len(bytearray(int(rest) * 10**6))
        if order == "fail":
            raise IndexError("unlucky")
        if order == "bad":
            raise PictureError(f"{file.name}: is damaged")
        words = tuple(map(word, said.split()))
        return Document((Page((Line(words),) if words else (), 60, 20),), getattr(file, "name", ""))
"""
Write = Callable[[str, str], Path]


@pytest.fixture
def obedient(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have what a picture's file says be read on it; ``die``, ``hang``, ``eat MB`` ... are done.

    Returns the folder to put into PYTHONPATH of further processes.
    """
    folder = tmp_path_factory.mktemp("reader")
    (folder / "sitecustomize.py").write_text(AT_THE_START)
    (folder / "obedient.py").write_text(READER)
    monkeypatch.syspath_prepend(folder)
    scope: dict[str, Any] = {}
    exec(READER, scope)
    monkeypatch.setattr(ocr.reader, "Reader", scope["Obedient"])
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(here: Path) -> Write:
    """Write a file, and the folders that it is in."""

    def write_file(name: str, content: str = "") -> Path:
        path = here / name
        os.makedirs(path.parent, exist_ok=True)
        path.write_text(content or path.stem)
        return path

    return write_file
