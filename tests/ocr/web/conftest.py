"""Servers: the real one as a process, the application in this one, and readers that do as they are told."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

import ocr.web.pool
from ocr.web.app import create_app
from ocr.web.settings import Settings

WORKER = """
import json, os, signal, sys, time, types


class ReadOptions:  # as they come with a task; nothing here looks at them
    def __setstate__(self, state):
        pass


for name in ("ocr.reader", "ocr.options"):  # they take long to load
    sys.modules[name] = types.ModuleType(name)
sys.modules["ocr.reader"].Reader = sys.modules["ocr.reader"].read = None
sys.modules["ocr.options"].ReadOptions = ReadOptions
from ocr.child import serve_connection
from ocr.web.tasks import Answer, Part


def work(connection):
    connection.recv()
    connection.send(None)
    while True:
        task = connection.recv()
        order, _, rest = task.content.decode().partition(" ")
        if order == "die" or order == "die-once" and not os.path.exists(rest):
            order == "die-once" and open(rest, "x").close()
            os.kill(os.getpid(), signal.SIGKILL)
        if order == "freeze":
            os.kill(os.getpid(), signal.SIGSTOP)
        if order == "sleep":
            time.sleep(float(rest))
        if order == "pages":
            count, seconds = rest.split()
            for number in range(int(count)):
                time.sleep(float(seconds))
                connection.send(Part(b"%d\\n" % number))
                if not connection.recv():
                    break
            else:
                connection.send(Answer(200, "application/x-ndjson", b""))
            continue
        body = {"said": task.content.decode(), "name": task.name, "kind": task.kind, "pid": os.getpid()}
        connection.send(Answer(200, "application/json", json.dumps(body).encode()))


if __name__ == "__main__":
    serve_connection(work)
"""


@contextmanager
def asking(settings: Settings, base: str = "http://127.0.0.1:8000") -> Iterator[TestClient]:
    """Give a client of an application whose processes run; what fails inside is a response."""
    with TestClient(create_app(settings), base_url=base, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def obedient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Have processes that do what a file says: ``sleep SECONDS``, ``freeze``, ``die``, or answer at once.

    ``pages NUMBER SECONDS`` is a response in as many parts, each after so long.
    """
    folder = tmp_path_factory.mktemp("worker")
    (folder / "obedient_worker.py").write_text(WORKER)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        patch.setattr(ocr.web.pool, "MODULE", "obedient_worker")
        yield


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of an application that reads, and keeps corrections."""
    folder = tmp_path_factory.mktemp("kept") / "corrections"
    with asking(Settings(jobs=1, corrections=folder, max_pixels=3_000_000, max_bytes=2_000_000)) as client:
        yield client


def png(pixels: np.ndarray | list[list[int]]) -> bytes:
    """Return a PNG of grey levels."""
    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels, np.uint8)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(name="png", scope="session")
def png_fixture() -> Callable[..., bytes]:
    return png


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start ``ocr serve`` on a free port, and give its address and its process; end it as Ctrl-C does.

    What it keeps goes into a folder that is there for as long.
    """
    with TemporaryDirectory() as folder:
        yield from _serving(folder, *options)


def _serving(folder: str, *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "ocr", "serve", "--port", "0", *options]
    environment = {name: value for name, value in os.environ.items() if name != "OCR_TOKEN"}
    environment["XDG_DATA_HOME"] = folder
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        said = process.stdout.readline()
        assert said.startswith("Open http://"), said + process.stderr.read()
        yield said.split()[1], process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


@pytest.fixture(name="serving", scope="session")
def serving_fixture() -> Callable[..., object]:
    return serving


@pytest.fixture(name="asking", scope="session")
def asking_fixture() -> Callable[..., object]:
    return asking


@pytest.fixture(scope="session")
def samples() -> Path:
    """Where the pictures are that the README shows."""
    return Path(__file__).parents[3] / "samples"
