"""How many threads there are, and that the threads of BLAS are left as they were."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import permutations
from threading import Barrier, get_ident

import numpy  # noqa: F401 - its BLAS is there only once it is loaded
import pytest
from threadpoolctl import threadpool_info, threadpool_limits  # type: ignore[import-untyped]

from nn.threads import all_cores, cores, for_each, in_threads, one_blas_thread


def blas_threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture(params=[2, 3])
def hosts(request: pytest.FixtureRequest) -> Iterator[set[int]]:
    """Give BLAS as many threads as a host program may; return what it then has."""
    with threadpool_limits(request.param, user_api="blas"):
        yield blas_threads()


@pytest.mark.parametrize("order", [*permutations(range(3))], ids=str)
def test_the_threads_of_blas_are_what_they_were_whoever_leaves_last(
    hosts: set[int], order: tuple[int, ...]
) -> None:
    stacks = [ExitStack() for _ in order]
    pools = [ThreadPoolExecutor(1) for _ in order]  # a thread each, alive to the end
    for pool, stack in zip(pools, stacks, strict=True):
        pool.submit(stack.enter_context, one_blas_thread()).result()
    for which in order:
        assert blas_threads() == {1}
        pools[which].submit(stacks[which].close).result()
    assert blas_threads() == hosts
    for pool in pools:
        pool.shutdown()


def test_the_threads_of_blas_are_what_they_were_after_an_error(hosts: set[int]) -> None:
    with pytest.raises(ZeroDivisionError), one_blas_thread(), one_blas_thread():
        raise ZeroDivisionError
    assert blas_threads() == hosts


@pytest.mark.filterwarnings("ignore:.*fork")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system forks no processes")
def test_a_forked_process_is_not_held_to_one_thread(hosts: set[int]) -> None:
    with one_blas_thread():
        child = os.fork()
        if not child:
            os._exit(blas_threads() != hosts)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.parametrize(
    ("asked", "expected"), [("1", 1), ("100000", None), ("0", None), ("two", None), ("", None)]
)
def test_fewer_cores_may_be_asked_for_and_never_more(
    asked: str, expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    all_cores = cores()
    assert all_cores >= 1
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert cores() == (expected or all_cores)


def test_parts_are_shared_among_cores_only_where_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nn.threads.cores", lambda: 2)
    both = Barrier(2, timeout=20)
    seen: list[tuple[int, int]] = []

    def wait(part: int) -> None:
        both.wait()

    def divide(part: int) -> None:
        _ = 1 // part

    def alone(part: int) -> None:
        seen.append((part, get_ident()))

    for_each(alone, range(3))
    assert seen == [(part, get_ident()) for part in range(3)]
    with all_cores():
        for_each(wait, range(2))
        with pytest.raises(ZeroDivisionError):
            for_each(divide, range(2))
    seen.clear()
    for_each(alone, range(2))
    assert {thread for _, thread in seen} == {get_ident()}


def test_what_is_one_piece_is_done_in_the_thread_that_asks() -> None:
    here = get_ident()
    for parts in ([], [1]):
        assert in_threads(lambda _: get_ident(), parts) == [here] * len(parts)
    done: list[int] = []
    with all_cores():
        for_each(lambda _: done.append(get_ident()), [1])
    assert done == [here]


@pytest.mark.skipif(cores() < 2, reason="one core has one thread")
def test_several_pieces_are_done_at_the_same_time_and_come_in_their_order() -> None:
    barrier = Barrier(2, timeout=30)

    def work(part: int) -> int:
        barrier.wait()
        return part

    assert in_threads(work, [3, 1]) == [3, 1]
