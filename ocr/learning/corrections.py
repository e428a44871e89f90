"""The letters that a user has put right, kept as pictures in a folder.

The folder holds a folder for each class, as `nn.data.pictures.read_folder` wants it: ``nn train --data``
takes it as it is, and in any file manager a letter can be put into another class by moving it. What was
added at one time is a lot; its number begins the names of its pictures, and a letter's place in the lot ends
them, so that either can be taken back.
"""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from nn.data.npz import write_npz
from nn.data.pictures import NOTHING, dark_on_light, label_of
from nn.data.samples import Samples
from nn.errors import DataError
from nn.files import replacing
from pipelines.normalize import SIDE

SOURCE = "Source"
"""Under which key of a PNG's text the name of what a letter stood on is kept."""

Glyphs = npt.NDArray[np.uint8]
_NAME = re.compile(r"\d{20}-\d{4,}\.png")


@dataclass(frozen=True, slots=True)
class Corrections:
    """A folder of corrected letters; it is made when the first is added.

    Examples
    --------
    >>> Corrections(Path("nowhere")).counts()
    {}
    """

    folder: Path

    def add(self, images: Glyphs, labels: Sequence[str], source: str) -> int:
        """Keep a lot of letters, each written whole; return its number.

        Parameters
        ----------
        images : uint8 array, shape (N, 28, 28)
            As the network sees them, ink 255 on 0.
        labels : sequence of N str
            A character each; the empty string is "no character".
        source : str
            What they stood on, for whoever looks into the pictures.

        Raises
        ------
        ValueError
            The pictures are others, a label is more than one character or none that can be seen, or ink is
            dark on light.
        OSError
            The folder cannot be written to.
        """
        _check(images, labels)
        lot = max(time.time_ns(), self._last_lot() + 1)
        text = PngInfo()
        text.add_itxt(SOURCE, "".join(c if c.isprintable() else " " for c in source))
        for place, (image, label) in enumerate(zip(images, labels, strict=True)):
            path = self.folder / folder_name(label) / f"{lot:020d}-{place:04d}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as temporary:
                Image.fromarray(image).save(temporary, "PNG", pnginfo=text)
        return lot

    def load(self) -> tuple[Glyphs, list[str]]:
        """Return the letters, uint8 (N, 28, 28), and what they are, in the order in which they were added.

        Raises
        ------
        DataError
            One of the files is damaged, or of another size.
        """
        samples = self._samples()
        return samples.images, samples.labels.tolist()

    def counts(self) -> dict[str, int]:
        """Return how many letters there are of each class, in the order of the classes."""
        return dict(sorted(Counter(label_of(file.parent) for file in self.files()).items()))

    def take_back(self, lot: int | None = None, place: int | None = None) -> int:
        """Remove a lot, or one letter of it; return how many letters went.

        Parameters
        ----------
        lot : int, optional
            As `add` returned it; by default the one that was added last.
        place : int, optional
            Of the only letter to remove, counted from 0; by default all go.
        """
        lot = self._last_lot() if lot is None else lot
        wanted = [file for file in self.files() if _place(file)[0] == lot]
        files = [file for file in wanted if place is None or _place(file)[1] == place]
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)

    def files(self) -> list[Path]:
        """Return its own pictures, in the order in which they were added; others are left alone."""
        return sorted(
            (file for file in self.folder.glob("*/*.png") if _NAME.fullmatch(file.name)), key=_place
        )

    def to_npz(self, path: Path) -> None:
        """Write all letters as the project's ``.npz``, each one's source as its group.

        Raises
        ------
        DataError, OSError
        """
        write_npz(path, self._samples())

    def to_folder(self, path: Path) -> None:
        """Write all letters as a new folder with a folder for each class, whole or not at all.

        Raises
        ------
        FileExistsError
            There is something at `path`.
        """
        if path.exists():
            raise FileExistsError(f"{path}: is there already")
        temporary = path.with_name(f".{path.name}.tmp")
        try:
            for file in self.files():
                copy = temporary / file.relative_to(self.folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
            temporary.mkdir(parents=True, exist_ok=True)
            temporary.rename(path)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _samples(self) -> Samples:
        files = self.files()
        read = [_read(file) for file in files]
        images = np.array([image for image, _ in read], np.uint8).reshape(-1, SIDE, SIDE)
        labels = np.array([label_of(file.parent) for file in files], np.str_)
        groups = np.array([source for _, source in read], np.str_)
        return Samples(images, labels, np.full(len(files), "", "U5"), groups)

    def _last_lot(self) -> int:
        return max((_place(file)[0] for file in self.files()), default=0)


def folder_name(label: str) -> str:
    """Return the folder of a class, such as ``U+0041``: one that every file system tells from ``U+0061``."""
    return f"U+{ord(label):04X}" if label else NOTHING


def _place(file: Path) -> tuple[int, int]:
    """Return the number of a picture's lot, and its place therein."""
    lot, _, place = file.stem.partition("-")
    return int(lot), int(place)


def _read(file: Path) -> tuple[Glyphs, str]:
    try:
        with Image.open(file) as image:
            pixels, source = np.asarray(image.convert("L")), str(image.info.get(SOURCE, ""))
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError(f"{file}: not a readable picture ({error})") from error
    if pixels.shape != (SIDE, SIDE):
        raise DataError(f"{file}: {pixels.shape} pixels; expected {(SIDE, SIDE)}")
    return pixels, source


def check_shape(images: Glyphs, labels: Sequence[str]) -> None:
    """Raise `ValueError` where pictures are no glyphs, uint8 (N, 28, 28), or not as many as labels."""
    expected = (len(labels), SIDE, SIDE)
    if images.dtype != np.uint8 or images.shape != expected:
        raise ValueError(f"letters are {images.dtype} {images.shape}; expected uint8 {expected}")


def _check(images: Glyphs, labels: Sequence[str]) -> None:
    check_shape(images, labels)
    for label in labels:
        if len(label) > 1 or (label and not (label.isprintable() and label.strip())):
            raise ValueError(f"{label!r} is not one character")
    if dark_on_light(images).any():
        raise ValueError("a letter is dark on light; expected ink 255 on 0")
