"""Worker processes, each at the other end of a connection, that can be killed at any time.

`Child` starts a process; `Worker` is one that does task after task, for `ocr.batch.crew` and `ocr.web.pool`.
The module that the process runs calls `serve_connection` as its main function.

No library for process pools does what is needed here. Measured with three tasks, one of which killed its
process: with loky 3.7 all three fail. Pebble 5.2 continues, and limits the time of a task; but it imports
``__main__`` again, so that a script without a guard fails (measured), and its tasks cannot report pages
before they end.

Only the scheduling of tasks differs between the two: a batch gives each process a picture, waits for all of
them in one loop, and ends when there are no more; a request to the server is a coroutine that holds a process
for one step per page, and may be cancelled between any two steps.
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
from importlib import import_module
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ocr.reader import Reader

ATTEMPTS = 2
"""How often a task is tried if its process dies."""
DYING = 1.0
"""Seconds in which a process must end once its connection is closed."""
OOM_SCORE = "800"
"""From -1000 to 1000: when memory runs out, Linux kills the process with the highest score first."""
LOADED_LATE = ("scipy.sparse.csgraph",)
"""Modules that take long to load, and that only some pictures need: a process for many imports them first."""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class Child:
    """A process that runs a module of this program.

    Parameters
    ----------
    module : str
        Run as ``python -m MODULE DESCRIPTOR``; it calls `serve_connection`.
    threads : int
        Threads for matrix products.

    Attributes
    ----------
    connection : multiprocessing.connection.Connection
        This end of the connection.
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
                process_group=0,  # Ctrl-C goes only to the parent
            )

    def tell(self, message: object) -> None:
        """Send an object to the process.

        It is pickled to bytes here. `Connection.send` would write a view of its buffer; if the process has
        ended, the exception keeps that view, and Python 3.12 warns when the buffer is freed before it.
        """
        self.connection.send_bytes(bytes(ForkingPickler.dumps(message)))

    def kill(self) -> None:
        """Kill it and all processes that it has started; call `end` afterwards."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def end(self, patience: float = 0.0) -> str:
        """Wait this many seconds for it to end, then kill it; return its signal's name or its exit code."""
        self.connection.close()
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            code = self.process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


class ProcessDied(Exception):
    """A process has ended at its start or during a task; the message says how."""


class Worker(Child):
    """A process that receives its settings, answers when it is ready, and then does task after task.

    Parameters
    ----------
    module : str
    first : object
        Its settings: the first message to it.

    Attributes
    ----------
    is_ready : bool
        Whether it has answered.
    is_out_of_time : bool
        Whether it was killed for taking too long.
    """

    def __init__(self, module: str, first: object) -> None:
        super().__init__(module)
        self.is_ready = self.is_out_of_time = False
        self._first: object | None = first

    def begin(self) -> None:
        """Send its settings, if that has not been done."""
        if self._first is not None:
            self.tell(self._first)
            self._first = None

    def hear(self) -> Any:
        """Return its next message. Raises `ProcessDied`."""
        with self.alive():
            said = self.connection.recv()
        self.is_ready = True
        return said

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Raise `ProcessDied` where the other end of the connection is gone."""
        try:
            yield
        except (EOFError, OSError) as error:
            raise ProcessDied(self.end(DYING)) from error

    def give_up(self) -> None:
        """Kill it after a timeout."""
        self.is_out_of_time = True
        self.kill()


def serve_connection(work: Callable[[Connection], None]) -> None:
    """Call `work` with the connection named by the first argument; end when the other end is closed."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write(OOM_SCORE)
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
    """Read a small picture, so that everything that is loaded lazily is in memory afterwards."""
    import numpy as np
    from PIL import Image, ImageDraw

    for name in LOADED_LATE:  # of which such a picture needs nothing
        import_module(name)
    picture = Image.new("L", (200, 60), 255)
    ImageDraw.Draw(picture).text((20, 10), "ON IT", fill=0, font_size=36)
    reader.read(np.asarray(picture))


@contextmanager
def memory_held_to(megabytes: int | None) -> Iterator[None]:
    """Limit this process to this many megabytes more than it has now; exceeding it raises MemoryError."""
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
    """Return whether Python, or a library, raised an error because memory ran out."""
    import cv2

    lacks = isinstance(error, MemoryError) or getattr(error, "code", None) == cv2.Error.StsNoMem
    return lacks or "start new thread" in str(error)


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
