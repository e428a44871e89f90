"""Alignment of a reading with its reference by the fewest edits, with rapidfuzz."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the reference and what was read for it.

    Attributes
    ----------
    reference, reading : str
        Equal if it was read right; one is empty if something is missing or was added.
    """

    reference: str
    reading: str

    @property
    def is_right(self) -> bool:
        return self.reference == self.reading


def edits(reference: Sequence[Hashable], reading: Sequence[Hashable]) -> int:
    """Return the edit distance: insertions, deletions and substitutions."""
    return Levenshtein.distance(reference, reading)


def partners(reference: Sequence[Hashable], reading: Sequence[Hashable]) -> npt.NDArray[np.int64]:
    """Return for each item of `reading` the index of its counterpart in `reference`, -1 for none."""
    found = np.full(len(reading), -1, np.int64)
    for part in Levenshtein.opcodes(reading, reference):
        if part.tag in ("equal", "replace"):
            found[part.src_start : part.src_end] = np.arange(part.dest_start, part.dest_end)
    return found


def changes(reference: str, reading: str) -> list[Change]:
    """Return both texts, split into parts that were read right and parts that were not."""
    found = []
    for _, same in groupby(Levenshtein.opcodes(reference, reading), lambda part: part.tag == "equal"):
        parts = list(same)
        start, end = parts[0], parts[-1]
        expected = reference[start.src_start : end.src_end]
        found.append(Change(expected, reading[start.dest_start : end.dest_end]))
    return found
