"""Where results go: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ocr.commands.console import send_nowhere
from ocr.errors import Exit, OutputError


@contextmanager
def standard_output(is_binary: bool = False) -> Iterator[IO[Any]]:
    """Give standard output, for text or for bytes, flushed at the end.

    Raises
    ------
    OutputError
        It is closed, its disk is full, or it is a terminal and would be sent bytes.
    SystemExit
        With `Exit.PIPE_CLOSED`, where its reader has gone.
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


@contextmanager
def whole_file(path: Path, is_binary: bool = False) -> Iterator[IO[Any]]:
    """Give a file, for text or for bytes, that takes the place of `path` at the end.

    After an error it leaves no trace.

    What is no regular file, such as ``/dev/null`` or a named pipe, is written to as it stands.

    Raises
    ------
    OutputError
        The folder is missing or may not be written to, `path` is a folder, or the disk is full.
    """
    from nn.files import replacing

    kind: dict[str, Any] = {} if is_binary else {"encoding": "utf-8", "errors": "backslashreplace"}
    letter = "b" if is_binary else ""
    try:
        if path.exists() and not path.is_file():
            with path.open(f"w{letter}", **kind) as file:
                yield file
            return
        with (
            replacing(Path(os.path.realpath(path))) as temporary,
            temporary.open(f"x{letter}", **kind) as file,
        ):
            yield file
    except FileNotFoundError as error:
        raise OutputError(f"{path}: cannot be written: there is no folder {path.parent}") from error
    except IsADirectoryError as error:
        raise OutputError(f"{path}: is a folder; name a file in it") from error
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
