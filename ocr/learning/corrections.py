"""Letters that a user has corrected, stored as pictures in a folder.

There is a subfolder for each class, as `nn.data.pictures.read_folder` expects: ``nn train --data`` reads the
folder directly, and a letter can be moved to another class in any file manager. Letters that are added
together form a lot; the names of their pictures begin with the lot's number and end with the letter's index,
so that a lot or a letter can be removed again. Other files are left alone, and symbolic links below the
folder are not followed.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, NoReturn
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError
from PIL.PngImagePlugin import PngInfo

from nn.data.npz import write_arrays
from nn.data.pictures import NOTHING, dark_on_light, label_of
from nn.errors import DataError
from pipelines.normalize import SIDE

SOURCE = "Source"
"""Key of the PNG text chunk with the name of the picture that a letter is from."""

STAGED = ".lot-"
"""Prefix of temporary folders in which lots are written before they are moved into place."""
STALE = 3600.0
"""Seconds after which such a folder counts as left over by a killed program."""

Glyphs = npt.NDArray[np.uint8]
Complain = Callable[[DataError], None]
_NAME = re.compile(r"[0-9]{20}-[0-9]{4,}\.png")


def _fail(error: DataError) -> NoReturn:
    raise error


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A letter that is kept: its lot, its index in it, its picture (28, 28), and what it stood on."""

    lot: int
    place: int
    image: Glyphs
    source: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """A folder of corrected letters, created when the first one is added.

    Examples
    --------
    >>> Corrections(Path("nowhere")).counts()
    {}
    """

    folder: Path

    def add(self, images: Glyphs, labels: Sequence[str], source: str) -> int:
        """Store a lot of letters, all of them or none; return its number.

        Parameters
        ----------
        images : uint8 array, shape (N, 28, 28)
            Inputs of the network, ink 255 on 0.
        labels : sequence of N str
            A character each; the empty string is "no character".
        source : str
            Name of the picture they are from, for reference.

        Raises
        ------
        ValueError
            The pictures have another shape or dtype, a label is not one visible character, or ink is dark on
            light.
        OSError
            The folder cannot be written to; nothing was stored.
        """
        _check(images, labels)
        lot = max(time.time_ns(), self._last_lot() + 1)
        text = PngInfo()
        text.add_itxt(SOURCE, "".join(c if c.isprintable() else " " for c in source))
        self.folder.mkdir(parents=True, exist_ok=True)
        self._clear()
        with TemporaryDirectory(prefix=STAGED, dir=self.folder) as folder:
            moves = []
            for place, (image, label) in enumerate(zip(images, labels, strict=True)):
                staged = Path(folder, str(place))
                Image.fromarray(image).save(staged, "PNG", pnginfo=text)
                moves.append((staged, self.folder / folder_name(label) / f"{lot:020d}-{place:04d}.png"))
            _move(moves)
        return lot

    def load(self, complain: Complain = _fail) -> tuple[Glyphs, list[str]]:
        """Return the letters, uint8 (N, 28, 28), and their labels, in the order in which they were added.

        Parameters
        ----------
        complain : callable
            Called with a DataError for each file that is damaged or of another size; it is left out. By
            default the error is raised.
        """
        read = list(self._read(complain))
        images = np.array([pixels for _, pixels, _ in read], np.uint8).reshape(-1, SIDE, SIDE)
        return images, [label_of(file.parent) for file, _, _ in read]

    def counts(self) -> dict[str, int]:
        """Return how many letters there are of each class, in the order of the classes."""
        return dict(sorted(Counter(label_of(file.parent) for file in self.files()).items()))

    def take_back(self, lot: int | None = None, place: int | None = None) -> int:
        """Remove a lot, or one letter of it; return how many letters were removed.

        Parameters
        ----------
        lot : int, optional
            As `add` returned it; by default the last one added.
        place : int, optional
            Index of the letter to remove, from 0; by default all.
        """
        lot = self._last_lot() if lot is None else lot
        wanted = [file for file in self.files() if _place(file)[0] == lot]
        files = [file for file in wanted if place is None or _place(file)[1] == place]
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)

    def files(self) -> list[Path]:
        """Return its pictures in the order in which they were added; other files are ignored."""
        folders = [
            entry.path
            for entry in _entries(self.folder)
            if entry.is_dir(follow_symlinks=False) and _is_class(Path(entry.path))
        ]
        found = (
            Path(entry.path)
            for folder in folders
            for entry in _entries(folder)
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False)
        )
        return sorted(found, key=_place)

    def examples(self, label: str) -> list[Example]:
        """Return the letters of a class in the order in which they were added; damaged files are left out."""
        return [
            Example(*_place(file), image, source) for file, image, source in self._read(lambda _: None, label)
        ]

    def to_npz(self, file: BinaryIO, complain: Complain = _fail) -> None:
        """Write all letters as the project's ``.npz``, with their sources as groups.

        `complain` is called as by `load`. The array ``left_out`` names the files that are left out.
        """
        left_out: list[str] = []
        read = list(self._read(_noting(left_out, complain)))
        arrays = {
            "images": np.array([pixels for _, pixels, _ in read], np.uint8).reshape(-1, SIDE, SIDE),
            "labels": np.array([label_of(file.parent) for file, _, _ in read], np.str_),
            "split": np.full(len(read), "", "U5"),
            "group": np.array([source for _, _, source in read], np.str_),
        }
        if left_out:
            arrays["left_out"] = np.array(left_out, np.str_)
        write_arrays(file, arrays)

    def to_zip(self, file: BinaryIO, complain: Complain = _fail) -> None:
        """Write all letters as pictures, in a folder ``corrections`` with a folder for each class.

        `complain` is called as by `load`. The file ``left_out.txt`` names the files that are left out.
        """
        left_out: list[str] = []
        top = Path("corrections")
        with ZipFile(file, "w") as archive:
            for picture, _, _ in self._read(_noting(left_out, complain)):
                with _opened(picture) as content:
                    archive.writestr(str(top / picture.relative_to(self.folder)), content.read())
            if left_out:
                archive.writestr(str(top / "left_out.txt"), "".join(f"{line}\n" for line in left_out))

    def _read(self, complain: Complain, label: str | None = None) -> Iterator[tuple[Path, Glyphs, str]]:
        """Yield each picture's file, its pixels (28, 28), and its source; of one class, if it is named."""
        for file in self.files():
            if label is not None and label_of(file.parent) != label:
                continue
            try:
                pixels, source = _pixels(file)
            except DataError as error:
                complain(error)
            else:
                yield file, pixels, source

    def _last_lot(self) -> int:
        return max((_place(file)[0] for file in self.files()), default=0)

    def _clear(self) -> None:
        """Remove leftovers of programs that were killed while adding a lot."""
        for folder in self.folder.glob(f"{STAGED}*"):
            with suppress(FileNotFoundError):  # another server may have removed it
                if time.time() - folder.lstat().st_mtime > STALE:
                    shutil.rmtree(folder, ignore_errors=True)


def folder_name(label: str) -> str:
    """Return the folder of a class, such as ``U+0041``, which is safe where file names ignore case."""
    return f"U+{ord(label):04X}" if label else NOTHING


def _place(file: Path) -> tuple[int, int]:
    """Return the number of a picture's lot, and its index in the lot."""
    lot, _, place = file.stem.partition("-")
    return int(lot), int(place)


def _pixels(file: Path) -> tuple[Glyphs, str]:
    """Return a picture's pixels, uint8 (28, 28), and its source. Raises `DataError`."""
    try:
        with _opened(file) as content, Image.open(content, formats=["PNG"]) as image:
            if image.size != (SIDE, SIDE):
                raise DataError(f"{file}: {image.size} pixels; expected {(SIDE, SIDE)}")
            return np.asarray(image.convert("L")), str(image.info.get(SOURCE, ""))
    except UnidentifiedImageError:
        raise DataError(f"{file}: not a readable picture (no PNG)") from None
    except DataError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{file}: not a readable picture ({error})") from error


def _noting(left_out: list[str], complain: Complain) -> Complain:
    """Return a function that records complaints and passes them on."""

    def note(error: DataError) -> None:
        complain(error)
        left_out.append(str(error))

    return note


def _entries(folder: str | Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except FileNotFoundError:
        return []


def _is_class(folder: Path) -> bool:
    """Return whether a folder is named after a character, or ``none``."""
    try:
        return _is_character(label_of(folder))
    except DataError:
        return False


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    """Yield a descriptor of a folder; symbolic links are rejected."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """Open a file to read, without following symbolic links to it or to its folder."""
    with _folder(file.parent) as folder:
        descriptor = os.open(file.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    with os.fdopen(descriptor, "rb") as content:
        yield content


def _move(moves: Sequence[tuple[Path, Path]]) -> None:
    """Move files, all of them or none; folders are created, and symbolic links are not followed."""
    done: list[Path] = []
    try:
        for source, goal in moves:
            goal.parent.mkdir(exist_ok=True)
            with _folder(goal.parent) as folder:
                os.rename(source, goal.name, dst_dir_fd=folder)
            done.append(goal)
    except BaseException:
        for goal in done:
            goal.unlink(missing_ok=True)
        raise


def check_shape(images: Glyphs, labels: Sequence[str]) -> None:
    """Raise `ValueError` unless pictures are glyphs, uint8 (N, 28, 28), one for each label."""
    expected = (len(labels), SIDE, SIDE)
    if images.dtype != np.uint8 or images.shape != expected:
        raise ValueError(f"letters are {images.dtype} {images.shape}; expected uint8 {expected}")


def _check(images: Glyphs, labels: Sequence[str]) -> None:
    check_shape(images, labels)
    for label in labels:
        if not _is_character(label):
            raise ValueError(f"{label!r} is not one character")
    if dark_on_light(images).any():
        raise ValueError("a letter is dark on light; expected ink 255 on 0")


def _is_character(label: str) -> bool:
    """Return whether a label is one visible character, or the empty string."""
    return not label or (len(label) == 1 and label.isprintable() and bool(label.strip()))
