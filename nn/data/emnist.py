"""The labels of EMNIST's splits."""

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
"""Name of each label; a letter in both cases if it stands for either."""
_NAME = re.compile(rf"emnist[-_]({'|'.join(LABELS)})(?![a-z])", re.IGNORECASE)


def is_emnist(name: str) -> bool:
    """Return whether a file name is one of EMNIST's, whose pictures are transposed."""
    return re.match("emnist[-_]", name, re.IGNORECASE) is not None


def published(name: str) -> dict[int, str] | None:
    """Return the mapping of the set in a file name ("emnist-letters"); None if there is none.

    Examples
    --------
    >>> published("emnist-letters-train")[1]
    'Aa'
    """
    found = _NAME.match(name)
    return LABELS[found[1].lower()] if found else None


def told_apart(mapping: dict[int, str]) -> str:
    """Return the task of labels with this mapping, a key of `nn.data.tasks.TASKS`.

    Labels of Letters stand for either case of a letter; the 47 of ByMerge and Balanced are recognised by
    their characters.
    """
    if any(map(both_cases, mapping.values())):
        return "letters"
    return "merged" if set(mapping.values()) == set(MERGED) else ""


def both_cases(characters: str) -> bool:
    """Return whether characters are a letter and the same one in the other case."""
    return len(characters) == 2 and characters == characters[0] + characters[0].swapcase()
