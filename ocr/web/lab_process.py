"""The one process that trains in the laboratory, if any."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from nn.threads import cores
from ocr.child import DYING, Child
from ocr.lab.plan import Plan
from ocr.lab.sets import DataSet

MODULE = "ocr.web.lab_worker"
"""The module that the process runs."""
PATIENCE = 60.0
"""Seconds in which it must answer."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to train, on what, in which folder, and how much memory that may take."""

    plan: Plan
    data: DataSet
    folder: Path
    megabytes: int


class NothingTrains(Exception):
    """There is no run; the message says why, if there was one."""


class Lab:
    """Starts, asks and ends the process; every method may be called from any thread."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock = Lock()
        self._broken = ""

    def start(self, plan: Plan, data: DataSet, megabytes: int) -> None:
        """Begin a run, in place of the one before."""
        with self._lock:
            self._end()
            self._broken = ""
            self._folder = tempfile.TemporaryDirectory(prefix="ocr-lab-", ignore_cleanup_errors=True)
            self._child = Child(MODULE, cores())
            self._child.tell(Order(plan, data, Path(self._folder.name), megabytes))

    def ask(self, name: str, *arguments: object) -> Any:
        """Call a method of the `ocr.lab.run.Run` in the process. Raises `NothingTrains`."""
        with self._lock:
            if self._child is None:
                raise NothingTrains(self._broken)
            with suppress(EOFError, OSError):
                self._child.tell((name, arguments))
                if self._child.connection.poll(PATIENCE):
                    return self._child.connection.recv()
            self._broken = f"Training was broken off ({self._end()})"
            raise NothingTrains(self._broken)

    def stop(self) -> None:
        """End the process and forget the run."""
        with self._lock:
            self._end()
            self._broken = ""

    def _end(self) -> str:
        """End the process, if there is one, and remove its files; return how it ended."""
        child, folder = self._child, self._folder
        self._child = self._folder = None
        ended = child.end(DYING) if child is not None else ""
        if folder is not None:
            folder.cleanup()
        return ended
