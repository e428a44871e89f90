"""What the labels of EMNIST's splits stand for."""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase, digits

MERGED = digits + ascii_uppercase + "abdefghnqrt"
LABELS = {
    "byclass": dict(enumerate(digits + ascii_uppercase + ascii_lowercase)),
    "bymerge": dict(enumerate(MERGED)),
    "balanced": dict(enumerate(MERGED)),
    "letters": dict(enumerate(map("".join, zip(ascii_uppercase, ascii_lowercase, strict=True)), 1)),
    "digits": dict(enumerate(digits)),
    "mnist": dict(enumerate(digits)),
}
"""What each label is called; a letter in both cases where it stands for either."""
_NAME = re.compile(rf"emnist[-_]({'|'.join(LABELS)})(?![a-z])", re.IGNORECASE)


def is_emnist(name: str) -> bool:
    """Tell whether a file called so is one of EMNIST's, which keep their pictures transposed."""
    return re.match("emnist[-_]", name, re.IGNORECASE) is not None


def published(name: str) -> dict[int, str] | None:
    """Return the mapping of the set that a file is called after ("emnist-letters"); None if it is none.

    Examples
    --------
    >>> published("emnist-letters-train")[1]
    'Aa'
    """
    found = _NAME.match(name)
    return LABELS[found[1].lower()] if found else None


def told_apart(mapping: dict[int, str]) -> str:
    """Return what labels with this mapping tell apart, a key of `nn.data.tasks.TASKS`.

    Those of Letters stand for either case of a letter; the 47 of ByMerge and Balanced are known by what they
    are.
    """
    if any(map(both_cases, mapping.values())):
        return "letters"
    return "merged" if set(mapping.values()) == set(MERGED) else ""


def both_cases(characters: str) -> bool:
    """Tell whether characters are a letter and the same one in the other case."""
    return len(characters) == 2 and characters == characters[0] + characters[0].swapcase()
