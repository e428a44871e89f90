"""A process that trains in the laboratory, started by `ocr.web.lab_process`.

It receives an `Order`, and then questions: the name of a method of `ocr.lab.run.Run`, and its arguments. It
answers each with what the method returns. Where nobody asks for a while, the training is paused.
"""

from __future__ import annotations

from multiprocessing.connection import Connection

from ocr.child import memory_held_to, serve_connection
from ocr.web.lab_process import Order

LONELY = 300.0
"""Seconds without a question after which the training is paused."""


def work(connection: Connection) -> None:
    """Begin a run, and answer questions about it."""
    import cv2

    from ocr.lab.run import Run

    cv2.setNumThreads(1)
    order: Order = connection.recv()
    with memory_held_to(order.megabytes):
        run = Run(order.plan, order.data, order.folder)
        while True:
            if not connection.poll(LONELY):
                run.pause()
            name, arguments = connection.recv()
            connection.send(getattr(run, name)(*arguments))


if __name__ == "__main__":
    serve_connection(work)
