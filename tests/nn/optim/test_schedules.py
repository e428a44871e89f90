from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.optim.schedules import SCHEDULES, constant, cosine, one_cycle, plateau, stairs


@given(st.sampled_from(sorted(SCHEDULES)), st.integers(1, 500), st.data())
def test_factors_stay_in_range(name, steps, data):
    step = data.draw(st.integers(0, steps - 1))
    assert 0 <= SCHEDULES[name](step, steps) <= 1


def test_constant():
    assert {constant(step, 10) for step in range(10)} == {1.0}


def test_plateau_drops_after_epochs_without_a_better_one():
    def after(best):
        return plateau(0, 10, best, drop=0.5, patience=2, floor=0.2)

    assert after([]) == after([True, False]) == after([True, False, True, False]) == 1
    assert after([True, False, False]) == after([True, False, False, False]) == 0.5
    assert after([True, False, False, True, False, False]) == 0.25
    assert after([True] + [False] * 8) == 0.2


def test_stairs():
    factors = [stairs(step, 8, drop=0.1, at=(0.5, 0.75)) for step in range(8)]
    assert factors == pytest.approx([1, 1, 1, 1, 0.1, 0.1, 0.01, 0.01])


def test_cosine_rises_evenly_and_falls_to_its_floor():
    factors = [cosine(step, 1000, warmup=0.1, floor=0.2) for step in range(1000)]
    rises = [after - before for before, after in pairwise(factors[:100])]
    assert max(rises) == pytest.approx(min(rises))
    assert max(factors) == factors[100] == 1
    assert factors[100:] == sorted(factors[100:], reverse=True)
    assert factors[550] == pytest.approx(0.6) and factors[-1] == pytest.approx(0.2, abs=1e-3)


def test_one_cycle():
    factors = [one_cycle(step, 1000, warmup=0.3, start=0.04, end=0.001) for step in range(1000)]
    assert factors[0] == pytest.approx(0.04) and factors[-1] == pytest.approx(0.001, abs=1e-4)
    assert factors.index(max(factors)) == 300 and factors[300] == 1
    assert factors[:301] == sorted(factors[:301])
