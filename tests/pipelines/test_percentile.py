"""Percentiles of bytes: the same as NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.percentile import percentile, percentiles


@pytest.mark.parametrize("percent", [0, 1.5, 50, 90, 99.5, 100])
def test_it_is_what_numpy_computes(percent: float) -> None:
    rng = np.random.default_rng(0)
    for height, width in rng.integers(1, 30, (50, 2)).tolist():
        values = rng.integers(0, 256, (height, width)).astype(np.uint8)
        assert percentile(values, percent) == float(np.percentile(values, percent))
        assert percentile(values[::2, ::3], percent) == float(np.percentile(values[::2, ::3], percent))


@pytest.mark.parametrize("percent", [0, 10, 50, 85.5, 100])
def test_along_the_first_axis_too(percent: float) -> None:
    rng = np.random.default_rng(1)
    for shape in rng.integers(1, 20, (50, 2)).tolist():
        values = rng.integers(0, 256, shape).astype(np.uint8)
        assert np.array_equal(percentiles(values, percent), np.percentile(values, percent, axis=0))
