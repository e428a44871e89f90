"""What other installed packages add: each names it by an entry point, as ``pip`` installs them."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any


@cache
def plugins(group: str) -> tuple[Any, ...]:
    """Return what the entry points of a group name; one that cannot be imported is left out with a warning.

    Parameters
    ----------
    group : str
        Such as ``letters_ocr.layers``.
    """
    from importlib.metadata import entry_points

    found = []
    for point in entry_points(group=group):
        try:
            found.append(point.load())
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            warnings.warn(f"{point.value} ({group}) cannot be used: {reason}", stacklevel=2)
    return tuple(found)
