"""Which part of a reading stands for which part of the reference: the fewest edits, found by rapidfuzz."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of the reference and what was read of it.

    Attributes
    ----------
    reference, reading : str
        Equal where it was read right; one is empty where something is missing or was added.
    """

    reference: str
    reading: str

    @property
    def is_right(self) -> bool:
        return self.reference == self.reading


def edits(reference: Sequence[Hashable], reading: Sequence[Hashable]) -> int:
    """Return how many items must be put in, taken out or replaced to make one of the other."""
    return Levenshtein.distance(reference, reading)


def partners(reference: Sequence[Hashable], reading: Sequence[Hashable]) -> npt.NDArray[np.int64]:
    """Return for each item of `reading` the place in `reference` of the one it stands for, -1 for none."""
    found = np.full(len(reading), -1, np.int64)
    for part in Levenshtein.opcodes(reading, reference):
        if part.tag in ("equal", "replace"):
            found[part.src_start : part.src_end] = np.arange(part.dest_start, part.dest_end)
    return found


def changes(reference: str, reading: str) -> list[Change]:
    """Return both texts cut into stretches that were read right and stretches that were not."""
    found = []
    for _, same in groupby(Levenshtein.opcodes(reference, reading), lambda part: part.tag == "equal"):
        parts = list(same)
        start, end = parts[0], parts[-1]
        expected = reference[start.src_start : end.src_end]
        found.append(Change(expected, reading[start.dest_start : end.dest_end]))
    return found
