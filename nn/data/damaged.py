"""Exceptions that libraries raise for damaged files or files of another kind."""

from __future__ import annotations

import struct
import tokenize
import zipfile
import zlib

DAMAGED = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    RuntimeError,
    SyntaxError,
    tokenize.TokenError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


def cause(error: Exception) -> str:
    """Return an error's message in one line, or its type if it has none."""
    lines = str(error).splitlines()
    return lines[0] if lines and lines[0] else type(error).__name__
