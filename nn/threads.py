"""Threads: a few large tasks in Python threads instead of BLAS's many short ones."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from threading import Lock
from typing import Any, TypeVar

from threadpoolctl import OpenBLASController, ThreadpoolController  # type: ignore[import-untyped]

Item = TypeVar("Item")
Made = TypeVar("Made")

_helpers: ContextVar[Executor | None] = ContextVar("helpers", default=None)
_lock = Lock()
_inside = 0
_limit: Any = None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Run every matrix product in the calling thread; also as a decorator.

    BLAS's own threads share only the products, not the element-wise work between them, and they busy-wait for
    each other, which is slow when other programs use the cores. NumPy releases the interpreter lock in all of
    it, so parts of a batch run in Python threads, each with its own products. Also, the last digits of a
    product depend on the number of threads.

    The setting applies to the whole process: it is made when the first thread enters, and undone when the
    last one leaves.
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


@contextmanager
def all_cores() -> Iterator[None]:
    """Let the layers that this thread calls share the parts of one picture among all cores (`for_each`)."""
    with one_blas_thread(), ThreadPoolExecutor(cores()) as pool:
        before = _helpers.set(pool if cores() > 1 else None)
        try:
            yield
        finally:
            _helpers.reset(before)


def for_each(work: Callable[[Item], None], parts: Iterable[Item]) -> None:
    """Call a function for each of the parts, in parallel inside of `all_cores`."""
    pool, parts = _helpers.get(), list(parts)
    if pool is None or len(parts) == 1:
        for part in parts:
            work(part)
    else:
        list(pool.map(work, parts))


def in_threads(work: Callable[[Item], Made], parts: Sequence[Item]) -> list[Made]:
    """Return the results of a function for each of the parts, with one thread per core.

    A single part is processed in this thread, as starting another takes longer than classifying a letter.
    """
    threads = min(cores(), len(parts))
    with one_blas_thread():
        if threads < 2:
            return [work(part) for part in parts]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(work, parts))


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
    """Let this thread override another's setting, which later versions of threadpoolctl ignore."""
    getattr(OpenBLASController, "clear_controlling_thread", lambda force: None)(force=True)


def _settle_child() -> None:
    """Forget the threads that a forked process does not have."""
    global _inside, _lock
    _inside, _lock = 0, Lock()
    if _limit is not None:
        _restore()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_settle_child)
