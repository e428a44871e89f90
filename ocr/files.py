"""Output files, written atomically."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from nn.files import replacing
from ocr.errors import OutputError


@contextmanager
def whole_file(path: Path, is_binary: bool = False) -> Iterator[IO[Any]]:
    """Yield a file, for text or for bytes, that replaces `path` at the end.

    After an error nothing is left of it.

    A path that is not a regular file, such as ``/dev/null`` or a named pipe, is written to directly.

    Raises
    ------
    OutputError
        The folder is missing or may not be written to, `path` is a folder, or the disk is full.
    """
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
