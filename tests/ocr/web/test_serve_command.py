"""The command ``ocr serve``: what it says, how it stops, and what it refuses."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx2
import pytest

import ocr.commands.serve
from ocr.commands.cli import run
from ocr.commands.folders import can_be_made, data_folder
from ocr.errors import Exit
from ocr.web.settings import Settings

Serving = Callable[..., AbstractContextManager[tuple[str, subprocess.Popen[str]]]]


def test_it_serves_until_it_is_stopped(serving: Serving, samples: Path) -> None:
    with serving("--jobs", "1") as (address, process):
        assert httpx2.get(address).status_code == 200
        for path in ("", "api/health"):
            looked = httpx2.head(address + path)
            assert (looked.status_code, looked.content) == (200, b"")
        with open(samples / "letter_small_h.png", "rb") as file:
            read = httpx2.post(f"{address}api/read", files={"file": file}, params={"pipeline": "letter"})
        assert read.json()["pages"][0]["text"] == "h"
        children = _children(process.pid)
        assert children
        process.send_signal(signal.SIGINT)
        said, told = process.communicate(timeout=20)
    assert (process.returncode, said, told) == (0, "", "")
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(address)


@pytest.mark.parametrize("options, keeps", [((), True), (("--no-corrections",), False)])
def test_corrections_are_kept_among_the_users_data_unless_they_are_unwanted(
    options: tuple[str, ...], keeps: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Settings] = []
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(ocr.commands.serve, "_serve", lambda settings, *_: found.append(settings))
    assert run(["serve", "--port", "0", *options]) == 0
    assert found[0].corrections == (tmp_path / "letters-ocr/corrections" if keeps else None)
    assert not list(tmp_path.iterdir())  # it is made once something is kept


@pytest.mark.parametrize(
    "platform, variable, folder",
    [
        ("linux", "XDG_DATA_HOME", ".local/share"),
        ("darwin", "XDG_DATA_HOME", "Library/Application Support"),
        ("win32", "LOCALAPPDATA", "AppData/Local"),
    ],
)
def test_each_system_has_its_folder_for_data(
    platform: str, variable: str, folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.delenv(variable, raising=False)
    assert data_folder() == tmp_path / folder / "letters-ocr"
    monkeypatch.setenv(variable, "/elsewhere")
    assert data_folder() == Path("/elsewhere/letters-ocr")
    assert can_be_made(tmp_path / "a/b") and not can_be_made(Path(__file__) / "a")


def test_beyond_this_machine_it_makes_a_token_and_says_it(serving: Serving) -> None:
    with serving("--jobs", "1", "--host", "0.0.0.0") as (address, process):
        assert "/?token=" in address
        root, _, token = address.partition("?token=")
        assert len(token) >= 32
        assert httpx2.get(root).status_code == 401
        with httpx2.Client(follow_redirects=True) as client:
            assert client.get(address).status_code == 200
            assert client.get(f"{root}api/health").json()["status"] == "ok"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_its_processes_end_with_it_however_it_ends(serving: Serving) -> None:
    with serving("--jobs", "1") as (_, process):
        children = _children(process.pid)
        process.kill()
        process.wait()
        for pid in children:
            with pytest.raises(ProcessLookupError):
                for _ in range(1000):
                    os.kill(pid, 0)
                    time.sleep(0.01)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return the exit code, and what is said on stderr: one line."""
    code = run(["serve", *arguments])
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    return code, captured.err


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = told(["--port", str(port)], capsys)
    assert code == Exit.USAGE and "--port" in said and f"{port} is taken" in said


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--host", "203.0.113.7", "--port", "0"], Exit.USAGE, "no address of this machine"),
        (["--host", "no.such.name.invalid"], Exit.USAGE, "no address of this machine"),
        (["--token", "short"], Exit.USAGE, "16"),
        (["--token", "with spaces in it it is none"], Exit.USAGE, "16"),
        (["--port", "70000"], Exit.USAGE, "--port"),
        (["--jobs", "0"], Exit.USAGE, "--jobs"),
        (["--model", "none.safetensors"], Exit.MODEL, "none.safetensors"),
        (["--corrections", __file__], Exit.OUTPUT, "is a file"),
        (["--corrections", f"{__file__}/x"], Exit.OUTPUT, "cannot be made"),
        (["--corrections", ".", "--model", "./x/../learned.safetensors"], Exit.USAGE, "--corrections ."),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: list[str], code: Exit, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found, said = told(arguments, capsys)
    assert found == code and says in said


@pytest.mark.parametrize("missing", ["fastapi", "uvicorn", "python_multipart"])
def test_a_missing_package_is_told_with_what_to_install(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    code, said = told([], capsys)
    assert code == Exit.OUTPUT and "pip install 'letters-ocr[serve]'" in said


def test_the_command_needs_none_of_its_packages_for_anything_else() -> None:
    lost = "import sys; sys.modules['fastapi'] = sys.modules['uvicorn'] = None\n"
    run = "from ocr.commands.cli import run; sys.exit(run(['serve', '--help']))"
    command = [sys.executable, "-c", lost + run]
    shown = subprocess.run(command, capture_output=True, text=True)
    assert shown.returncode == 0 and "--corrections" in shown.stdout


def test_the_browser_is_opened_at_the_page(tmp_path: Path) -> None:
    mark = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {mark}.new && mv {mark}.new {mark}\n')
    browser.chmod(0o755)
    environment = {**os.environ, "BROWSER": str(browser)}
    command = [sys.executable, "-m", "ocr", "serve", "--port", "0", "--jobs", "1", "--open"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[1]
        for _ in range(1000):
            if mark.exists():
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
    assert mark.read_text().strip() == address


def test_a_start_that_fails_is_told_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ocr.web.pool.MODULE", "ocr.no_such_module")
    assert run(["serve", "--port", "0", "--jobs", "1"]) == Exit.OUTPUT
    said, told = capsys.readouterr()
    assert said == "" and told == (
        "ocr: the processes that read could not be started; OCR_DEBUG=1 shows why\n"
    )
