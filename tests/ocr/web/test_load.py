"""Many at a time on the real server: nothing fails, and its memory is back to where it was."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import httpx2
import numpy as np

Drawn = Callable[..., np.ndarray]
Serving = Callable[..., AbstractContextManager[tuple[str, subprocess.Popen[str]]]]


def megabytes(pid: int) -> float:
    """Return what a process and its children hold of memory, each page counted once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pss = 0
    for process in [pid, *children]:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        pss += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return pss / 1024


def test_many_at_a_time_leave_the_memory_as_it_was(
    serving: Serving, drawn: Drawn, png: Callable[..., bytes]
) -> None:
    letters = [png(drawn([text], size=45)) for text in ("A", "CAT", "R2", "x")]
    with (
        serving("--jobs", "2") as (address, process),
        httpx2.Client(base_url=address, timeout=60) as client,
        ThreadPoolExecutor(16) as threads,
    ):

        def ask(number: int) -> int:
            path = ("api/predict", "api/read?format=pdf", "api/inspect", "api/health")[number % 4]
            if path == "api/health":
                return client.get(path).status_code
            return client.post(path, files={"file": letters[number // 4 % 4]}).status_code

        warm = Counter(threads.map(ask, range(32)))
        before = megabytes(process.pid)
        found = Counter(threads.map(ask, range(96)))
        after = megabytes(process.pid)
    assert set(warm + found) == {200}
    assert after - before < 25
