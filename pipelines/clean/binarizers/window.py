"""The neighbourhood that a local threshold looks at."""

from __future__ import annotations

from pipelines.clean.params import Thresholds
from pipelines.sheet import Grey


def window_of(grey: Grey, numbers: Thresholds) -> int:
    """Return a neighbourhood of about a letter or two where a page shows some fifteen lines; odd."""
    side = min(grey.shape) // numbers.windows
    return int(max(numbers.least_window, min(numbers.most_window, side))) | 1
