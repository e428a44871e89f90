"""Metadata of the file that was read: its kind, resolution and orientation."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, cast

import numpy as np
from PIL import Image

from ocr.formats.original import Original
from pipelines.errors import PictureError
from pipelines.sources.files import decoding
from pipelines.sources.remote import fetch, is_url

DPI = 300.0
"""Pixels per inch of a picture without this metadata."""
LEAST_DPI = 20
"""Lower values are ignored: 1 stands for unknown."""
_JPEG = ("JPEG", "MPO")
_ORIENTATION, _X_RESOLUTION = 0x0112, 0x011A


@dataclass(frozen=True, slots=True)
class File:
    """Properties of a file that a PDF made from it keeps.

    Attributes
    ----------
    dpi : two floats
        Pixels per inch, across and down, as the pixels are stored.
    orientation : int
        1 to 8, of EXIF.
    jpeg : bytes or None
        The whole file, if it is a JPEG in grey or RGB.
    is_grey : bool
        Whether that is in grey.
    pdf : bytes or None
        The whole file, if it is a PDF.
    """

    dpi: tuple[float, float] = (DPI, DPI)
    orientation: int = 1
    jpeg: bytes | None = None
    is_grey: bool = False
    pdf: bytes | None = None


def file_of(original: Original) -> File:
    """Return the metadata of the original's file, or the defaults."""
    try:
        with _opened(original.source) as file, decoding():
            if b"%PDF-" in file.read(1024):
                file.seek(0)
                return File((original.dpi, original.dpi), pdf=file.read())
            file.seek(0)
            with Image.open(file) as image:
                dpi = _resolution(image)
                orientation = image.getexif().get(_ORIENTATION, 1)
                is_kept = image.format in _JPEG and image.mode in ("L", "RGB")
                is_grey = image.mode == "L"
            file.seek(0)
            jpeg = file.read() if is_kept else None
            return File(dpi, orientation if orientation in range(1, 9) else 1, jpeg, is_grey)
    except PictureError:
        return File()


def _resolution(image: Image.Image) -> tuple[float, float]:
    """Return the horizontal and vertical pixels per inch from a file's metadata, or `DPI`.

    Pillow returns 72 for a JPEG without this in its EXIF data.
    """
    is_said = (
        image.format not in _JPEG
        or image.info.get("jfif_unit")
        or "exif" not in image.info
        or _X_RESOLUTION in image.getexif()
    )
    x, y = (float(value) for value in image.info.get("dpi", (DPI, DPI)))
    return (x, y) if is_said and min(x, y) >= LEAST_DPI and max(x, y) < math.inf else (DPI, DPI)


@contextmanager
def _opened(source: Any) -> Iterator[IO[bytes]]:
    """Open a source at its start; an empty file if it is not a file."""
    if isinstance(source, Image.Image | np.ndarray):
        yield io.BytesIO()
    elif isinstance(source, bytes | bytearray | memoryview):
        yield io.BytesIO(source)
    elif hasattr(source, "read"):
        source.seek(0)
        yield cast(IO[bytes], source)
    elif is_url(source):
        yield fetch(source)
    else:
        with open(os.fsdecode(source), "rb") as file:
            yield file
