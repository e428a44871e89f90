"""Load a path, bytes, a stream, a PIL image or an array as plain 8-bit pages.

Pages look as a viewer would show them: upright, opaque, grey or RGB.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TypeAlias, cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from pipelines.errors import PictureError, shown
from pipelines.sources.files import decoding, file_pages
from pipelines.sources.pages import EVERY_PAGE, PageRanges
from pipelines.sources.pixels import array_pixels, image_pixels, within_limit
from pipelines.sources.remote import fetch, is_url

Source: TypeAlias = (
    str
    | os.PathLike[str]
    | bytes
    | bytearray
    | memoryview
    | IO[bytes]
    | Image.Image
    | npt.NDArray[np.generic]
)

MAX_PIXELS = 100_000_000
DPI = 300


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One page as seen: upright, opaque, 8 bits a channel.

    Attributes
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
        Grey, or RGB. May be read-only.
    name : str
        Where it came from, for messages: a path, a URL, ``"<stdin>"``, ``"<stream>"``, ``"<bytes>"``,
        ``"<image>"`` or ``"<array>"``.
    number : int
        The page or frame, counted from 1.
    warnings : tuple of str
        Faults of its file that did not keep it from being read, a line each, without the name.
    """

    pixels: npt.NDArray[np.uint8]
    name: str
    number: int = 1
    warnings: tuple[str, ...] = ()


def load(
    source: Source, *, max_pixels: int = MAX_PIXELS, dpi: int = DPI, pages: PageRanges | None = None
) -> Generator[Picture, None, None]:
    """Yield the pages of a picture, each decoded only when it is asked for.

    Parameters
    ----------
    source : path, URL, bytes, binary file, PIL image or array
        A file may be JPEG, PNG, TIFF, BMP, WebP, GIF, HEIC, AVIF, JPEG 2000, PNM (PGM, PPM, PBM), TGA, PCX,
        ICO or PDF, recognised by its content; an icon gives its largest picture. Text with ``scheme://`` in
        front is fetched by fsspec (`pipelines.sources.remote`); nothing else is ever fetched. A PIL image
        gives its current frame. An array has shape (H, W), (H, W, 1), (H, W, 3) for RGB or (H, W, 4) for
        RGBA, and holds uint8, uint16, other integers in 0 to 255, floats in 0 to 1, or bools, ``True`` being
        white as in PIL's mode ``"1"``.
    max_pixels : int
        A larger page is rejected; in a file, before it is decoded or drawn.
    dpi : int
        Pixels per inch at which the pages of a PDF are drawn; of no effect on anything else.
    pages : PageRanges, optional
        The pages wanted (`pipelines.sources.pages.parse_pages`); the others are skipped. By default all pages
        of a PDF, a TIFF or a HEIC file, and the first frame of an animation, such as a GIF.

    Raises
    ------
    PictureError
        The source cannot be read: it is missing, forbidden, of an unsupported kind, locked by a password,
        damaged, cut short, too large, or an array that is not a picture; or it has no such page, or needs a
        package that is not installed.
    TypeError
        `source` is none of the above.

    Notes
    -----
    EXIF orientation is applied. Transparency is laid on white, or on black where only light pixels
    show. Grey deeper than 8 bits is scaled by the range it uses (`pipelines.sources.pixels.to_8_bits`).

    Examples
    --------
    >>> [picture] = load(np.zeros((20, 30), np.uint8))
    >>> picture.pixels.shape, picture.name, picture.number
    ((20, 30), '<array>', 1)
    """
    name = _name(source)
    warnings: list[str] = []
    found = _pages(source, max_pixels, dpi, pages, warnings.append)
    while True:
        with naming(name):
            page = next(found, None)
        if page is None:
            return
        number, pixels = page
        del page
        yield Picture(pixels, name, number, tuple(warnings))
        warnings.clear()


def _name(source: Source) -> str:
    if isinstance(source, np.ndarray):
        return "<array>"
    if isinstance(source, Image.Image):
        return os.fsdecode(getattr(source, "filename", "")) or "<image>"
    if isinstance(source, bytes | bytearray | memoryview):
        return "<bytes>"
    if hasattr(source, "read"):
        name = getattr(source, "name", None)
        return name if isinstance(name, str) else "<stream>"
    return os.fsdecode(source)


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Put the source's name, on one line, before the message of a PictureError."""
    try:
        yield
    except PictureError as error:
        raise type(error)(f"{shown(name)}: {error}") from error.__cause__


def _pages(
    source: Source, max_pixels: int, dpi: int, pages: PageRanges | None, warn: Callable[[str], None]
) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    if isinstance(source, np.ndarray):
        (pages or EVERY_PAGE).require(1)
        yield 1, array_pixels(source, max_pixels)
    elif isinstance(source, Image.Image):
        (pages or EVERY_PAGE).require(1)
        within_limit(source.size, max_pixels)
        with decoding():
            pixels = image_pixels(source)
        yield 1, pixels
    elif isinstance(source, bytes | bytearray | memoryview):
        yield from file_pages(io.BytesIO(source), max_pixels, dpi, pages, warn)
    elif hasattr(source, "read"):
        yield from file_pages(cast(IO[bytes], source), max_pixels, dpi, pages, warn)
    else:
        with fetch(cast(str, source)) if is_url(source) else open_file(source) as stream:
            yield from file_pages(stream, max_pixels, dpi, pages, warn)


def open_file(path: str | os.PathLike[str]) -> IO[bytes]:
    """Open a file to be read.

    Raises
    ------
    PictureError
        It is missing, a folder or forbidden. The message does not contain its name.
    """
    name = os.fsdecode(path)
    if os.path.isdir(path):
        inside = os.path.join(name, "*.jpg")
        raise PictureError(f"is a folder, not a picture; pass the pictures in it, e.g. {inside}")
    try:
        return open(path, "rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PictureError("no such file") from error
    except PermissionError as error:
        raise PictureError("permission denied; make it readable for you first") from error
    except (OSError, ValueError) as error:
        raise PictureError(f"cannot be opened: {getattr(error, 'strerror', None) or error}") from error
