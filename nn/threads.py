"""Threads: NumPy's own few large ones are better than BLAS's many short ones."""

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


@contextmanager
def all_cores() -> Iterator[None]:
    """Have the layers that this thread asks share the parts of one picture among all cores (`for_each`)."""
    with one_blas_thread(), ThreadPoolExecutor(cores()) as pool:
        before = _helpers.set(pool if cores() > 1 else None)
        try:
            yield
        finally:
            _helpers.reset(before)


def for_each(work: Callable[[Item], None], parts: Iterable[Item]) -> None:
    """Do some work for each of the parts, inside of `all_cores` for several at the same time."""
    pool, parts = _helpers.get(), list(parts)
    if pool is None or len(parts) == 1:
        for part in parts:
            work(part)
    else:
        list(pool.map(work, parts))


def in_threads(work: Callable[[Item], Made], parts: Sequence[Item]) -> list[Made]:
    """Return what work makes of each of the parts, in as many threads as there are cores.

    A single part is done in this thread: to start another for it takes longer than a letter in a network.
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
