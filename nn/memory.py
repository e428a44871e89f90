"""Memory that training allocates repeatedly."""

from __future__ import annotations

import ctypes
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3


def keep_freed_memory(most: int = 2**31 - 1) -> None:
    """Make glibc keep freed memory for the next batch or picture; does nothing without glibc.

    Otherwise large arrays are returned to the system when they are freed and mapped again page by page,
    zeroed, which takes about a tenth of a training step, or of reading a page. The two numbers are those of
    ``mallopt`` in malloc.h.

    Parameters
    ----------
    most : int
        Bytes that are kept at most, at the end of the heap.
    """
    with suppress(OSError, AttributeError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(MMAP_THRESHOLD, 2**25)
        mallopt(TRIM_THRESHOLD, most)
