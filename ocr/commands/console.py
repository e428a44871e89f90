"""Messages to the user: one line per error on stderr, and a progress bar on a terminal."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import IntEnum
from typing import IO, Any, TypeVar

from nn.commands.console import printable
from ocr.errors import Exit, defect
from pipelines.errors import shown

Item = TypeVar("Item")


def tell(message: object) -> None:
    """Print one line of printable characters on stderr, if stderr is open.

    Raises
    ------
    SystemExit
        With `Exit.PIPE_CLOSED`, if its reader has gone.
    """
    if sys.stderr is None:
        return
    try:
        print(f"ocr: {printable(message)}", file=sys.stderr, flush=True)
    except OSError as error:
        send_nowhere(sys.stderr)  # a full disk keeps nothing from being read
        if isinstance(error, BrokenPipeError):
            raise SystemExit(Exit.PIPE_CLOSED) from error


class Volume(IntEnum):
    """How much is printed in addition to errors."""

    QUIET = 0
    USUAL = 1
    MORE = 2


_volume: ContextVar[Volume] = ContextVar("volume", default=Volume.USUAL)


@contextmanager
def speaking(volume: Volume) -> Iterator[None]:
    """Set the volume inside this context."""
    before = _volume.set(volume)
    try:
        yield
    finally:
        _volume.reset(before)


def is_quiet() -> bool:
    """Return whether only errors are printed."""
    return _volume.get() == Volume.QUIET


def note(message: object) -> None:
    """Print a warning or progress message, unless the volume is quiet."""
    if _volume.get() >= Volume.USUAL:
        tell(message)


def detail(message: object) -> None:
    """Print a message if the volume is verbose."""
    if _volume.get() >= Volume.MORE:
        tell(message)


def send_nowhere(stream: IO[Any]) -> None:
    """Discard the buffer of a stream that cannot be written, and all further output.

    Otherwise Python would print an error at exit.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def tell_of_defect(error: Exception, where: str = "") -> None:
    """Print one line about an internal failure; with ``OCR_DEBUG`` set, its traceback too."""
    tell(f"{where}internal failure, please report it: {defect(error)}")
    if os.environ.get("OCR_DEBUG"):
        traceback.print_exception(error)


def with_bar(
    items: Sequence[Item], writes_to_terminal: bool = False, description: str = "Reading"
) -> Iterable[Item]:
    """Return `items`, with a progress bar on stderr if there are several and stderr is a terminal.

    There is none where the results are printed to the terminal, `writes_to_terminal`.
    """
    is_useful = len(items) > 1 and sys.stderr is not None and sys.stderr.isatty() and not is_quiet()
    return _barred(items, description) if is_useful and not writes_to_terminal else items


def _barred(items: Sequence[Item], description: str) -> Iterator[Item]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False) as progress:
        yield from progress.track(items, description=escape(shown(description)))


def settle_process() -> None:
    """Make stdout and stderr accept any text, keep libraries off stderr, and end cleanly on signals."""
    _occupy_standard_descriptors()
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda number, _: sys.exit(128 + number))
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
    if os.environ.get("OCR_DEBUG"):
        return
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)  # what libraries log, tracebacks and all, when a server is not there
    if sys.stderr is not None:
        _keep_stderr()


def _occupy_standard_descriptors() -> None:
    """Open /dev/null as each of stdin, stdout and stderr that is closed.

    Otherwise files and connections would get these descriptors: libraries write to descriptor 2 whatever it
    is, and child processes have all three replaced.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def _keep_stderr() -> None:
    """Move stderr to a descriptor of its own, as libtiff and OpenCV always write to descriptor 2."""
    ours = os.dup(2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    sys.stderr = os.fdopen(ours, "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")
