"""A process of this program's own at the other end of a connection, that can be ended at any time.

`Child` is the end of whoever starts it. The module it runs calls `serve_connection` as its main function.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr.reader import Reader

DYING = 1.0
"""Seconds that a process may take to end once its connection is closed."""
LIKELY_VICTIM = "800"
"""Of -1000 to 1000: among processes that fill the memory, Linux ends this one before others."""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Child:
    """A process that runs a module of this program.

    Parameters
    ----------
    module : str
        Run as ``python -m MODULE DESCRIPTOR``; it calls `serve_connection`.
    threads : int
        That matrix products may take.

    Attributes
    ----------
    connection : multiprocessing.connection.Connection
        This end of the connection to it.
    process : subprocess.Popen
    """

    def __init__(self, module: str, threads: int = 1) -> None:
        self.connection, theirs = Pipe()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={
                    **os.environ,
                    **dict.fromkeys(_THREADS, str(threads)),
                    "MALLOC_ARENA_MAX": "1",
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if os.environ.get("OCR_DEBUG") else subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the one who started it
            )

    def tell(self, message: object) -> None:
        """Send it something.

        As bytes: what `Connection.send` makes of it is a view of a buffer, which the error of a process that
        is gone would keep, and from Python 3.12 on it is complained of when both are thrown away.
        """
        self.connection.send_bytes(bytes(ForkingPickler.dumps(message)))

    def kill(self) -> None:
        """Kill it, and what it has started, at once; `end` must still be called."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def end(self, patience: float = 0.0) -> str:
        """End it, if it has not ended by itself in so many seconds, and return how it did."""
        self.connection.close()
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            code = self.process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def serve_connection(work: Callable[[Connection], None]) -> None:
    """Work for who has the other end of the connection that the first argument names, until that is gone."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write(LIKELY_VICTIM)
    if not os.environ.get("OCR_DEBUG"):
        warnings.simplefilter("ignore")
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)
    threading.Thread(target=_end_with, args=(descriptor,), daemon=True).start()
    with suppress(EOFError, ConnectionError):
        work(Connection(descriptor))


def _end_with(descriptor: int) -> None:
    """End this process when the other end of its connection is closed."""
    watch = select.poll()
    watch.register(descriptor, 0)
    watch.poll()
    os._exit(1)


def read_something(reader: Reader) -> None:
    """Have a reader take the memory that it takes once and for all when it first reads."""
    import numpy as np
    from PIL import Image, ImageDraw

    picture = Image.new("L", (200, 60), 255)
    ImageDraw.Draw(picture).text((20, 10), "ON IT", fill=0, font_size=36)
    reader.read(np.asarray(picture))


@contextmanager
def memory_held_to(megabytes: int | None) -> Iterator[None]:
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


def is_out_of_memory(error: Exception) -> bool:
    """Tell whether an error says that there was too little memory, in Python's words or a library's."""
    import cv2

    lacks = isinstance(error, MemoryError) or getattr(error, "code", None) == cv2.Error.StsNoMem
    return lacks or "start new thread" in str(error)


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
