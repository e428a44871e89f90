"""Labelled letters from the user's files: corrections, glyphs, photos of single letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from nn.data.npz import read_npz
from nn.data.pictures import dark_on_light, label_of, load_picture
from nn.errors import DataError
from ocr.document import Document
from ocr.reader import Reader
from pipelines.errors import PictureError, shown
from pipelines.normalize import SIDE
from pipelines.sources.suffixes import EVERY

Glyphs = npt.NDArray[np.uint8]

WORD = 3
"""A picture that reads as this many letters, not as its label, is rejected."""


def find_letters(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the picture files in a folder with a subfolder for each class, and its other files, sorted.

    Raises
    ------
    DataError
        There are no pictures, or a subfolder is not named after one character.
    """
    found = sorted(file for file in folder.glob("*/*") if file.is_file() and not file.name.startswith("."))
    files = [file for file in found if file.suffix.lower() in EVERY]
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
    return files, [file for file in found if file.suffix.lower() not in EVERY]


def read_letters(
    files: Iterable[Path],
    letter: Reader,
    word: Reader,
    complain: Callable[[PictureError | DataError], None],
    warn: Callable[[str], None],
) -> tuple[Glyphs, list[str]]:
    """Return pictures of letters as inputs of the network, with labels from their folders.

    Parameters
    ----------
    files : iterable of Path
        Pictures of 28x28 pixels are taken as glyphs; other pictures are searched for one letter.
    letter, word : Reader
        Readers with the pipelines "letter" and "word".
    complain : callable
        Called for each picture that cannot be read, or shows no letter or a whole word; it is left out.
    warn : callable
        Called for each picture that may show two letters, as with a wide or broken one; it is used.

    Returns
    -------
    uint8 array, shape (N, 28, 28), and list of N str
    """
    images, labels = [], []
    for file in files:
        try:
            label = label_of(file.parent)
            images.append(_glyph(file, label, letter, word, warn))
        except (PictureError, DataError) as error:
            complain(error)
        else:
            labels.append(label)
    return np.array(images, np.uint8).reshape(-1, SIDE, SIDE), labels


def read_exported(path: Path, warn: Callable[[str], None]) -> tuple[Glyphs, Sequence[str]]:
    """Return the letters in an ``.npz`` of corrections.

    Parameters
    ----------
    path : Path
    warn : callable
        Called with assumptions about the data.

    Raises
    ------
    DataError
        It cannot be read, or its pictures are of another size, dark on light, or empty.
    """
    samples = read_npz(path)
    for note in samples.notes:
        warn(note)
    if samples.images.shape[1:] != (SIDE, SIDE):
        raise DataError(f"{path}: pictures of {samples.images.shape[1:]}; expected {(SIDE, SIDE)}")
    labels: list[str] = samples.labels.tolist()
    for faulty, what in (
        (dark_on_light(samples.images), "dark on light; expected ink 255 on 0"),
        (_empty(samples.images) & (samples.labels != ""), "empty"),
    ):
        if faulty.any():
            place = int(faulty.argmax())
            raise DataError(f"{path}: picture {place + 1}, {labels[place]!r}, is {what}")
    return samples.images, labels


def _empty(images: Glyphs) -> npt.NDArray[np.bool_]:
    """Return which pictures, shape (N, H, W), are of one grey."""
    return np.asarray(images.max(axis=(1, 2), initial=0) == images.min(axis=(1, 2), initial=255))


def glyph_on(file: Path, letter: Reader) -> tuple[Glyphs, str]:
    """Return the letter on a picture as input of the network, uint8 (28, 28), and its reading.

    A picture of 28x28 pixels is used unchanged, and not read.

    Parameters
    ----------
    file : Path
    letter : Reader
        A reader with the pipeline "letter".

    Raises
    ------
    pipelines.errors.PictureError
        It cannot be read, or there is no letter on it.
    nn.errors.DataError
        It has 28x28 pixels and cannot be read.
    """
    try:
        with Image.open(file) as image:
            is_glyph = image.size == (SIDE, SIDE)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        is_glyph = False
    if is_glyph:
        glyph = load_picture(file)
        if _empty(glyph[None]).all():
            raise PictureError(f"{shown(str(file))}: no letter found")
        return glyph, ""
    document = letter.read(file)
    if not document.glyphs:
        raise PictureError(f"{shown(str(file))}: no letter found")
    largest = max(document.glyphs, key=lambda glyph: glyph.box.width * glyph.box.height)
    return largest.image, document.text


def _glyph(file: Path, label: str, letter: Reader, word: Reader, warn: Callable[[str], None]) -> Glyphs:
    glyph, text = glyph_on(file, letter)
    if label and text and text.casefold() != label.casefold():
        _require_one(file, label, word.read(file), warn)
    return glyph


def _require_one(file: Path, label: str, document: Document, warn: Callable[[str], None]) -> None:
    """Reject a picture that reads as a word instead of its label; warn about one that reads as two letters.

    A wide or broken letter of an unknown hand may read as two letters, but not as three.
    """
    name, count = shown(str(file)), len(document.glyphs)
    if count >= WORD:
        raise PictureError(f"{name}: shows {count} letters, {document.text!r}; cut the {label!r} out")
    if count == 2:
        warn(f"{name}: taken for one letter, {label!r}, though it may be two, {document.text!r}")
