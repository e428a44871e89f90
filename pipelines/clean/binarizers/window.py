"""The neighbourhood that a local threshold looks at."""

from __future__ import annotations

from pipelines.sheet import Grey


def window_of(grey: Grey) -> int:
    """Return a neighbourhood of about a letter or two where a page shows some fifteen lines; odd."""
    return int(max(25, min(101, min(grey.shape) // 15))) | 1
