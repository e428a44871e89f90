"""The processes that read, and the requests that wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

from ocr.child import ATTEMPTS, ProcessDied, Worker
from ocr.web.tasks import Answer, Part, Start, Task

MODULE = "ocr.web.worker"
"""What the processes run."""
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


class _Worker(Worker):
    """A process of `ocr.web.worker`.

    Attributes
    ----------
    waits : bool
        Whether it has done a page, and waits to be told to go on.
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
        """Have it begin a task, or go on with one, and return what comes of it next. Raises `ProcessDied`."""
        self.waits = False
        with self.alive():
            self.tell(message)
        answer: Answer | Part = self.hear()
        self.waits = isinstance(answer, Part)
        return answer

    def stop(self) -> None:
        """Have it give up a task of which a page is done. Raises `ProcessDied`."""
        self.waits = False
        with self.alive():
            self.tell(False)


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
        self._grace = 0.0
        """Seconds a process may still take over what nobody waits for: as long as another takes to start."""

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

    @property
    def is_full(self) -> bool:
        """Whether all places in the queue are taken."""
        return self.taken >= self.capacity

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take one of the places in the queue for as long as the context lasts.

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
        """Return what a process answers to a task. Where this is cancelled, the process gives the task up.

        Parameters
        ----------
        task : function
            Makes the task; called, in a thread, once a process is free, so that what waits is small.
        patience : float
            Seconds in which a process must become free.
        seconds : float
            After which the process is killed that is still at one page.
        tell : coroutine function, optional
            Given the parts of a response that is sent in parts; the process waits for it.

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
        """Ask a worker something, in a thread; it is killed if it takes longer than so many seconds."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(seconds, worker.give_up)
        step = loop.run_in_executor(self._threads, lambda: worker.ask(message()))
        step.add_done_callback(lambda _: timer.cancel())
        return step

    def _part_with(self, worker: _Worker, step: asyncio.Future[Answer | Part]) -> None:
        """Have a worker wait for the next task once its last step is over, or another start in its place."""
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
