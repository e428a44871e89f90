"""Percentiles of bytes: the same as NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.percentile import percentile


@pytest.mark.parametrize("percent", [0, 1.5, 50, 90, 99.5, 100])
def test_it_is_what_numpy_computes(percent: float) -> None:
    rng = np.random.default_rng(0)
    for height, width in rng.integers(1, 30, (50, 2)).tolist():
        values = rng.integers(0, 256, (height, width)).astype(np.uint8)
        assert percentile(values, percent) == float(np.percentile(values, percent))
        assert percentile(values[::2, ::3], percent) == float(np.percentile(values[::2, ::3], percent))
