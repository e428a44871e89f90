"""Texts and numbers that any format can hold, and the name of this software."""

from __future__ import annotations

import re
from functools import cache

_UNHELD = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str, kept: str = "") -> str:
    """Replace control characters, lone surrogates and characters forbidden in XML 1.0 by U+FFFD.

    Characters in `kept` stay.
    """
    return _UNHELD.sub(lambda found: found[0] if found[0] in kept else "\ufffd", text)


def share(confidence: float) -> float:
    """Round to four digits and clip to 0 to 1; NaN counts as 0."""
    return round(min(1.0, max(0.0, float(confidence))), 4)


@cache
def software() -> str:
    """Return the name and version of this project."""
    from importlib.metadata import version

    return f"letters-ocr {version('letters-ocr')}"
