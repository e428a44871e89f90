"""Folders of pictures with their texts, and other readers' texts of the same pictures."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.sources.suffixes import PICTURES

TRUTH, TEXT = ".gt.txt", ".txt"
LONGEST = 1_000_000
"""Most characters of a reference."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture and its text."""

    name: str
    picture: Path
    reference: str


@dataclass(frozen=True, slots=True)
class SampleSet:
    """The samples of one folder, by name."""

    name: str
    samples: tuple[Sample, ...]


def find_sets(folder: Path, complain: Callable[[str], None]) -> list[SampleSet]:
    """Find pictures with their texts, in a folder and its direct subfolders.

    The text of ``NAME.png``, or another picture, is ``NAME.gt.txt``; in a folder without any such,
    ``NAME.txt``.

    Parameters
    ----------
    folder : Path
    complain : callable
        Called with a line for every text that cannot be read, and for every ``NAME.gt.txt`` without a
        picture; these are left out.

    Returns
    -------
    list of SampleSet
        Empty sets are left out.
    """
    folders = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    sets = [SampleSet(each.resolve().name, _samples(each, complain)) for each in folders]
    return [each for each in sets if each.samples]


def _samples(folder: Path, complain: Callable[[str], None]) -> tuple[Sample, ...]:
    samples = []
    for name, truth in sorted(_truths(folder).items()):
        pictures = [path for suffix in PICTURES if (path := truth.with_name(name + suffix)).is_file()]
        if not pictures:
            if truth.name.endswith(TRUTH):
                complain(f"{truth}: no picture of that name beside it")
            continue
        try:
            samples.append(Sample(name, pictures[0], read_text(truth)))
        except (OSError, UnicodeDecodeError) as error:
            complain(f"{truth}: {_why(error)}")
    return tuple(samples)


def _truths(folder: Path) -> dict[str, Path]:
    """Return the files that may be texts of pictures, by the names of the pictures."""
    files = {ending: list(folder.glob(f"*{ending}")) for ending in (TRUTH, TEXT)}
    ending = TRUTH if files[TRUTH] else TEXT
    return {file.name.removesuffix(ending): file for file in files[ending]}


def other_readings(folder: Path, samples: SampleSet, complain: Callable[[str], None]) -> dict[str, str]:
    """Return another reader's text of each sample, by name; empty if there is no file.

    The file is the first that exists of ``NAME.png.txt`` (as ``ocr batch`` names it), ``NAME.txt`` and
    ``NAME.gt.txt``, in a subfolder named like the set, or else in `folder` itself.

    Parameters
    ----------
    folder : Path
    samples : SampleSet
    complain : callable
        Called with a line for every file that is missing or cannot be read.
    """
    places = (folder / samples.name, folder)
    readings = {}
    for sample in samples.samples:
        names = (f"{sample.picture.name}{TEXT}", f"{sample.name}{TEXT}", f"{sample.name}{TRUTH}")
        files = [place / name for place in places for name in names]
        file = next((file for file in files if file.is_file()), None)
        try:
            readings[sample.name] = read_text(file) if file is not None else ""
        except (OSError, UnicodeDecodeError) as error:
            complain(f"{file}: {_why(error)}; counted as nothing read")
            readings[sample.name] = ""
        if file is None:
            complain(f"{folder}: no text for {samples.name}/{sample.name}; counted as nothing read")
    return readings


def read_text(file: Path) -> str:
    """Return a text in UTF-8, without a byte order mark.

    Raises
    ------
    OSError
        It cannot be read, is not a regular file, or is longer than `LONGEST`.
    UnicodeDecodeError
        It is not UTF-8.
    """
    if file.exists() and not file.is_file():
        raise OSError(errno.EINVAL, "is no file")
    with file.open(encoding="utf-8-sig") as stream:
        text = stream.read(LONGEST + 1)
    if len(text) > LONGEST:
        raise OSError(errno.EFBIG, f"has more than {LONGEST} characters, which no picture has")
    return text


def _why(error: OSError | UnicodeDecodeError) -> str:
    return "is no UTF-8" if isinstance(error, UnicodeDecodeError) else error.strerror or str(error)
