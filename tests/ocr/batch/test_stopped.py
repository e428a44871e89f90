"""Runs that are killed or stopped at any moment, and gone on with."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr.batch.names import UNFINISHED
from ocr.errors import Exit

COUNT = 30
Write = Callable[[str, str], Path]


@pytest.fixture
def texts(write: Write) -> dict[str, str]:
    """Pictures, and what their outputs must hold, by the outputs' names."""
    texts = {f"{k:02}.png": f"page {k} {'x' * 3000}" for k in range(COUNT)}
    for name, text in texts.items():
        write(f"scans/{name}", text)
    return {f"{name}.txt": f"{text}\n" for name, text in texts.items()}


def start(obedient: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ocr", "batch", "scans", "out", "--jobs", "2", *options]
    environment = {**os.environ, "PYTHONPATH": str(obedient)}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    )


def records() -> list[str]:
    path = Path("out/manifest.jsonl")
    return path.read_text().splitlines() if path.exists() else []


def check_outputs(texts: dict[str, str]) -> int:
    """Return how many outputs there are; each is whole."""
    found = (
        {path.name: path.read_text() for path in Path("out").glob("*.txt")} if Path("out").exists() else {}
    )
    assert found.items() <= texts.items()
    return len(found)


def watch(process: subprocess.Popen[str], texts: dict[str, str], until: int) -> None:
    """Look at the outputs again and again until there are so many records, or the run has ended."""
    end = time.monotonic() + 60
    while process.poll() is None and len(records()) < until and time.monotonic() < end:
        check_outputs(texts)
        time.sleep(0.002)


def check_end(process: subprocess.Popen[str], texts: dict[str, str]) -> None:
    """Let a run come to its end: everything is done, each picture once."""
    out, err = process.communicate(timeout=60)
    assert process.returncode == Exit.ALL_READ, err
    assert ", 0 failed, " in out
    assert check_outputs(texts) == COUNT
    inputs = [json.loads(line)["input"] for line in records()]
    assert len(inputs) == COUNT and set(inputs) == {f"scans/{name.removesuffix('.txt')}" for name in texts}
    assert all(json.loads(line)["error"] is None for line in records())
    assert sorted(path.name for path in Path("out").iterdir()) == [*sorted(texts), "manifest.jsonl"]


def test_killed_again_and_again_everything_is_done_once(obedient: Path, texts: dict[str, str]) -> None:
    moments = random.Random(os.environ.get("KILL_SEED", "5"))
    kills = int(os.environ.get("KILLS", "2"))
    for kill in range(kills):
        with start(obedient, "--resume") as process:
            watch(process, texts, moments.randint(1, 3) + COUNT * kill // (kills + 1))
            time.sleep(moments.uniform(0, 0.03))
            process.kill()
            process.communicate()
        check_outputs(texts)
    with start(obedient, "--resume") as process:
        watch(process, texts, COUNT)
        check_end(process, texts)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_records_what_was_read_and_says_how_to_go_on(
    sign: signal.Signals, obedient: Path, texts: dict[str, str]
) -> None:
    with start(obedient) as process:
        watch(process, texts, 3)
        process.send_signal(sign)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 128 + sign
    assert out == "" and "ocr: stopped; the same with --resume goes on: " in err
    assert len(records()) == check_outputs(texts) >= 3
    assert not Path("out", UNFINISHED).exists()
