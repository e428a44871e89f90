"""The picture under the text of a PDF: a page of the PDF that was read, a JPEG's own bytes, or the pixels."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from ocr.errors import OutputError
from ocr.formats.pdf_source import File, file_of
from pipelines.errors import PictureError

if TYPE_CHECKING:
    from ocr.document import Document, Page
    from ocr.formats.original import Original

SMALLEST, LARGEST = 3.0, 14400.0
"""Least and most points of a side of a page."""
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
"""The matrix, by EXIF orientation, from the stored picture, as a unit square, to upright w x h pixels."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The picture under the text of a page.

    Attributes
    ----------
    size : two floats
        Width and height of the page in points.
    drawing : str
        The operators that show the picture ``Im``, in pixels.
    stream : bytes or None
        The picture as stored in the PDF, if there is one.
    attributes : dict
        Attributes of that stream.
    below : pikepdf.Page or None
        A page with all of this, which is copied.
    """

    size: tuple[float, float]
    drawing: str = ""
    stream: bytes | None = None
    attributes: dict[str, Any] | None = None
    below: Any = None


def placed_pictures(document: Document, original: Original | None) -> Iterator[tuple[Page, Placed]]:
    """Yield each page with the picture under it, one loaded at a time.

    Raises
    ------
    PictureError
        The original cannot be loaded again, or has other pages than those that were read.
    OutputError
        There is no original.
    """
    if original is None:
        raise OutputError("PDF shows the picture, and there is none")
    file = file_of(original)
    found = _pages_of(file, document) if file.pdf else _pictures_of(file, original)
    for page, one in zip_longest(document.pages, found):
        if page is None or one is None or one[0] != (page.width, page.height):
            raise PictureError(f"{document.source}: is no longer what was read; read it again")
        yield page, one[1]


def _pages_of(file: File, document: Document) -> Iterator[tuple[tuple[int, int], Placed]]:
    """Yield the pages of a PDF that were read, with the sizes at which they were drawn."""
    import pikepdf

    pdf = pikepdf.open(io.BytesIO(file.pdf or b""))
    for page in document.pages[: len(pdf.pages)]:
        below = pdf.pages[min(page.number, len(pdf.pages)) - 1]
        size = (72 * page.width / file.dpi[0], 72 * page.height / file.dpi[1])
        # it may be turned when it is shown
        off = np.subtract(sorted(size), sorted(shown_part(below)[2:]))
        is_it = np.abs(off).max() <= 72 / min(file.dpi)
        yield (page.width, page.height) if is_it else (0, 0), Placed(size, below=below)


def shown_part(page: Any) -> tuple[float, float, float, float]:
    """Return left, bottom, width and height, in points, of the visible part of a PDF page."""
    left, low, right, high = map(float, page.cropbox)
    return min(left, right), min(low, high), abs(right - left), abs(high - low)


def _pictures_of(file: File, original: Original) -> Iterator[tuple[tuple[int, int], Placed]]:
    """Yield the pictures that were read, with their sizes in pixels."""
    for picture in original.load(original.source):
        height, width = picture.pixels.shape[:2]
        yield (width, height), _placed(file, picture.pixels)


def _placed(file: File, pixels: npt.NDArray[np.uint8]) -> Placed:
    height, width = pixels.shape[:2]
    lies = file.orientation > 4
    dpi = file.dpi[::-1] if lies else file.dpi
    points = (72 * width / dpi[0], 72 * height / dpi[1])
    scale = min(max(1.0, SMALLEST / min(points)), LARGEST / max(points))
    size = (max(SMALLEST, points[0] * scale), max(SMALLEST, points[1] * scale))
    drawing = _DRAWN[file.orientation if file.jpeg else 1].format(w=width, h=height)
    drawing = f"q {drawing} cm /Im Do Q"
    if file.jpeg is None:
        return Placed(size, drawing, *_lossless(pixels))
    stored = (height, width) if lies else (width, height)
    return Placed(size, drawing, file.jpeg, _attributes(*stored, 1 if file.is_grey else 3, "/DCTDecode"))


def _lossless(pixels: npt.NDArray[np.uint8]) -> tuple[bytes, dict[str, Any]]:
    """Return a picture as a stream and its attributes; grey and bilevel pictures are stored as such."""
    if pixels.ndim == 3 and (pixels == pixels[:, :, :1]).all():
        pixels = pixels[:, :, 0]
    image = Image.fromarray(pixels)
    is_bilevel = pixels.ndim == 2 and bool(np.isin(pixels, (0, 255)).all())
    file = io.BytesIO()
    (image.convert("1", dither=Image.Dither.NONE) if is_bilevel else image).save(file, "PNG")
    colours, bits = (1 if pixels.ndim == 2 else 3), (1 if is_bilevel else 8)
    return _image_data(file.getvalue()), _attributes(*image.size, colours, "/FlateDecode", bits)


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
