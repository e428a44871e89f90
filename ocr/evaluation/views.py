"""Views in which a text is compared with its reference: what counts as equal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

SAME = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "`": "'", "–": "-", "—": "-", "−": "-"}
    | {"ﬁ": "fi", "ﬂ": "fl"}
)
"""Characters that differ only in typography."""


@dataclass(frozen=True, slots=True)
class View:
    """One way to compare.

    Attributes
    ----------
    title : str
        For tables.
    fold : function of str
        Maps texts that count as equal to the same text; its input is `folded`.
    """

    title: str
    fold: Callable[[str], str]


def folded(text: str) -> str:
    """Return a text in composed form with plain quotes, dashes and single spaces."""
    plain = unicodedata.normalize("NFC", text).translate(SAME)
    return re.sub(r"\s+", " ", plain).strip()


def _as_written(text: str) -> str:
    return text


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())


VIEWS: dict[str, View] = {
    "exact": View("as written", _as_written),
    "no_case": View("without case", str.lower),
    "alnum": View("letters and digits, without case", _letters_and_digits),
}
