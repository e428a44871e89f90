"""Texts and numbers such as any format can hold, and the name under which they are written."""

from __future__ import annotations

import re
from functools import cache

_UNHELD = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str, kept: str = "") -> str:
    """Put U+FFFD where a character is one that XML 1.0 forbids, a control character or half of one.

    Those in `kept` stay.
    """
    return _UNHELD.sub(lambda found: found[0] if found[0] in kept else "\ufffd", text)


def share(confidence: float) -> float:
    """Round to four digits, in 0 to 1; what is not a number counts as 0."""
    return round(min(1.0, max(0.0, float(confidence))), 4)


@cache
def software() -> str:
    """Return the name and version of this project."""
    from importlib.metadata import version

    return f"letters-ocr {version('letters-ocr')}"
