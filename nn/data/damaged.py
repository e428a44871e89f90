"""What libraries raise at files that are damaged or something else."""

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
    """Return in one line what an error says, or its kind if it says nothing."""
    lines = str(error).splitlines()
    return lines[0] if lines and lines[0] else type(error).__name__
