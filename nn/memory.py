"""Memory that training allocates repeatedly."""

from __future__ import annotations

import ctypes
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3


def keep_freed_memory() -> None:
    """Make glibc keep freed memory for the next batch; does nothing without glibc.

    Otherwise large arrays are returned to the system after every batch and mapped again page by page, zeroed,
    which takes about a tenth of a training step. The two numbers are those of ``mallopt`` in malloc.h.
    """
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_THRESHOLD, 2**25)
        mallopt(TRIM_THRESHOLD, 2**31 - 1)
