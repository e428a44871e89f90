"""Medians, held to NumPy's."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipelines.median import median, medians

ARRAYS = arrays.arrays(
    st.sampled_from([np.uint8, np.int64, np.float64]),
    arrays.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=7),
    elements=st.integers(0, 255),
)


@given(ARRAYS)
def test_medians_are_those_of_numpy(values: np.ndarray) -> None:
    assert median(values) == np.median(values)
    np.testing.assert_array_equal(medians(values), np.median(values, axis=0))


def test_there_is_no_median_of_nothing() -> None:
    assert math.isnan(median([]))
    assert np.isnan(medians(np.zeros((0, 3)))).tolist() == [True] * 3
