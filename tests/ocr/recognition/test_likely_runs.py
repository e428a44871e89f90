"""Runs that the line network finds far less likely than others of their word are not looked at."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr.recognition.likely_runs import likely_runs
from pipelines.layout.segment import Atoms


def atoms_of(words: list[int]) -> Atoms:
    """Return so many atoms for each word, side by side."""
    word = np.repeat(np.arange(len(words)), words)
    number = np.arange(len(word))
    boxes = np.stack([10 * number, 0 * number, 10 * number + 8, 0 * number + 9], axis=1).astype(np.int32)
    blank = np.zeros((9, 10 * len(word)), np.int32)
    return Atoms(blank, boxes, number, word, 0 * word, np.full(len(word), 9.0))


def runs_of(words: list[int], most: int = 3) -> list[tuple[int, int]]:
    starts = np.cumsum([0, *words])
    within = [(a, b) for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)]
    return sorted(
        (first, first + size)
        for start, stop in within
        for first, size in product(range(start, stop), range(1, most + 1))
        if first + size <= stop
    )


def chains(runs: list[tuple[int, int]], start: int, stop: int) -> list[list[int]]:
    """Return all ways to go from one atom to another by runs."""
    if start == stop:
        return [[]]
    return [
        [number, *rest]
        for number, (first, last) in enumerate(runs)
        if first == start and last <= stop
        for rest in chains(runs, last, stop)
    ]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_a_run_is_kept_where_a_nearly_best_chain_goes_through_it(words: list[int], seed: int) -> None:
    runs = runs_of(words)
    evidence = np.random.default_rng(seed).uniform(-8, 0, (len(runs), 3))
    kept = likely_runs(atoms_of(words), np.array(runs), evidence, 4.0)
    best = evidence.max(axis=1)
    starts = np.cumsum([0, *words]).tolist()
    for start, stop in pairwise(starts):
        totals = [(sum(best[chain]), chain) for chain in chains(runs, start, stop)]
        most = max(total for total, _ in totals)
        near = {k for total, chain in totals if total >= most - 4.0 for k in chain}
        assert near == {k for k in np.flatnonzero(kept) if start <= runs[k][0] < stop}


def test_without_runs_there_is_nothing_to_keep() -> None:
    assert likely_runs(atoms_of([1]), np.zeros((0, 2), np.int64), np.zeros((0, 3)), 4.0).shape == (0,)
