"""A process that reads pictures: started as ``python -m ocr.batch.worker DESCRIPTOR`` by `ocr.batch.crew`.

It is sent `Settings`, `Limits` and how many seconds it may idle, loads the network, answers None, and from
then on answers each `Job` with its `Outcome`. Where there is a limit of time, it first tells the number of
each page that it comes to. It ends when whoever started it is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, TypeAlias

from ocr.child import memory_held_to, read_something, serve_connection

if TYPE_CHECKING:
    from pipelines.load import Picture

Load: TypeAlias = "Callable[[Any], Iterator[Picture]]"


def work(connection: Connection) -> None:
    """Answer jobs until there are no more."""
    import cv2

    from ocr.batch.reading import read_job

    cv2.setNumThreads(1)
    settings, limits, idle = connection.recv()
    reader = settings.reader()
    if limits.seconds is not None:
        reader.load = _telling(reader.load, connection)  # type: ignore[method-assign]
    if limits.megabytes is not None:
        read_something(reader)
    connection.send(None)
    while connection.poll(idle):
        job = connection.recv()
        with memory_held_to(limits.megabytes):
            outcome = read_job(reader, job, settings, limits.megabytes)
        connection.send(outcome)


def _telling(load: Load, connection: Connection) -> Load:
    """Return `load` that tells of each page."""

    def load_and_tell(source: Any) -> Iterator[Picture]:
        for picture in load(source):
            connection.send(picture.number)
            yield picture

    return load_and_tell


if __name__ == "__main__":
    serve_connection(work)
