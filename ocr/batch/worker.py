"""A process that reads pictures: started as ``python -m ocr.batch.worker DESCRIPTOR`` by `ocr.batch.crew`.

It is sent `Settings`, `Limits` and how many seconds it may idle, loads the network, answers None, and from
then on answers each `Job` with its `Outcome`. It ends when whoever started it is gone.
"""

from __future__ import annotations

import os
import resource
import select
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr.reader import Reader

LIKELY_VICTIM = "800"
"""Of -1000 to 1000: among processes that fill the memory, Linux ends this one before others."""


def work(connection: Connection) -> None:
    """Answer jobs until there are no more."""
    import cv2

    from ocr.batch.reading import read_job

    cv2.setNumThreads(1)
    settings, limits, idle = connection.recv()
    reader = settings.reader()
    if limits.megabytes is not None:
        _read_something(reader)
    connection.send(None)
    while connection.poll(idle):
        job = connection.recv()
        with _memory_held_to(limits.megabytes):
            outcome = read_job(reader, job, settings, limits.megabytes)
        connection.send(outcome)


def _read_something(reader: Reader) -> None:
    """Have the reader take the memory that it takes once and for all when it first reads."""
    import numpy as np
    from PIL import Image, ImageDraw

    picture = Image.new("L", (200, 60), 255)
    ImageDraw.Draw(picture).text((20, 10), "ON IT", fill=0, font_size=36)
    reader.read(np.asarray(picture))


@contextmanager
def _memory_held_to(megabytes: int | None) -> Iterator[None]:
    """Let no more memory be asked for than so much beyond what this process has now; it is a MemoryError."""
    if megabytes is None:
        yield
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _address_space() + megabytes * 10**6
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _end_with(descriptor: int) -> None:
    """End this process when the other end of its connection is closed."""
    watch = select.poll()
    watch.register(descriptor, 0)
    watch.poll()
    os._exit(1)


def main() -> None:
    """Take the connection whose descriptor is the first argument, and work."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write(LIKELY_VICTIM)
    if not os.environ.get("OCR_DEBUG"):
        warnings.simplefilter("ignore")
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)
    threading.Thread(target=_end_with, args=(descriptor,), daemon=True).start()
    with suppress(EOFError, ConnectionError):
        work(Connection(descriptor))


if __name__ == "__main__":
    main()
