"""A process that reads pictures: started as ``python -m ocr.batch.worker DESCRIPTOR`` by `ocr.batch.crew`.

It receives `Settings`, `Limits` and the seconds it may idle, loads the network, and answers None. Then it
answers each `Job` with its `Outcome`, after the number of each page that it begins. It ends when the process
that started it is gone.
"""

from __future__ import annotations

from multiprocessing.connection import Connection

from ocr.child import memory_held_to, read_something, serve_connection


def work(connection: Connection) -> None:
    """Answer jobs until there are no more."""
    import cv2

    from ocr.batch.reading import read_job

    cv2.setNumThreads(1)
    settings, limits, idle = connection.recv()
    reader = settings.reader()
    if limits.megabytes is not None:
        read_something(reader)
    connection.send(None)
    while connection.poll(idle):
        job = connection.recv()
        with memory_held_to(limits.megabytes):
            outcome = read_job(reader, job, settings, limits.megabytes, connection.send)
        connection.send(outcome)


if __name__ == "__main__":
    serve_connection(work)
