"""Picture files as samples: a folder with a subfolder for each class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from nn.data.samples import SPLITS, Samples
from nn.errors import DataError

ENDINGS = {
    *(".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp", ".pgm", ".ppm", ".pbm", ".pnm"),
    *(".jp2", ".j2k", ".jpx", ".j2c", ".avif", ".tga", ".pcx", ".ico"),
}
NOTHING = "none"
MOST_NAMED = 3
"""Files that are left out are named up to this many."""


def read_folder(path: Path) -> Samples:
    """Return the samples of a folder: each subfolder is named after its class, and holds its pictures.

    A subfolder is named by the character, by its code point as ``U+0041`` for file systems that ignore case,
    or ``none`` for "not a character". They may be inside of folders ``train``, ``val`` and ``test``. Pictures
    are loaded by `load_picture`.

    Raises
    ------
    DataError
        Naming the folder or the file and what was expected.
    """
    files = sorted(
        (file, top.name if top != path else "")
        for top in _tops(path)
        for file in top.glob("*/*")
        if file.suffix.lower() in ENDINGS
    )
    if not files:
        raise DataError(f"{path}: no pictures; expected a folder for each class with pictures in it")
    pictures = [load_picture(file) for file, _ in files]
    for picture, (file, _) in zip(pictures, files, strict=True):
        if picture.shape != pictures[0].shape:
            raise DataError(f"{file}: {picture.shape}; expected {pictures[0].shape} as {files[0][0]}")
    labels = np.array([label_of(file.parent) for file, _ in files], np.str_)
    return Samples(np.stack(pictures), labels, np.array([split for _, split in files], "U5"))


def left_out(path: Path) -> list[Path]:
    """Return the files of a folder that `read_folder` skips, sorted, without hidden ones."""
    return sorted(
        file
        for top in _tops(path)
        for file in top.glob("*/*")
        if file.suffix.lower() not in ENDINGS and file.is_file() and not file.name.startswith(".")
    )


def naming_left_out(files: Sequence[Path], shown: Callable[[str], str] = str) -> str:
    """Return a message about files that are left out: their number, and some names."""
    names = ", ".join(shown(str(file)) for file in files[:MOST_NAMED]) + ", ..." * (len(files) > MOST_NAMED)
    return f"left out, as not called like pictures ({len(files)}): {names}"


def _tops(path: Path) -> list[Path]:
    """Return the folders that hold folders of classes."""
    return [path / name for name in SPLITS if (path / name).is_dir()] or [path]


def load_picture(path: Path) -> npt.NDArray[np.uint8]:
    """Return a picture file as uint8 (H, W), ink high: dark ink on light is inverted by `from_scan`.

    Raises
    ------
    DataError
        If it is not a picture, or is damaged.
    """
    try:
        with Image.open(path) as image:
            if image.mode.startswith("I"):
                return from_scan((np.asarray(image, np.float64) / 257).clip(0, 255).astype(np.uint8))
            if "A" in image.getbands() or "transparency" in image.info:
                page = Image.new("RGBA", image.size, "white")
                return from_scan(np.asarray(Image.alpha_composite(page, image.convert("RGBA")).convert("L")))
            return from_scan(np.asarray(image.convert("L")))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{path}: not a readable picture ({error})") from error


def from_scan(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return `picture` (H, W) with ink high; if its border was light, also with stretched contrast.

    In such a scan the lightest and the darkest hundredth of the pixels become 0 and 255.
    """
    if not dark_on_light(picture[None])[0]:
        return picture
    low, high = np.percentile(picture, (1, 99))
    spread = (high - picture.astype(np.float32)) * np.float32(255 / max(high - low, 1))
    return np.asarray(spread.round().clip(0, 255), np.uint8)


def dark_on_light(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Return which pictures, (N, H, W), have a light border: bool (N,)."""
    sides = [pictures[:, 0], pictures[:, -1], pictures[:, :, 0], pictures[:, :, -1]]
    return np.asarray(np.median(np.concatenate(sides, axis=1), axis=1) >= 128)


def label_of(folder: Path) -> str:
    """Return the class that a folder's name stands for.

    Raises
    ------
    DataError
        It begins with ``U+`` and is not a code point.
    """
    name = folder.name
    if name == NOTHING:
        return ""
    if len(name) > 2 and name.startswith("U+"):
        try:
            return chr(int(name[2:], 16))
        except (ValueError, OverflowError):
            raise DataError(f"{folder}: expected a code point such as U+0041") from None
    return name
