"""What may follow what: kinds of characters within a word."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

import numpy as np


class Kind(IntEnum):
    """Kinds of characters that a word is made of; START stands before its first."""

    START = 0
    LOWER = 1
    UPPER = 2
    DIGIT = 3
    MARK = 4


FOLLOWS = np.log(
    np.array(
        # after:      START  lower  UPPER  digit  mark
        [
            [1e-9, 0.60, 0.25, 0.09, 0.06],  # START
            [1e-9, 0.93, 0.004, 0.004, 0.062],  # lower
            [1e-9, 0.48, 0.44, 0.02, 0.06],  # UPPER
            [1e-9, 0.02, 0.03, 0.75, 0.20],  # digit
            [1e-9, 0.35, 0.15, 0.25, 0.25],  # mark
        ]
    )
)
"""log P(kind | kind before), a rough count over running text, names, codes and numbers."""


@lru_cache(maxsize=1024)
def kind_of(character: str) -> Kind:
    """Return which kind a character is."""
    if character.isdigit():
        return Kind.DIGIT
    if character.islower():
        return Kind.LOWER
    return Kind.UPPER if character.isupper() else Kind.MARK
