"""Standard output for results."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from ocr.commands.console import send_nowhere
from ocr.errors import Exit, OutputError


@contextmanager
def standard_output(is_binary: bool = False) -> Iterator[IO[Any]]:
    """Yield standard output, for text or for bytes, flushed at the end.

    Raises
    ------
    OutputError
        It is closed, its disk is full, or it is a terminal and the format is binary.
    SystemExit
        With `Exit.PIPE_CLOSED`, if its reader has gone.
    """
    if sys.stdout is None:
        raise OutputError("<stdout>: is closed")
    if is_binary and sys.stdout.isatty():
        raise OutputError("<stdout>: is a terminal, which cannot show this format; name a file with -o")
    try:
        yield sys.stdout.buffer if is_binary else sys.stdout
        sys.stdout.flush()
    except OSError as error:
        send_nowhere(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise SystemExit(Exit.PIPE_CLOSED) from error
        raise OutputError(f"<stdout>: cannot be written: {error.strerror}") from error
