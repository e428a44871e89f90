"""Progress and time limit of reading a file."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ocr.commands.console import is_quiet
from pipelines.errors import shown

if TYPE_CHECKING:
    from rich.progress import Progress

AGAIN = 1.0
"""Seconds after which a missed alarm is repeated."""


class TimeUp(BaseException):
    """A time limit is exceeded. It is not an `Exception`, so that nothing takes it for a damaged file."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise `TimeUp` here once this many seconds have passed; in the main thread only.

    A call into a library ends first.
    """
    if seconds is None:
        yield
        return

    def stop(*_: object) -> None:
        raise TimeUp

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:  # even if it fires while being turned off
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class PageBar:
    """A progress bar, on a terminal only: files read, and the current page of a multi-page file.

    Parameters
    ----------
    files : int
    writes_to_terminal : bool
        Whether results are printed to the terminal; then the bar is hidden between files.
    """

    def __init__(self, files: int, writes_to_terminal: bool) -> None:
        self.page = 0
        self._name = ""
        self._is_seen = sys.stderr is not None and sys.stderr.isatty() and not is_quiet()
        self._stays = files > 1 and not writes_to_terminal
        self._done, self._files = 0, files
        self._progress: Progress | None = None

    def __enter__(self) -> PageBar:
        return self

    def __exit__(self, *_: object) -> None:
        self._hide()

    @contextmanager
    def over(self, path: str) -> Iterator[None]:
        """Show the progress of a file that is read inside this context."""
        self._name, self.page = os.path.basename(path), 0
        if self._stays:
            self._show("Reading")
        try:
            yield
        finally:
            self._done += 1
            if not self._stays:
                self._hide()

    def come_to(self, page: int) -> None:
        """Record the page that is read now."""
        self.page = page
        if page > 1:
            self._show(f"Reading {shown(self._name)}, page {page}")

    def _show(self, said: str) -> None:
        if not self._is_seen:
            return
        if self._progress is None:
            self._progress = _progress()
            self._progress.add_task(said, total=self._files if self._stays else None)
            self._progress.start()
        [task] = self._progress.task_ids
        self._progress.update(task, description=said, completed=self._done)

    def _hide(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False)
