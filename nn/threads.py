"""Threads: NumPy's own few large ones are better than BLAS's many short ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from threadpoolctl import OpenBLASController, ThreadpoolController  # type: ignore[import-untyped]

_lock = Lock()
_inside = 0
_limit: Any = None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Have every matrix product take one thread, the one that asks for it; also as a decorator.

    BLAS's own threads share the product alone and none of the element-wise work between products, and
    they wait for one another busily, which costs most of the time where other programs want the cores
    too. NumPy lets go of the interpreter in all of it, so parts of a batch go through in threads of
    Python, each with products of its own. And how many threads share a product is seen in its last digits.

    The setting is the whole process's: it is made when the first thread comes in here, and taken back when
    the last one leaves.
    """
    global _inside, _limit
    with _lock:
        if _inside == 0:
            _take_control()
            _limit = _controller().limit(limits=1, user_api="blas")
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _restore()


def cores() -> int:
    """Return how many processor cores this process may use; ``OMP_NUM_THREADS`` may say fewer."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return min(int(asked), found) if asked.isdigit() and int(asked) else found


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()


def _restore() -> None:
    global _limit
    _take_control()
    _limit.restore_original_limits()
    _take_control()
    _limit = None


def _take_control() -> None:
    """Let this thread set what another one has set: later versions of threadpoolctl heed only the first."""
    getattr(OpenBLASController, "clear_controlling_thread", lambda force: None)(force=True)


def _settle_child() -> None:
    """Forget the threads that a forked process does not have."""
    global _inside, _lock
    _inside, _lock = 0, Lock()
    if _limit is not None:
        _restore()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_settle_child)
