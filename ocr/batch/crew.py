"""Processes that read pictures, and their replacement when one dies, hangs or takes too long."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Generator, Iterable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import wait
from typing import Self

from ocr.batch.jobs import Job, Limits, Outcome, Settings, failed
from ocr.child import ATTEMPTS, DYING, ProcessDied, Worker
from pipelines.errors import shown

FALSE_STARTS = 3
"""If this many processes in a row die before they can read, and none is running, reading fails."""


class WorkerError(Exception):
    """Worker processes cannot be started."""


class Crew:
    """Processes that read pictures, each with its network loaded once; a context manager that ends them.

    Parameters
    ----------
    settings : Settings
    limits : Limits
    count : int
        Most processes; they are started as they are needed.
    idle : float, optional
        Seconds without a picture after which a process ends by itself.
    """

    def __init__(self, settings: Settings, limits: Limits, count: int, idle: float | None = None) -> None:
        self.settings, self.limits, self.count, self.idle = settings, limits, count, idle
        self._workers: list[_Worker] = []
        self._false_starts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def start(self, pictures: int) -> None:
        """Start the processes for this many pictures early, while inputs are still searched for."""
        while len(self._workers) < min(self.count, pictures):
            worker = _Worker(self.settings, self.limits, self.idle)
            self._workers.append(worker)
            with suppress(OSError):  # noticed when it is given a picture
                worker.begin()

    def read(self, jobs: Iterable[Job]) -> Generator[Outcome, None, None]:
        """Yield the outcome of each picture as it arrives.

        A picture whose process dies is tried once more; one that takes too long is not.

        Raises
        ------
        WorkerError
            Processes die before they can read anything.
        """
        waiting = deque(jobs)
        self._hand_out(waiting)
        while any(worker.job for worker in self._workers):
            ready = wait([worker.connection for worker in self._workers], self._patience())
            for worker in [one for one in self._workers if one.connection in ready]:
                outcome = self._heard(worker, waiting)
                self._hand_out(waiting)
                if outcome is not None:
                    yield outcome
            for worker in [one for one in self._workers if self._time_left(one) <= 0]:
                if worker.job is not None and not worker.connection.poll():
                    job, seconds = worker.job, worker.seconds
                    self._dismiss(worker)
                    self._hand_out(waiting)
                    page = f"; it had come to page {worker.page}" if worker.page > 1 else ""
                    yield failed(job, f"takes longer than {self.limits.seconds:g} s{page}", seconds)

    def where(self) -> str:
        """Return which page of which multi-page file is being read, for display; empty if there is none."""
        found = [(one.page, job.source) for one in [*self._workers] if (job := one.job) and one.page > 1]
        page, source = max(found, default=(0, ""))
        return f"{shown(os.path.basename(source))}: page {page}" if found else ""

    def _hand_out(self, waiting: deque[Job]) -> None:
        """Give every idle worker a picture, and start missing workers."""
        while waiting:
            worker = next((one for one in self._workers if one.job is None), None)
            if worker is None:
                if len(self._workers) >= self.count:
                    break
                worker = _Worker(self.settings, self.limits, self.idle)
                self._workers.append(worker)
            try:
                worker.take(waiting[0])
            except OSError:
                self._count_false_start(worker, self._dismiss(worker, DYING))
            else:
                waiting.popleft()

    def _heard(self, worker: _Worker, waiting: deque[Job]) -> Outcome | None:
        """Return what a worker sends; if the worker is gone, its picture is tried again or fails."""
        job, seconds = worker.job, worker.seconds
        try:
            outcome = worker.listen()
        except ProcessDied:
            reason = self._dismiss(worker, DYING)
            if job is None:
                return None
            if not worker.is_ready:
                self._count_false_start(worker, reason)
                waiting.appendleft(job)
                return None
            if job.attempt < ATTEMPTS:
                waiting.appendleft(replace(job, attempt=job.attempt + 1))
                return None
            return failed(job, f"the process that reads it died, {job.attempt} times ({reason})", seconds)
        self._false_starts = 0
        return outcome

    def _dismiss(self, worker: _Worker, patience: float = 0.0) -> str:
        """End a worker and return how it ended."""
        if worker in self._workers:
            self._workers.remove(worker)
        return worker.end(patience)

    def _count_false_start(self, worker: _Worker, reason: str) -> None:
        """Continue with the other workers after one died before it could read; fail if there are none."""
        if worker.is_ready:
            return
        if self._workers:
            self.count = len(self._workers)
            return
        self._false_starts += 1
        if self._false_starts >= FALSE_STARTS:
            raise WorkerError(f"processes that read cannot be started ({reason})")

    def _time_left(self, worker: _Worker) -> float:
        if self.limits.seconds is None or worker.job is None or not worker.is_ready:
            return float("inf")
        return self.limits.seconds - worker.seconds

    def _patience(self) -> float | None:
        least = min(map(self._time_left, self._workers))
        return None if least == float("inf") else max(0.0, least)


class _Worker(Worker):
    """A process of `ocr.batch.worker`, and its current picture."""

    def __init__(self, settings: Settings, limits: Limits, idle: float | None) -> None:
        super().__init__("ocr.batch.worker", (settings, limits, idle))
        self.job: Job | None = None
        """The picture that it is reading."""
        self.page = 1
        self._since = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been reading it."""
        return time.monotonic() - self._since

    def take(self, job: Job) -> None:
        """Send it a picture."""
        self.begin()
        self.tell(job)
        self.job, self._since = job, time.monotonic()

    def listen(self) -> Outcome | None:
        """Return the outcome that it sends; None for a message that it is ready or begins a page."""
        said: Outcome | int | None = self.hear()
        if isinstance(said, int):
            self.page = said
            return None
        self.page, self._since = 1, time.monotonic()
        if said is not None:
            self.job = None
        return said
