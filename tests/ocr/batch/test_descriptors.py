"""Runs whose standard streams are closed or gone, and manifests on a full disk."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocr.batch.jobs import Outcome
from ocr.batch.manifest import Manifest
from ocr.commands.cli import run
from ocr.errors import Exit, OutputError

Write = Callable[[str, str], Path]


def batch(obedient: Path, redirected: str) -> int:
    command = [sys.executable, "-m", "ocr", "batch", "scans", "out", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(obedient)}
    return subprocess.run(["sh", "-c", f'"$@" {redirected}', "sh", *command], env=environment).returncode


def recorded() -> dict[str, str | None]:
    lines = Path("out/manifest.jsonl").read_text().splitlines()
    return {record["input"]: record["error"] for record in map(json.loads, lines)}


def test_everything_is_read_with_all_descriptors_closed(write: Write, obedient: Path) -> None:
    for name in "ab":
        write(f"scans/{name}.png", "hello")
    assert batch(obedient, "<&- >&- 2>&-") == Exit.OUTPUT
    assert recorded() == {"scans/a.png": None, "scans/b.png": None}
    assert Path("out/a.png.txt").read_text() == "hello\n"


def test_a_reader_of_stderr_that_goes_away_ends_it_as_a_closed_pipe(write: Write, obedient: Path) -> None:
    write("scans/a.png", "bad")
    read_end, write_end = os.pipe()
    os.close(read_end)
    command = [sys.executable, "-m", "ocr", "batch", "scans", "out", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(obedient)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=write_end)
    os.close(write_end)
    assert done.returncode == Exit.PIPE_CLOSED
    assert recorded() == {"scans/a.png": "scans/a.png: is damaged"}


def test_a_full_disk_leaves_the_manifest_as_it_was(here: Path) -> None:
    path = Path("m.jsonl")
    with Manifest(path, False) as manifest:
        manifest.append([Outcome("a.png")], "")
        before, limits = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, limits[1]))
        try:
            with pytest.raises(OutputError, match=r"m\.jsonl: cannot be written: "):
                manifest.append([Outcome("b.png"), Outcome("c.png")], "")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before


@pytest.mark.usefixtures("obedient")
@pytest.mark.parametrize("manifest", ["/dev/full", "/dev/zero"])
def test_a_manifest_is_a_regular_file(
    manifest: str, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("scans/a.png", "hello")
    assert run(["batch", "scans", "out", "--manifest", manifest]) == Exit.OUTPUT
    assert capsys.readouterr() == ("", f"ocr: {manifest}: is no file that records can be kept in\n")
