"""Labelled letters from wherever a user has them: corrections, glyphs, photos of single letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from nn.data.npz import read_npz
from nn.data.pictures import ENDINGS, label_of, load_picture
from nn.errors import DataError
from ocr.reader import Reader
from pipelines.errors import PictureError
from pipelines.normalize import SIDE

Glyphs = npt.NDArray[np.uint8]


def find_letters(folder: Path) -> list[Path]:
    """Return the pictures in a folder with a folder for each class, sorted.

    Raises
    ------
    DataError
        There are none, or a folder of some is not called by one character.
    """
    files = sorted(
        file
        for file in folder.glob("*/*")
        if file.suffix.lower() in ENDINGS and not file.name.startswith(".")
    )
    for file in files:
        if len(label_of(file.parent)) > 1:
            raise DataError(
                f"{file.parent}: a folder is called by the character on its pictures, by its code point "
                "such as U+0041, or none"
            )
    if not files:
        raise DataError(
            f"{folder}: no pictures; expected a folder for each character with pictures of it, such as "
            f"{folder / 'A' / '1.png'}"
        )
    return files


def read_letters(
    files: Iterable[Path], reader: Reader, complain: Callable[[PictureError | DataError], None]
) -> tuple[Glyphs, list[str]]:
    """Return pictures of letters as the network sees them, and what they are called by their folders.

    Parameters
    ----------
    files : iterable of Path
        Pictures of 28x28 pixels are taken as glyphs; on any other one letter is looked for.
    reader : Reader
        Whose pipeline is "letter".
    complain : callable
        Told of each picture that cannot be read, or shows no letter; it is left out.

    Returns
    -------
    uint8 array, shape (N, 28, 28), and list of N str
    """
    images, labels = [], []
    for file in files:
        try:
            images.append(_glyph(file, reader))
        except (PictureError, DataError) as error:
            complain(error)
        else:
            labels.append(label_of(file.parent))
    return np.array(images, np.uint8).reshape(-1, SIDE, SIDE), labels


def read_exported(path: Path) -> tuple[Glyphs, Sequence[str]]:
    """Return what is in an ``.npz`` of corrections.

    Raises
    ------
    DataError
        It cannot be read, or its pictures are of another size.
    """
    samples = read_npz(path)
    if samples.images.shape[1:] != (SIDE, SIDE):
        raise DataError(f"{path}: pictures of {samples.images.shape[1:]}; expected {(SIDE, SIDE)}")
    return samples.images, samples.labels.tolist()


def _glyph(file: Path, reader: Reader) -> Glyphs:
    try:
        with Image.open(file) as image:
            is_glyph = image.size == (SIDE, SIDE)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        is_glyph = False
    if is_glyph:
        return load_picture(file)
    found = list(reader.read(file).glyphs)
    if not found:
        raise PictureError(f"{file}: no letter found")
    return max(found, key=lambda glyph: glyph.box.width * glyph.box.height).image
