"""The same work on a Dask cluster: its workers read, this process keeps the manifest.

A path that is given is opened here and its bytes are sent; a URL, ``file://`` too, is opened by the worker.
Outputs come back as bytes, or are written by the worker where OUT is a URL. On a worker, pictures are read in
a process of their own (`ocr.batch.crew`), so that limits hold and a picture that kills its reader takes no
Dask worker with it.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from nn.errors import ModelError
from ocr.batch.crew import Crew
from ocr.batch.jobs import Job, Limits, Outcome, Settings, failed
from ocr.batch.store import opened
from ocr.console import tell
from ocr.errors import SchedulerError
from pipelines.errors import PictureError, shown
from pipelines.remote import is_url

if TYPE_CHECKING:
    from distributed import Client, Future

IDLE = 60.0
"""Seconds after which a reader's process on a worker ends, where nothing more comes."""
LOOK = 5.0
"""Seconds after which the scheduler is asked again how many workers it has."""
AHEAD = 3
"""Pictures sent for each thread of a worker: the one that it reads, and what is on its way."""

_CREWS: defaultdict[tuple[Settings, Limits], list[Crew]] = defaultdict(list)


def read_on_cluster(
    jobs: Iterable[Job], settings: Settings, limits: Limits, address: str
) -> Iterator[Outcome]:
    """Yield what comes of each picture, as it comes from the workers of a scheduler.

    Pictures of a worker that is lost are read by another. Where there is none it is waited for.

    Parameters
    ----------
    jobs : iterable of Job
    settings : Settings
    limits : Limits
    address : str
        Of the scheduler, such as ``tcp://host:8786``.

    Raises
    ------
    SchedulerError
        The scheduler cannot be reached, or is lost.
    nn.errors.ModelError
        A worker has other weights, or another version.
    """
    fingerprint = settings.fingerprint()
    waiting = deque(jobs)
    sent: dict[str, tuple[Future[Outcome], Job]] = {}
    done: SimpleQueue[Future[Outcome]] = SimpleQueue()
    with _connected(address) as client:
        threads, looked = -1, float("-inf")
        while waiting or sent:
            if time.monotonic() - looked > LOOK:
                before, threads, looked = threads, sum(client.nthreads().values()), time.monotonic()
                if not threads and before:
                    tell(f"{address}: has no workers; waiting for one")
            while waiting and len(sent) < max(1, AHEAD * threads):
                job = waiting.popleft()
                try:
                    packed = _packed(job)
                except PictureError as error:
                    yield failed(job, str(error).removeprefix(f"{shown(job.source)}: "), 0)
                    continue
                future = client.submit(read_there, packed, settings, limits, fingerprint, pure=False)
                sent[future.key] = future, job
                future.add_done_callback(done.put)
            try:
                key = done.get(timeout=LOOK if sent else 0.0).key
            except Empty:
                continue
            yield _outcome(*sent.pop(key), address)


def read_there(job: Job, settings: Settings, limits: Limits, fingerprint: str) -> Outcome:
    """Read a picture: what a worker of the cluster does.

    Raises
    ------
    nn.errors.ModelError
        What is installed here is not what `fingerprint` was made of.
    """
    if _own_fingerprint(settings) != fingerprint:
        raise ModelError(f"{os.uname().nodename}: has another model, or another version of letters-ocr")
    free = _CREWS[settings, limits]
    try:
        crew = free.pop()
    except IndexError:
        crew = Crew(settings, limits, 1, IDLE)
    try:
        return next(crew.read([job]))
    finally:
        free.append(crew)


@cache
def _own_fingerprint(settings: Settings) -> str:
    try:
        return settings.fingerprint()
    except OSError as error:
        raise ModelError(f"{os.uname().nodename}: {error.filename}: {error.strerror}") from error


def _packed(job: Job) -> Job:
    """Return a job with the bytes of its file, unless workers can open it themselves."""
    if is_url(job.source):
        return job
    with opened(job.source) as file:
        return replace(job, content=file.read())


def _outcome(future: Future[Outcome], job: Job, address: str) -> Outcome:
    from concurrent.futures import CancelledError

    from distributed import KilledWorker

    try:
        outcome: Outcome = future.result()
        return outcome
    except KilledWorker as error:
        return failed(job, f"the workers that read it died, the last at {error.last_worker.address}", 0)
    except CancelledError as error:
        raise SchedulerError(f"{address}: the scheduler is lost; the same with --resume goes on") from error


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        raise SchedulerError("--scheduler needs distributed: pip install 'letters-ocr[dask]'") from error
    try:
        client = Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerError(f"{address}: no scheduler answers: {error}") from error
    with client:
        yield client
