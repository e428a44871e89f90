"""The window of a local threshold."""

from __future__ import annotations

from pipelines.clean.params import Thresholds
from pipelines.sheet import Grey


def window_of(grey: Grey, numbers: Thresholds) -> int:
    """Return an odd window size: one or two letters high on a page of about fifteen lines."""
    side = min(grey.shape) // numbers.windows
    return int(max(numbers.least_window, min(numbers.most_window, side))) | 1
