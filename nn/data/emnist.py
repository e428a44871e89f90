"""What the labels of EMNIST's splits stand for."""

from __future__ import annotations

from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits

from nn.data.idx import read_mapping

MERGED = digits + ascii_uppercase + "abdefghnqrt"
LABELS = {
    "byclass": dict(enumerate(digits + ascii_uppercase + ascii_lowercase)),
    "bymerge": dict(enumerate(MERGED)),
    "balanced": dict(enumerate(MERGED)),
    "letters": dict(enumerate(ascii_uppercase, 1)),
    "digits": dict(enumerate(digits)),
    "mnist": dict(enumerate(digits)),
}


def told_apart(mapping: dict[int, str]) -> str:
    """Return what labels with this mapping tell apart, a key of `nn.data.tasks.TASKS`.

    The 26 capitals alone are the classes of Letters, where each stands for the small letter too; the 47 of
    ByMerge and Balanced are known by what they are as well.
    """
    names = set(mapping.values())
    return "letters" if names == set(ascii_uppercase) else "merged" if names == set(MERGED) else ""


def mapping_beside(path: Path, name: str) -> dict[int, str] | None:
    """Return the mapping for the data file `path` of the set called `name` ("emnist-letters").

    It is that of ``{name}-mapping.txt`` beside the file; else, for EMNIST's own sets, the published one;
    else None.

    Raises
    ------
    DataError
        If there is such a file and it cannot be read.
    """
    file = path.with_name(f"{name}-mapping.txt")
    return read_mapping(file) if file.is_file() else LABELS.get(name.removeprefix("emnist-"))
