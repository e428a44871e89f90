"""Numeric labels: their names are given by a file or by the caller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import digits
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.data.emnist import both_cases, published, told_apart
from nn.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Labels as text.

    Attributes
    ----------
    labels : ndarray of str, shape (N,)
    task : str
        As that of `nn.data.samples.Samples`.
    notes : tuple of str
        Assumptions that were made.
    """

    labels: npt.NDArray[np.str_]
    task: str = ""
    notes: tuple[str, ...] = ()


def read_mapping(path: str | Path) -> dict[int, str]:
    """Return the characters of each label, from a mapping file of EMNIST.

    A line is a label and the code points of its characters, of which the first counts. A letter in both cases
    (as in Letters) keeps both: the label stands for either.

    Raises
    ------
    DataError
        Naming the file and the line.
    """
    mapping = {}
    try:
        lines = Path(path).read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from error
    for number, line in enumerate(lines, 1):
        try:
            label, *points = map(int, line.split())
            mapping[label] = from_points(points)
        except (ValueError, OverflowError):
            points = []
        if not points:
            raise DataError(f"{path}: line {number} is {line!r}; expected a label and code points")
    return mapping


def from_points(points: Iterable[int]) -> str:
    """Return the name of a label with these code points: the first, or a letter in both cases."""
    characters = "".join(map(chr, points))
    return characters if both_cases(characters) else characters[:1]


def mapping_file(path: Path, name: str) -> Path:
    """Return the path of the mapping of a data file `path` in the set `name` ("emnist-letters")."""
    return path.with_name(f"{name}-mapping.txt" if name else "mapping.txt")


def mapping_beside(path: Path, name: str) -> dict[int, str] | None:
    """Return the mapping of a data file `path` in the set `name`.

    It is that of the `mapping_file`; else, for EMNIST's own sets, the published one; else None.

    Raises
    ------
    DataError
        If there is such a file and it cannot be read.
    """
    file = mapping_file(path, name)
    return read_mapping(file) if file.is_file() else published(name)


def named(
    numbers: npt.NDArray[np.integer[Any]],
    mapping: dict[int, str] | None,
    where: str | Path,
    how: str,
) -> Named:
    """Return the names of numeric labels (N,).

    Without a `mapping` 0 to 9 are taken for digits, with a note; other numbers are an error.

    Parameters
    ----------
    numbers : ndarray of int, shape (N,)
    mapping : dict of int to str, or None
        Name of each label; a letter in both cases if it stands for either.
    where : str or Path
        Beginning of error messages.
    how : str
        How a user can name the labels, for error messages.

    Raises
    ------
    DataError
        Naming the first label that is not in `mapping` and its place; or, without one, saying `how`.
    """
    present, first, inverse = np.unique(numbers, return_index=True, return_inverse=True)
    notes: tuple[str, ...] = ()
    if mapping is None and len(present):
        low, high = int(present[0]), int(present[-1])
        if low < 0 or high > 9:
            raise DataError(f"{where}: labels are numbers, {low} to {high}; to say of what, {how}")
        notes = (f"{where}: labels {low} to {high} are taken for digits; if they are not, {how}",)
    names = mapping if mapping is not None else dict(enumerate(digits))
    for number, place in zip(present.tolist(), first.tolist(), strict=True):
        if number not in names:
            raise DataError(f"{where}: label {number} of sample {place} is not in the mapping")
    called = (names[number] for number in present.tolist())
    texts = np.array([name[:1] if both_cases(name) else name for name in called], np.str_)[inverse]
    return Named(texts, told_apart(mapping) if mapping is not None else "", notes)


def with_file(path: Path, name: str) -> str:
    """Return how to write a mapping for a data file `path` in the set `name`, for error messages."""
    return f"write {mapping_file(path, name)}, a line for each: the label and its code point, such as '1 65'"
