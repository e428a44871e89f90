"""What can be learned from: letters that are drawn here, those that were corrected, and the user's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits

DRAWN = {
    "drawn capitals": (ascii_uppercase, 60),
    "drawn digits": (digits, 120),
    "drawn letters and digits": (digits + ascii_uppercase + ascii_lowercase, 40),
}
"""The sets that are drawn: their characters, and how many of each."""
OWN = "your letters"
"""Name of the set of corrected letters."""
LEAST = 20
"""Fewest samples that can be learned from."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A set by its name, and its file; None for one that is drawn."""

    name: str
    file: Path | None = None


def data_sets(corrections: Path | None = None, files: Sequence[Path] = ()) -> dict[str, DataSet]:
    """Return all sets by their names: drawn ones, corrected letters if there are any, and files.

    Files have their own names, or their whole paths where two have the same name.
    """
    found = {name: DataSet(name) for name in DRAWN}
    if corrections is not None and corrections.is_dir() and any(corrections.iterdir()):
        found[OWN] = DataSet(OWN, corrections)
    for file in files:
        name = file.name if file.name not in found else str(file)
        found[name] = DataSet(name, file)
    return found
