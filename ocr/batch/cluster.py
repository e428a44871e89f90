"""A batch on a Dask cluster: its workers read, this process keeps the manifest.

A path is opened here and its bytes are sent; a URL, including ``file://``, is opened by the worker. Outputs
come back as bytes, or are written by the worker where OUT is a URL. On a worker, pictures are read in a
process of their own (`ocr.batch.crew`), so that limits apply and a picture that kills its reader does not end
the Dask worker.
"""

from __future__ import annotations

import concurrent.futures
import os
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

from nn.errors import ModelError
from ocr.batch.crew import Crew
from ocr.batch.jobs import Job, Limits, Outcome, Settings, failed
from ocr.batch.store import opened
from ocr.commands.console import tell
from ocr.errors import SchedulerError
from pipelines.errors import PictureError, shown
from pipelines.sources.remote import is_url

if TYPE_CHECKING:
    from distributed import Client, Future

IDLE = 60.0
"""Seconds without a picture after which a reader's process on a worker ends."""
LOOK = 5.0
"""Seconds between requests for the number of workers."""
PATIENCE = 40.0
"""Seconds in which it must answer."""
SILENT = "the scheduler does not answer; the same with --resume goes on"
CLOSING = 3.0
"""Seconds for closing the connection."""
AHEAD = 3
"""Bundles of pictures sent per thread of a worker: the one that it reads, and the next ones."""
BUNDLE = 0.25
"""Seconds that a bundle should take: sending one costs as much as reading a small picture."""
MOST, MOST_BYTES = 16, 4_000_000
"""Most pictures of a bundle, and bytes after which no other is added."""

_CREWS: defaultdict[tuple[Settings, Limits], list[Crew]] = defaultdict(list)


def read_on_cluster(
    jobs: Iterable[Job], settings: Settings, limits: Limits, address: str
) -> Iterator[Outcome]:
    """Yield the outcome of each picture as it arrives from the workers of a scheduler.

    Pictures of a lost worker are read by another. If there are no workers, it waits for one.

    Parameters
    ----------
    jobs : iterable of Job
    settings : Settings
    limits : Limits
    address : str
        Address of the scheduler, such as ``tcp://host:8786``.

    Raises
    ------
    SchedulerError
        The scheduler cannot be reached, or is lost.
    nn.errors.ModelError
        A worker has other weights or another version.
    """
    work = _Work(deque(jobs))
    sent: dict[str, tuple[Future[list[Outcome]], tuple[Job, ...]]] = {}
    done: SimpleQueue[Future[list[Outcome]]] = SimpleQueue()
    task = partial(read_there, settings=settings, limits=limits, fingerprint=settings.fingerprint())
    with _connected(address) as client:
        threads, looked = -1, float("-inf")
        while work.is_left or sent:
            if time.monotonic() - looked > LOOK:
                before, threads, looked = threads, _threads(client, address), time.monotonic()
                if not threads and before:
                    tell(f"{address}: has no workers; waiting for one")
            while work.is_left and len(sent) < max(1, AHEAD * threads):
                bundle, failures = work.next_bundle(max(1, threads))
                yield from failures
                if bundle:
                    future = client.submit(task, bundle, pure=False)
                    sent[future.key] = future, bundle
                    future.add_done_callback(done.put)
            try:
                key = done.get(timeout=LOOK if sent else 0.0).key
            except Empty:
                continue
            yield from _outcomes(*sent.pop(key), work, address)


def _threads(client: Client, address: str) -> int:
    """Return how many threads the workers of a scheduler have.

    Raises
    ------
    SchedulerError
        It does not answer.
    """
    try:
        return sum(client.nthreads(callback_timeout=PATIENCE).values())
    except (OSError, TimeoutError) as error:
        raise SchedulerError(f"{address}: {SILENT}") from error


@dataclass(slots=True)
class _Work:
    """The pictures still to be sent, and the size of bundles.

    Attributes
    ----------
    waiting : deque of Job
    suspects : deque of Job
        Pictures that may have ended several workers; they are sent one by one.
    seconds : float
        Moving average of the time per picture.
    """

    waiting: deque[Job]
    suspects: deque[Job] = field(default_factory=deque)
    seconds: float = BUNDLE

    @property
    def is_left(self) -> bool:
        return bool(self.waiting or self.suspects)

    def next_bundle(self, threads: int) -> tuple[tuple[Job, ...], list[Outcome]]:
        """Return pictures to send together, with their contents, and outcomes of missing ones."""
        source = self.waiting or self.suspects
        most = min(int(BUNDLE / max(self.seconds, 1e-6)), MOST, len(source) // (2 * threads))
        bundle: list[Job] = []
        failures: list[Outcome] = []
        size = 0
        while source and (not bundle or (self.waiting and len(bundle) < most and size < MOST_BYTES)):
            job = source.popleft()
            try:
                bundle.append(_packed(job))
            except PictureError as error:
                failures.append(failed(job, str(error).removeprefix(f"{shown(job.source)}: "), 0))
            else:
                size += len(bundle[-1].content or b"")
        return tuple(bundle), failures

    def took(self, seconds: float) -> None:
        """Note how long a picture took."""
        self.seconds += (seconds - self.seconds) / 8


def read_there(jobs: Sequence[Job], settings: Settings, limits: Limits, fingerprint: str) -> list[Outcome]:
    """Read pictures on a worker of the cluster.

    Raises
    ------
    nn.errors.ModelError
        The installed model or version does not match `fingerprint`.
    """
    if _own_fingerprint(settings) != fingerprint:
        raise ModelError(f"{os.uname().nodename}: has another model, or another version of letters-ocr")
    free = _CREWS[settings, limits]
    try:
        crew = free.pop()
    except IndexError:
        crew = Crew(settings, limits, 1, IDLE)
    try:
        return list(crew.read(jobs))
    finally:
        free.append(crew)


@cache
def _own_fingerprint(settings: Settings) -> str:
    try:
        return settings.fingerprint()
    except OSError as error:
        raise ModelError(f"{os.uname().nodename}: {error.filename}: {error.strerror}") from error


def _packed(job: Job) -> Job:
    """Return a job with the bytes of its file, unless workers can open it."""
    if is_url(job.source):
        return job
    with opened(job.source) as file:
        return replace(job, content=file.read())


def _outcomes(
    future: Future[list[Outcome]], jobs: tuple[Job, ...], work: _Work, address: str
) -> Iterator[Outcome]:
    """Yield the outcomes of some pictures; those that ended workers are sent again, each alone."""
    from distributed import KilledWorker

    try:
        outcomes = future.result(PATIENCE)
    except KilledWorker as error:
        if len(jobs) > 1:
            work.suspects.extend(replace(job, content=None) for job in jobs)
            return
        outcomes = [
            failed(jobs[0], f"the workers that read it died, the last at {error.last_worker.address}", 0)
        ]
    except concurrent.futures.CancelledError as error:
        raise SchedulerError(f"{address}: the scheduler is lost; the same with --resume goes on") from error
    except TimeoutError as error:
        raise SchedulerError(f"{address}: {SILENT}") from error
    for outcome in outcomes:
        work.took(outcome.seconds)
        yield outcome


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        raise SchedulerError("--scheduler needs distributed: pip install 'letters-ocr[dask]'") from error
    made: concurrent.futures.Future[Client] = concurrent.futures.Future()

    def connect() -> None:  # hangs if the scheduler is frozen
        try:
            made.set_result(Client(address, set_as_default=False))
        except Exception as error:
            made.set_exception(error)

    Thread(target=connect, daemon=True).start()
    try:
        client = made.result(PATIENCE)
    except (OSError, ValueError, TimeoutError) as error:
        why = f": {error}" if str(error) else ""
        raise SchedulerError(f"{address}: no scheduler answers{why}") from error
    try:
        yield client
    finally:
        with suppress(OSError, TimeoutError):
            client.close(CLOSING)
