"""Threads: NumPy's own few large ones are better than BLAS's many short ones."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]


def one_blas_thread() -> AbstractContextManager[Any]:
    """Return a context in which every matrix product takes one thread: the one that asks for it.

    BLAS's own threads share the product alone and none of the element-wise work between products, and
    they wait for one another busily, which costs most of the time where other programs want the cores
    too. NumPy lets go of the interpreter in all of it, so parts of a batch go through in threads of
    Python, each with products of its own. The setting is the whole process's while it lasts.
    """
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit


def cores() -> int:
    """Return how many processor cores this process may use; ``OMP_NUM_THREADS`` may say fewer."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(int(asked), found) if asked.isdigit() and int(asked) else found


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
