"""The main loop of a batch: what is still to do, and outcomes written and recorded as they arrive."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeAlias

from ocr.batch.inputs import Input
from ocr.batch.jobs import Job, Outcome
from ocr.batch.manifest import NAME, Manifest, is_done
from ocr.batch.names import UNFINISHED, bases
from ocr.batch.progress import Tally, shown_progress
from ocr.batch.store import joined, local_path, put, settle
from ocr.errors import Exit, OutputError
from ocr.formats import formats as all_formats
from pipelines.errors import shown

BEHIND = 32
"""Most pictures that are read but not written yet."""
TOGETHER = 0.1
"""Outcomes within this many seconds are committed together, with one wait for the disk."""
CHECKS = 8
"""Files that are checked in parallel to see what is done."""
OF_ONE_NAME = {errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EILSEQ, errno.EINVAL}
"""Errors that a single output's name may cause; other errors of writing would affect every picture."""

Commit: TypeAlias = Callable[[list[Outcome]], tuple[list[Outcome], Exception | None]]
Queue: TypeAlias = SimpleQueue[tuple[Outcome, Future[Outcome]] | None]


def still_to_do(
    found: Sequence[Input],
    records: Mapping[str, dict[str, Any]],
    formats: Sequence[str],
    settings: str,
    out: str,
) -> list[Job]:
    """Return the pictures that no record proves done (`ocr.batch.manifest.is_done`)."""
    endings = [all_formats()[name].extension for name in formats]
    names = bases((one.relative for one in found), endings, [NAME])
    jobs = [Job(one.source, base) for one, base in zip(found, names, strict=True)]

    def is_open(job: Job) -> bool:
        return not is_done(records.get(job.source), job.base, formats, settings, out)

    with ThreadPoolExecutor(CHECKS) as pool:
        return [job for job, is_wanted in zip(jobs, pool.map(is_open, jobs), strict=True) if is_wanted]


def run(outcomes: Iterable[Outcome], manifest: Manifest, settings: str, out: str, tally: Tally) -> None:
    """Write each outcome's files, then its record, while the next pictures are read; show progress.

    However it ends, all earlier outcomes are written and recorded.

    Raises
    ------
    OutputError
        Nothing more can be written.
    """
    pending: deque[Future[Outcome]] = deque()
    with shown_progress(tally) as show:

        def count(most: int) -> None:
            while len(pending) > most or (pending and pending[0].done()):
                tally.add(pending.popleft().result())
                show()

        try:
            with _writer(partial(_commit, manifest=manifest, settings=settings, out=out)) as write:
                for outcome in outcomes:
                    pending.append(write(outcome))
                    count(BEHIND)
        finally:
            count(0)


@contextmanager
def _writer(commit: Commit) -> Iterator[Callable[[Outcome], Future[Outcome]]]:
    """Yield a function that commits an outcome in a thread, with those that follow soon."""
    queue: Queue = SimpleQueue()
    thread = Thread(target=_commit_groups, args=(queue, commit))
    thread.start()

    def write(outcome: Outcome) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        queue.put((outcome, future))
        return future

    try:
        yield write
    finally:
        queue.put(None)
        thread.join()


def _commit_groups(queue: Queue, commit: Commit) -> None:
    error: Exception | None
    while group := _next_group(queue):
        try:
            done, error = commit([outcome for outcome, _ in group])
        except Exception as failure:
            done, error = [], failure
        for (_, future), outcome in zip(group, done, strict=False):
            future.set_result(outcome)
        for _, future in group[len(done) :]:
            future.set_exception(error or AssertionError("an outcome was passed over"))


def _next_group(queue: Queue) -> list[tuple[Outcome, Future[Outcome]]]:
    """Wait for the next outcome and return it with those that follow soon; none at the end."""
    group: list[tuple[Outcome, Future[Outcome]]] = []
    end = 0.0
    while True:
        try:
            item = queue.get(timeout=max(0.0, end - time.monotonic()) if group else None)
        except Empty:
            return group
        if item is None:
            queue.put(None)  # for the next call
            return group
        end = end if group else time.monotonic() + TOGETHER
        group.append(item)


def _commit(
    outcomes: Sequence[Outcome], manifest: Manifest, settings: str, out: str
) -> tuple[list[Outcome], Exception | None]:
    """Write the files of some outcomes and then their records.

    Returns
    -------
    list of Outcome
        The outcomes after writing, up to the first that cannot be written.
    Exception or None
        An OutputError that says why nothing more can be written.
    """
    done: list[Outcome] = []
    folders: set[str | None] = set()
    failure: Exception | None = None
    for outcome in outcomes:
        try:
            done.append(_put(outcome, out, folders))
        except OutputError as error:
            failure = error
            break
    try:
        settle(folders - {None})
    except OSError as error:
        raise OutputError(f"{shown(out)}: cannot be written: {error.strerror or error}") from error
    manifest.append(done, settings)
    return [replace(outcome, outputs=()) for outcome in done], failure


def _put(outcome: Outcome, out: str, folders: set[str | None]) -> Outcome:
    """Write the files of an outcome, record their folders, and return the outcome after that."""
    place = out
    try:
        for output in outcome.outputs:
            if output.content is not None:
                place = joined(out, output.path)
                folders.add(put(out, output.path, output.content))
    except OSError as error:
        reason = f"{shown(place)}: cannot be written: {error.strerror or error}"
        if error.errno not in OF_ONE_NAME:
            raise OutputError(reason) from error
        return replace(outcome, outputs=(), error=reason, code=Exit.OUTPUT)
    return outcome


@contextmanager
def unfinished_removed(out: str) -> Iterator[None]:
    """Remove unfinished files of an earlier run below OUT, and at the end those of this run."""
    folder = local_path(out)
    if folder is None:
        yield
        return
    unfinished = os.path.join(folder, UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
