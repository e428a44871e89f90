"""Groups of things of which some pairs belong together, held to SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from pipelines.groups import groups_of


@given(st.integers(0, 40), st.floats(0, 3), st.integers(0, 2**32 - 1))
def test_groups_are_the_connected_components(count: int, each: float, seed: int) -> None:
    together = np.random.default_rng(seed).random((count, count)) < each / max(1, count)
    expected = connected_components(together, directed=False)[1] if count else np.zeros(0, int)
    assert groups_of(together).tolist() == expected.tolist()


@pytest.mark.parametrize("reverse", [False, True])
def test_a_long_chain_in_any_order_is_one_group(reverse: bool) -> None:
    order = np.random.default_rng(1).permutation(400)
    together = np.zeros((400, 400), bool)
    together[order[:-1], order[1:]] = True
    assert set(groups_of(together.T if reverse else together).tolist()) == {0}
