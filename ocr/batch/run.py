"""The run itself: what is still to do, and each outcome written and put down as it comes."""

from __future__ import annotations

import errno
import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from ocr.batch.inputs import Input
from ocr.batch.jobs import Job, Outcome
from ocr.batch.manifest import NAME, Manifest, is_done
from ocr.batch.names import UNFINISHED, bases
from ocr.batch.progress import Tally, shown_progress
from ocr.batch.store import joined, local_path, write_whole
from ocr.errors import Exit, OutputError
from ocr.formats import FORMATS
from pipelines.errors import shown

BEHIND = 32
"""So many pictures may be read and not yet written."""
CHECKS = 8
"""So many files are looked into at once to see what is done."""
OF_ONE_NAME = {errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EILSEQ, errno.EINVAL}
"""What the name of one output may be to blame for; other errors of writing would meet every picture."""


def still_to_do(
    found: Sequence[Input],
    records: Mapping[str, dict[str, Any]],
    formats: Sequence[str],
    settings: str,
    out: str,
) -> list[Job]:
    """Return the pictures that no record proves done (`ocr.batch.manifest.is_done`)."""
    endings = [FORMATS[name].extension for name in formats]
    names = bases((one.relative for one in found), endings, [NAME])
    jobs = [Job(one.source, base) for one, base in zip(found, names, strict=True)]

    def is_open(job: Job) -> bool:
        return not is_done(records.get(job.source), job.base, formats, settings, out)

    with ThreadPoolExecutor(CHECKS) as pool:
        return [job for job, is_wanted in zip(jobs, pool.map(is_open, jobs), strict=True) if is_wanted]


def run(outcomes: Iterable[Outcome], manifest: Manifest, settings: str, out: str, tally: Tally) -> None:
    """Write each outcome's files, then its record, while the next are read; and show how it gets on.

    Whatever stops it, all that came before is written and recorded.

    Raises
    ------
    OutputError
        Nothing more can be written.
    """
    pending: deque[Future[Outcome]] = deque()
    with shown_progress(tally) as show, ThreadPoolExecutor(1) as writer:

        def settle(most: int) -> None:
            while len(pending) > most or (pending and pending[0].done()):
                tally.add(pending.popleft().result())
                show()

        try:
            for outcome in outcomes:
                pending.append(writer.submit(_commit, outcome, manifest, settings, out))
                settle(BEHIND)
        finally:
            settle(0)


def _commit(outcome: Outcome, manifest: Manifest, settings: str, out: str) -> Outcome:
    """Write the files of an outcome and then its record; return what it has come to."""
    place = out
    try:
        for output in outcome.outputs:
            if output.content is not None:
                place = joined(out, output.path)
                write_whole(out, output.path, output.content)
    except OSError as error:
        reason = f"{shown(place)}: cannot be written: {error.strerror or error}"
        if error.errno not in OF_ONE_NAME:
            raise OutputError(reason) from error
        outcome = replace(outcome, outputs=(), error=reason, code=Exit.OUTPUT)
    try:
        manifest.append(outcome, settings)
    except OSError as error:
        raise OutputError(f"the manifest cannot be written: {error.strerror or error}") from error
    return replace(outcome, outputs=())


@contextmanager
def unfinished_removed(out: str) -> Iterator[None]:
    """Remove what an earlier run left unfinished below OUT, and at the end what this one does."""
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
