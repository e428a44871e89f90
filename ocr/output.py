"""Where results go: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ocr.errors import Exit, OutputError


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give standard output, flushed at the end.

    Raises
    ------
    OutputError
        It is closed, or its disk is full.
    SystemExit
        With `Exit.PIPE_CLOSED`, where its reader has gone.
    """
    if sys.stdout is None:
        raise OutputError("<stdout>: is closed")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except OSError as error:
        # what is still buffered cannot be written either, and Python would complain of it at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise SystemExit(Exit.PIPE_CLOSED) from error
        raise OutputError(f"<stdout>: cannot be written: {error.strerror}") from error


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Give a text file that takes the place of `path` at the end, and leaves no trace after an error.

    What is no regular file, such as ``/dev/null`` or a named pipe, is written to as it stands.

    Raises
    ------
    OutputError
        The folder is missing or may not be written to, `path` is a folder, or the disk is full.
    """
    from nn.files import replacing

    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", errors="backslashreplace") as file:
                yield file
            return
        with (
            replacing(Path(os.path.realpath(path))) as temporary,
            temporary.open("x", encoding="utf-8", errors="backslashreplace") as file,
        ):
            yield file
    except FileNotFoundError as error:
        raise OutputError(f"{path}: cannot be written: there is no folder {path.parent}") from error
    except IsADirectoryError as error:
        raise OutputError(f"{path}: is a folder; name a file in it") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
