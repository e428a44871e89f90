"""Pictures as they go into a PDF: a JPEG's own bytes where they can be kept, else the pixels without loss."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from ocr.errors import OutputError
from pipelines.errors import PictureError
from pipelines.files import decoding
from pipelines.remote import fetch, is_url

if TYPE_CHECKING:
    from ocr.document import Document, Page
    from ocr.formats.original import Original

DPI = 300
"""Pixels per inch of a picture that does not say."""
LEAST_DPI = 20
"""What says that it has less does not say anything: 1 stands for not knowing."""
LARGEST = 14400
"""Points that a side of a page may have."""
_ORIENTATION = 0x0112
_DRAWN = {
    1: "{w} 0 0 {h} 0 0",
    2: "-{w} 0 0 {h} {w} 0",
    3: "-{w} 0 0 -{h} {w} {h}",
    4: "{w} 0 0 -{h} 0 {h}",
    5: "0 -{h} -{w} 0 {w} {h}",
    6: "0 -{h} {w} 0 0 {h}",
    7: "0 {h} {w} 0 0 0",
    8: "0 {h} -{w} 0 {w} 0",
}
"""By EXIF orientation: what brings the picture as stored, as a unit square, upright to w x h pixels."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A page's picture.

    Attributes
    ----------
    size : two floats
        Width and height of the page in points.
    drawing : str
        The operators that show the picture ``Im``, in pixels.
    stream : bytes or None
        The picture as it lies in the PDF, if there is one.
    attributes : dict
        Of that stream.
    """

    size: tuple[float, float]
    drawing: str
    stream: bytes | None = None
    attributes: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _File:
    """What a picture file says of itself: dots per inch, EXIF orientation, and its bytes if it is a JPEG."""

    dpi: tuple[float, float] = (DPI, DPI)
    orientation: int = 1
    jpeg: bytes | None = None
    is_grey: bool = False


def placed_pictures(document: Document, original: Original | None) -> Iterator[tuple[Page, Placed]]:
    """Yield each page with its picture, one loaded at a time.

    Raises
    ------
    PictureError
        The original cannot be loaded again, or has other pages than were read.
    OutputError
        There is none.
    """
    if original is None:
        raise OutputError("PDF shows the picture, and there is none")
    file = _told(original)
    for page, picture in zip_longest(document.pages, original.load(original.source)):
        if page is None or picture is None or picture.pixels.shape[:2] != (page.height, page.width):
            raise PictureError(f"{document.source}: is no longer what was read; read it again")
        yield page, _placed(file, picture.pixels)


def _placed(file: _File, pixels: npt.NDArray[np.uint8]) -> Placed:
    height, width = pixels.shape[:2]
    dpi = file.dpi[::-1] if file.orientation > 4 else file.dpi
    points = (72 * width / dpi[0], 72 * height / dpi[1])
    shrink = min(1.0, LARGEST / max(points))
    size = (max(1.0, points[0] * shrink), max(1.0, points[1] * shrink))
    orientation = file.orientation if file.jpeg else 1
    drawing = f"q {_DRAWN[orientation].format(w=width, h=height)} cm /Im Do Q"
    if file.jpeg is None:
        return Placed(size, drawing, *_lossless(pixels))
    stored = (height, width) if orientation > 4 else (width, height)
    return Placed(size, drawing, file.jpeg, _attributes(*stored, 1 if file.is_grey else 3, "/DCTDecode"))


def _lossless(pixels: npt.NDArray[np.uint8]) -> tuple[bytes, dict[str, Any]]:
    """Return a picture as a stream and its attributes; grey and black and white are told from colours."""
    if pixels.ndim == 3 and (pixels == pixels[:, :, :1]).all():
        pixels = pixels[:, :, 0]
    image = Image.fromarray(pixels)
    is_bilevel = pixels.ndim == 2 and bool(np.isin(pixels, (0, 255)).all())
    file = io.BytesIO()
    (image.convert("1", dither=Image.Dither.NONE) if is_bilevel else image).save(file, "PNG")
    colours, bits = (1 if pixels.ndim == 2 else 3), (1 if is_bilevel else 8)
    attributes = _attributes(*image.size, colours, "/FlateDecode", bits)
    return _image_data(file.getvalue()), attributes


def _image_data(png: bytes) -> bytes:
    """Return the compressed rows of a PNG file, which PDF takes as they are."""
    parts, place = [], 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            parts.append(png[place + 8 : place + 8 + length])
        place += 12 + length
    return b"".join(parts)


def _attributes(width: int, height: int, colours: int, filter_name: str, bits: int = 8) -> dict[str, Any]:
    from pikepdf import Dictionary, Name

    attributes = {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": width,
        "/Height": height,
        "/ColorSpace": Name.DeviceGray if colours == 1 else Name.DeviceRGB,
        "/BitsPerComponent": bits,
        "/Filter": Name(filter_name),
    }
    if filter_name == "/FlateDecode":
        attributes["/DecodeParms"] = Dictionary(
            Predictor=15, Colors=colours, Columns=width, BitsPerComponent=bits
        )
    return attributes


def _told(original: Original) -> _File:
    """Return what the original's file says of itself, if it is one and says anything."""
    try:
        with _opened(original.source) as file, decoding():
            if file.read(5) == b"%PDF-":
                return _File((original.dpi, original.dpi))
            file.seek(0)
            with Image.open(file) as image:
                x, y = (float(value) for value in image.info.get("dpi", (DPI, DPI)))
                dpi = (x, y) if LEAST_DPI <= min(x, y) < math.inf else (DPI, DPI)
                orientation = image.getexif().get(_ORIENTATION, 1)
                is_kept = image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB")
                is_grey = image.mode == "L"
            file.seek(0)
            jpeg = file.read() if is_kept else None
            return _File(dpi, orientation if orientation in _DRAWN else 1, jpeg, is_grey)
    except PictureError:
        return _File()


@contextmanager
def _opened(source: Any) -> Iterator[IO[bytes]]:
    """Open a source at its start, an empty file where it is none."""
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
