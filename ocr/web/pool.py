"""A pool of reading processes, and the queue of requests for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

from ocr.child import ATTEMPTS, ProcessDied, Worker
from ocr.web.tasks import Answer, Part, Start, Task

MODULE = "ocr.web.worker"
"""The module that the processes run."""
STARTING = 60.0
"""Seconds in which a process must be ready to read."""
PAUSE = 2.0
"""Seconds between attempts to start a process."""
RETRY_AFTER = 2
"""Seconds after which a client should try again when the queue is full."""


class QueueFull(Exception):
    """The queue of requests is full."""


class TookTooLong(Exception):
    """The time limit of a request is exceeded; `has_begun` says whether a process had started it."""

    def __init__(self, has_begun: bool) -> None:
        self.has_begun = has_begun


class _Worker(Worker):
    """A process of `ocr.web.worker`.

    Attributes
    ----------
    waits : bool
        Whether it has done a page, and waits for permission to continue.
    """

    def __init__(self, start: Start) -> None:
        super().__init__(MODULE, start)
        self.waits = False

    def get_ready(self) -> None:
        """Wait until it has loaded what it needs. Raises `ProcessDied`."""
        with self.alive():
            self.begin()
        self.hear()

    def ask(self, message: Task | bool) -> Answer | Part:
        """Let it begin or continue a task, and return its next message. Raises `ProcessDied`."""
        self.waits = False
        with self.alive():
            self.tell(message)
        answer: Answer | Part = self.hear()
        self.waits = isinstance(answer, Part)
        return answer

    def stop(self) -> None:
        """Let it give up a task after a page. Raises `ProcessDied`."""
        self.waits = False
        with self.alive():
            self.tell(False)


class Pool:
    """Processes that do one task at a time, and a bounded queue of requests for them.

    Used within one event loop.

    Parameters
    ----------
    start : Start
        Settings: the first message to each process.
    count : int
        Number of processes; one that dies or is killed is replaced.
    waiting : int
        Most requests that wait when all processes are busy.
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
        self._grace = 0.0
        """Seconds in which a process may finish a step that nobody waits for: the time that a new process
        takes to start."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the processes running while the context lasts.

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

    @property
    def is_full(self) -> bool:
        """Whether all places in the queue are taken."""
        return self.taken >= self.capacity

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the places in the queue while the context lasts.

        Raises
        ------
        QueueFull
        """
        if self.is_full:
            raise QueueFull
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    async def do(
        self,
        task: Callable[[], Task],
        patience: float,
        seconds: float,
        tell: Callable[[bytes], Awaitable[None]] | None = None,
    ) -> Answer:
        """Return a process's answer to a task. If this is cancelled, the process gives the task up.

        Parameters
        ----------
        task : function
            Makes the task; called in a thread once a process is free, so that waiting requests need little
            memory.
        patience : float
            Seconds in which a process must become free.
        seconds : float
            Time limit per page, after which the process is killed.
        tell : coroutine function, optional
            Called with each part of a streamed response; the process waits for it.

        Raises
        ------
        TookTooLong, ProcessDied
        """
        has_told = False
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with asyncio.timeout(patience):
                    worker = await self._free.get()
            except TimeoutError:
                raise TookTooLong(False) from None
            step = self._step(worker, task, seconds)
            try:
                while isinstance(answer := await asyncio.shield(step), Part):
                    if tell is not None and answer.content:
                        has_told = True
                        await tell(answer.content)
                    step = self._step(worker, lambda: True, seconds)
                return answer
            except ProcessDied as error:
                if worker.is_out_of_time:
                    raise TookTooLong(True) from error
                if attempt == ATTEMPTS or has_told:
                    raise
            finally:
                self._part_with(worker, step)
        raise AssertionError

    def _step(
        self, worker: _Worker, message: Callable[[], Task | bool], seconds: float
    ) -> asyncio.Future[Answer | Part]:
        """Call a worker in a thread; it is killed if it takes longer than this many seconds."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(seconds, worker.give_up)
        step = loop.run_in_executor(self._threads, lambda: worker.ask(message()))
        step.add_done_callback(lambda _: timer.cancel())
        return step

    def _part_with(self, worker: _Worker, step: asyncio.Future[Answer | Part]) -> None:
        """Return a worker to the idle ones after its last step, or start another one in its place."""
        if not step.done():  # nobody waits any more
            timer = asyncio.get_running_loop().call_later(self._grace, worker.give_up)

            def is_over(step: asyncio.Future[Answer | Part]) -> None:
                timer.cancel()
                self._part_with(worker, step)

            step.add_done_callback(is_over)
            return
        died = not step.cancelled() and isinstance(step.exception(), ProcessDied)
        if not self._is_open:
            return
        try:
            if worker.waits and not died:
                worker.stop()
        except ProcessDied:
            died = True
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
        """Start a process to replace one that is gone, with repeated attempts."""
        while True:
            try:
                await self._start_one()
                return
            except (ProcessDied, OSError):
                await asyncio.sleep(PAUSE)

    async def _start_one(self) -> None:
        """Start a process, and add it to the idle ones when it is ready."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
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
        self._grace = loop.time() - begun
        self._free.put_nowait(worker)
