"""Progress of a batch: a bar on a terminal, a line now and then in a pipe, and a summary at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from ocr.batch.jobs import Outcome
from ocr.commands.console import detail, is_quiet, note, tell
from ocr.errors import Exit
from pipelines.errors import shown

EVERY = 5.0
"""Seconds between two lines in a pipe."""


@dataclass(slots=True)
class Tally:
    """Counts of what has been done so far.

    Attributes
    ----------
    total : int
        Pictures to read, without those skipped.
    skipped : int
        Pictures done by an earlier run.
    read : int
    confidences : list of float
        The mean confidence of each picture with words on it.
    failures : list of Exit
        Exit codes of the pictures that could not be read.
    start, first : float
        Times of the start and of the first finished picture, by `time.monotonic`.
    where : function
        Returns which page of a multi-page file is being read; empty if none.
    """

    total: int
    skipped: int = 0
    read: int = 0
    confidences: list[float] = field(default_factory=list)
    failures: list[Exit] = field(default_factory=list)
    start: float = field(default_factory=time.monotonic)
    first: float = 0.0
    where: Callable[[], str] = lambda: ""

    @property
    def done(self) -> int:
        return self.read + len(self.failures)

    @property
    def rate(self) -> float:
        """Pictures per second, including failed ones."""
        return self.done / self._seconds

    @property
    def _seconds(self) -> float:
        return max(1e-9, time.monotonic() - self.start)

    def add(self, outcome: Outcome) -> None:
        """Count a picture, and report it if it failed."""
        self.first = self.first or time.monotonic()
        if outcome.warnings:
            note(f"{shown(outcome.source)}: {'; '.join(outcome.warnings)}")
        if outcome.error is not None:
            tell(outcome.error)
            self.failures.append(outcome.code)
            return
        self.read += 1
        detail(f"{shown(outcome.source)}: {outcome.letters} letters, in {outcome.seconds:.1f} s")
        if outcome.confidence is not None:
            self.confidences.append(outcome.confidence)

    def line(self) -> str:
        """Return the progress in a line; the time left is estimated from the rate since the first picture."""
        each = (time.monotonic() - self.first) / (self.done - 1) if self.done > 1 else None
        left = f", {_clock(each * (self.total - self.done))} left" if each is not None else ""
        return f"{self.done} of {self.total}, {self.rate:.1f} a second{left}"

    def summary(self) -> str:
        """Return a summary in a line."""
        parts = [f"{self.read} read", f"{self.skipped} skipped", f"{len(self.failures)} failed"]
        if self.read:
            parts.append(f"{self.read / self._seconds:.1f} pictures read a second")
        if self.confidences:
            parts.append(f"mean confidence {sum(self.confidences) / len(self.confidences):.3f}")
        return f"{', '.join(parts)}, in {_clock(self._seconds)}"


def _clock(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))


@contextmanager
def shown_progress(tally: Tally) -> Iterator[Callable[[], None]]:
    """Yield a function that shows a tally, to be called after each picture."""
    if sys.stderr is not None and sys.stderr.isatty() and not is_quiet():
        with _bar(tally) as show:
            yield show
        return
    last = time.monotonic()

    def show_line() -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            note(tally.line())

    yield show_line


@contextmanager
def _bar(tally: Tally) -> Iterator[Callable[[], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Where(ProgressColumn):
        def render(self, _: Task) -> Text:
            return Text(tally.where())

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f} a second"),
        TimeRemainingColumn(),
        TextColumn("left"),
        Where(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as progress:
        task = progress.add_task("", total=tally.total, rate=0.0)
        yield lambda: progress.update(task, completed=tally.done, rate=tally.rate)
