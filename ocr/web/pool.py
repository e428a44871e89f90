"""The processes that read, and the requests that wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import partial

from ocr.child import DYING, Child
from ocr.web.tasks import Answer, Start, Task

MODULE = "ocr.web.worker"
"""What the processes run."""
ATTEMPTS = 2
"""How often a task is tried whose process dies."""
STARTING = 60.0
"""Seconds in which a process must be ready to read."""
PAUSE = 2.0
"""Seconds after which another is started where one could not."""
RETRY_AFTER = 2
"""Seconds after which it is worth to ask again when the queue is full."""


class QueueFull(Exception):
    """So many requests wait already that one more is not taken."""


class TookTooLong(Exception):
    """The time for a request is over; `has_begun` tells whether a process was at it."""

    def __init__(self, has_begun: bool) -> None:
        self.has_begun = has_begun


class ProcessDied(Exception):
    """A process has ended while it started, or over a task."""


class NobodyWaits(Exception):
    """Whoever asked has gone."""


class _Worker(Child):
    """A process of `ocr.web.worker`."""

    def __init__(self, start: Start) -> None:
        super().__init__(MODULE)
        self.is_out_of_time = False
        self._start = start

    def get_ready(self) -> None:
        """Wait until it has loaded what it needs. Raises `ProcessDied`."""
        with self._alive():
            self.tell(self._start)
            self.connection.recv()

    def do(self, task: Task) -> Answer:
        """Have it do a task, and wait until it has. Raises `ProcessDied`."""
        with self._alive():
            self.tell(task)
            answer: Answer = self.connection.recv()
        return answer

    @contextmanager
    def _alive(self) -> Iterator[None]:
        """Raise `ProcessDied` where the other end of the connection is gone."""
        try:
            yield
        except (EOFError, OSError) as error:
            raise ProcessDied(self.end(DYING)) from error

    def give_up(self) -> None:
        """End what it is at, for its time is over."""
        self.is_out_of_time = True
        self.kill()


class Pool:
    """Processes that do tasks, one each at a time, and a bounded number of requests that wait for them.

    Used within one event loop.

    Parameters
    ----------
    start : Start
        What each process is told first.
    count : int
        Processes; one that dies or is killed is replaced.
    waiting : int
        Requests that may wait when all of them are busy.
    """

    def __init__(self, start: Start, count: int, waiting: int) -> None:
        self.capacity = count + waiting
        self.taken = 0
        self._start, self._count = start, count
        self._free: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._workers: set[_Worker] = set()
        self._threads = ThreadPoolExecutor(count, "reading")
        self._starts: set[asyncio.Task[None]] = set()
        self._is_open = True

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the processes, ready to read, for as long as the context lasts.

        Raises
        ------
        ProcessDied
            They cannot be started.
        """
        try:
            await asyncio.gather(*(self._start_one() for _ in range(self._count)))
            yield
        finally:
            self._is_open = False
            for start in self._starts:
                start.cancel()
            for worker in self._workers:
                worker.kill()
            self._threads.shutdown(wait=True, cancel_futures=True)
            for worker in self._workers:
                worker.end()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the places in the queue for as long as the context lasts.

        Raises
        ------
        QueueFull
        """
        if self.taken >= self.capacity:
            raise QueueFull
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    async def do(
        self, task: Callable[[], Task], deadline: float, has_gone: Callable[[], Awaitable[bool]] | None = None
    ) -> Answer:
        """Return what a process answers to a task.

        Parameters
        ----------
        task : function
            Makes the task; called, in a thread, once a process is free, so that what waits is small.
        deadline : float
            When, by the loop's clock, the process is killed that is still at it.
        has_gone : coroutine function, optional
            Asked whether nobody waits for the answer any more.

        Raises
        ------
        TookTooLong, ProcessDied, NobodyWaits
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with asyncio.timeout_at(deadline):
                    worker = await self._free.get()
            except TimeoutError:
                raise TookTooLong(False) from None
            try:
                if has_gone is not None and await has_gone():
                    raise NobodyWaits
            except BaseException:
                self._free.put_nowait(worker)
                raise
            try:
                return await self._done_by(worker, task, deadline)
            except ProcessDied as error:
                if worker.is_out_of_time:
                    raise TookTooLong(True) from error
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError

    async def _done_by(self, worker: _Worker, task: Callable[[], Task], deadline: float) -> Answer:
        loop = asyncio.get_running_loop()
        timer = loop.call_at(deadline, worker.give_up)
        job = loop.run_in_executor(self._threads, lambda: worker.do(task()))
        job.add_done_callback(partial(self._take_back, worker, timer))
        return await asyncio.shield(job)

    def _take_back(self, worker: _Worker, timer: asyncio.TimerHandle, job: asyncio.Future[Answer]) -> None:
        """Have a worker wait for the next task, or another start in its place."""
        timer.cancel()
        died = not job.cancelled() and isinstance(job.exception(), ProcessDied)
        if not self._is_open:
            return
        if not died and not worker.is_out_of_time:
            self._free.put_nowait(worker)
            return
        if not died:
            self._threads.submit(worker.end)
        self._workers.discard(worker)
        start = asyncio.get_running_loop().create_task(self._start_another())
        self._starts.add(start)
        start.add_done_callback(self._starts.discard)

    async def _start_another(self) -> None:
        """Start a process in the place of one that is gone, again and again until one can."""
        while True:
            try:
                await self._start_one()
                return
            except (ProcessDied, OSError):
                await asyncio.sleep(PAUSE)

    async def _start_one(self) -> None:
        """Start a process, and have it wait for tasks as soon as it is ready."""
        loop = asyncio.get_running_loop()
        worker = _Worker(self._start)
        self._workers.add(worker)
        timer = loop.call_later(STARTING, worker.kill)
        try:
            await loop.run_in_executor(self._threads, worker.get_ready)
        except ProcessDied:
            self._workers.discard(worker)
            raise
        finally:
            timer.cancel()
        self._free.put_nowait(worker)
