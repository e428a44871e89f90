"""Learning in a separate process, as it takes a minute and must not delay reading."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from nn.threads import cores
from ocr.child import DYING, Child

MODULE = "ocr.web.learning_worker"
"""The module that the process runs."""
LONGEST = 600.0
"""Seconds after which learning is given up."""
MARK = ".learning"
"""A file that is in the folder while it learns: if it is there at the start, learning was interrupted."""
INTERRUPTED = "The server was stopped while it learned. Nothing of that run is kept; learn again."


@dataclass(frozen=True, slots=True)
class Lesson:
    """The corrections to learn from, the network to start from, and the output file."""

    folder: Path
    base: Path
    out: Path


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of learning; `result` holds the fields of `ocr.learning.learn.Learned`."""

    state: Literal["idle", "running", "done", "failed"] = "idle"
    progress: float = 0.0
    message: str = ""
    result: dict[str, Any] | None = None


class Learner:
    """Manages the one process that learns, if any.

    Parameters
    ----------
    folder : Path, optional
        Where it learns from; it tells if learning was interrupted there.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.now = Progress()
        self._mark = folder / MARK if folder is not None else None
        self._is_stopped = False
        if self._mark is not None and self._mark.exists():
            self.now = Progress("failed", message=INTERRUPTED)
            self._unmark()
        self._child: Child | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is learning."""
        return self.now.state == "running"

    def start(self, lesson: Lesson) -> None:
        """Start learning; it must not be running."""
        self.now = Progress("running", message="Starting")
        if self._mark is not None:
            with suppress(OSError):  # then it is not told of
                self._mark.touch()
        self._child = Child(MODULE, cores())
        self._thread = threading.Thread(target=self._follow, args=(self._child, lesson), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the process at any time."""
        if self._child is not None and self._thread is not None:
            self._is_stopped = True
            self._child.kill()
            self._thread.join()

    def _follow(self, child: Child, lesson: Lesson) -> None:
        """Receive progress until the process is done."""
        timer = threading.Timer(LONGEST, child.kill)
        timer.start()
        try:
            child.tell(lesson)
            while self.is_running:
                told = child.connection.recv()
                if told.state != "running":
                    self._unmark()
                self.now = told
        except (EOFError, OSError):
            reason = child.end(DYING)
            self.now = replace(self.now, state="failed", message=f"Learning was broken off ({reason})")
        finally:
            timer.cancel()
            child.end(DYING)
            if self.is_running:  # any other error
                self.now = replace(self.now, state="failed", message="Internal failure, please report it")
            if not self._is_stopped:
                self._unmark()

    def _unmark(self) -> None:
        if self._mark is not None:
            with suppress(OSError):
                self._mark.unlink(missing_ok=True)
