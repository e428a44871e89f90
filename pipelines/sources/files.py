"""Picture files, recognised by their first bytes, decoded by Pillow or drawn by PDFium page by page."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.TiffImagePlugin import TiffImageFile

from pipelines.errors import ForeignFile, PictureError, reason
from pipelines.sources.jpeg import look_into
from pipelines.sources.kinds import opener
from pipelines.sources.pages import EVERY_PAGE, PageRanges, on_page
from pipelines.sources.pdf import pdf_page_count, pdf_pages
from pipelines.sources.pixels import image_pixels, within_limit
from pipelines.sources.suffixes import KINDS

_HEAD = 1024  # bytes at the start, somewhere in which a PDF says that it is one
_MOST_PIPED, _PIECE = 1 << 30, 1 << 20  # bytes of a pipe that are kept, and taken at once
_PAGED = ("TIFF", "HEIF")  # frames are pages in these, and moments in all other formats

_SUBFILE, _COPY_OR_MASK = 254, 0b101  # the TIFF tag, and two of its bits


def file_pages(
    stream: IO[bytes],
    max_pixels: int,
    dpi: int,
    wanted: PageRanges | None = None,
    warn: Callable[[str], None] = lambda _: None,
) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    """Yield the pages of a picture file or a PDF as 8-bit grey or RGB, with their numbers.

    Parameters
    ----------
    stream : binary file
        Read from its start, or from its position where it cannot seek. It stays open.
    max_pixels : int
        A page with more is refused before it is decoded.
    dpi : int
        Pixels per inch at which the pages of a PDF are drawn.
    wanted : PageRanges, optional
        The others are skipped. By default every page of a document, and the first frame of an animation.
    warn : function of a str
        Called with a warning about a page that can be read all the same, before it is yielded.

    Yields
    ------
    number : int
        The page, counted from 1. Reduced copies of a page and masks, which a TIFF may hold, do not count.
    pixels : uint8 array, shape (H, W) or (H, W, 3)

    Raises
    ------
    PictureError
        The bytes are not a whole picture or PDF, it is too large, or it has no such page. The message does
        not contain the file's name.
    """
    head, stream = _with_head(stream)
    if b"%PDF-" in head and opener(head) is None:
        return pdf_pages(stream.read(), max_pixels, dpi, wanted or EVERY_PAGE)
    return _frames(head, stream, max_pixels, wanted, warn)


def page_count(stream: IO[bytes], max_pixels: int, wanted: PageRanges | None = None) -> int:
    """Return how many pages of a picture file or a PDF `file_pages` yields, if none is damaged.

    Pages are not decoded where the format allows counting without.

    Raises
    ------
    PictureError
        As `file_pages` does.
    """
    head, stream = _with_head(stream)
    if b"%PDF-" in head and opener(head) is None:
        wanted, count = wanted or EVERY_PAGE, pdf_page_count(stream.read(), max_pixels)
        wanted.require(count)
        return sum(number in wanted for number in range(1, count + 1))
    image, is_alone = _opened(head, stream, max_pixels, wanted)
    wanted = wanted or EVERY_PAGE
    if not is_alone:
        return sum(1 for _ in _numbered(image, wanted))
    wanted.require(1)
    within_limit(image.size, max_pixels)
    return 1


def _with_head(stream: IO[bytes]) -> tuple[bytes, IO[bytes]]:
    """Return the first bytes of a stream, and the stream at its start, in memory if it cannot seek."""
    seekable = hasattr(stream, "seekable") and stream.seekable()
    if seekable:
        stream.seek(0)
    head = stream.read(_HEAD)
    if isinstance(head, str):
        raise PictureError("is open as text; open it with mode 'rb'")
    if not seekable:
        return head, held(stream, head)
    stream.seek(0)
    return head, stream


def held(stream: IO[bytes], head: bytes = b"") -> io.BytesIO:
    """Return `head`, which was already taken from a pipe, and the rest of the pipe as a file in memory.

    Raises
    ------
    PictureError
        It does not begin like a picture, or it does not end.
    """
    head = head or stream.read(_HEAD)
    if opener(head) is None and b"%PDF-" not in head:
        raise ForeignFile(_foreign(head))
    whole = io.BytesIO(head)
    whole.seek(0, io.SEEK_END)
    while piece := stream.read(_PIECE):
        if whole.tell() + len(piece) > _MOST_PIPED:
            raise PictureError(
                f"is longer than {_MOST_PIPED} bytes, more than is taken from a pipe; name a file"
            )
        whole.write(piece)
    whole.seek(0)
    return whole


def _frames(
    head: bytes,
    stream: IO[bytes],
    max_pixels: int,
    wanted: PageRanges | None,
    warn: Callable[[str], None],
) -> Iterator[tuple[int, npt.NDArray[np.uint8]]]:
    image, is_alone = _opened(head, stream, max_pixels, wanted)
    wanted = wanted or EVERY_PAGE
    if not is_alone:
        for number in _numbered(image, wanted):
            yield number, _decode(image, max_pixels, number)
        return
    wanted.require(1)
    if isinstance(image, JpegImageFile):
        within_limit(image.size, max_pixels)
        for said in look_into(stream):
            warn(said)
    pixels = _decode(image, max_pixels)
    del image  # Pillow's copy need not live while the page is read
    yield 1, pixels


def _opened(
    head: bytes, stream: IO[bytes], max_pixels: int, wanted: PageRanges | None
) -> tuple[Image.Image, bool]:
    """Return the first picture of a file, and whether it is the only one wanted."""
    opens = opener(head)
    if opens is None:
        raise ForeignFile(_foreign(head))
    with decoding():
        image = opens(stream, max_pixels)
        is_first_enough = wanted is None and image.format not in _PAGED
        is_alone = is_first_enough or not getattr(image, "is_animated", False)
        if not is_alone:
            image.seek(0)  # a HEIC file is open at the picture to be shown, which need not be the first
    return image, is_alone


def _numbered(image: Image.Image, wanted: PageRanges) -> Iterator[int]:
    """Seek to each page that is wanted, and yield its number."""
    number = 1
    while wanted.last is None or number <= wanted.last:
        if not _is_extra(image):
            if number in wanted:
                yield number
            number += 1
        if not _goes_on(image, number):
            wanted.require(number - 1)
            return


def _goes_on(image: Image.Image, number: int) -> bool:
    """Seek to the next frame, if there is one; errors name page `number`."""
    with on_page(number), decoding():
        try:
            image.seek(image.tell() + 1)
        except EOFError:
            return False
    return True


def _decode(image: Image.Image, max_pixels: int, number: int = 1) -> npt.NDArray[np.uint8]:
    with on_page(number):
        within_limit(image.size, max_pixels)
        with decoding():
            if isinstance(image, TiffImageFile) and image.tag_v2.next == image.tag_v2._offset:
                # Pillow only warns of a directory of tags that breaks off, and some decoders then give zeros
                raise OSError("its tags break off")
            return image_pixels(image)


def _foreign(head: bytes) -> str:
    if not head:
        return "is empty"
    if head[4:8] == b"ftyp":
        return "is a film, or a picture in a film's format; save it as JPEG or PNG first"
    if all(byte >= 32 or byte in b"\t\r\n\f" for byte in head):
        return "is text, not a picture"
    return f"is no picture of a kind read here; save it as one of {KINDS} first"


def _is_extra(image: Image.Image) -> bool:
    """Return whether this frame is a TIFF's reduced copy or mask of a page, not a page itself."""
    return isinstance(image, TiffImageFile) and bool(int(image.tag_v2.get(_SUBFILE, 0)) & _COPY_OR_MASK)


@contextmanager
def decoding() -> Iterator[None]:
    """Turn the many errors that decoders raise on damaged files into PictureError."""
    try:
        with _no_limit_of_pillow():
            yield
    except (PictureError, MemoryError):
        raise
    except Exception as error:
        raise PictureError(f"is damaged or cut short ({reason(error):.120})") from error


_lock = threading.Lock()
_holders = 0
_held_limit: int | None = None


@contextmanager
def _no_limit_of_pillow() -> Iterator[None]:
    """Lift Pillow's global bound on pixels while any thread is inside this context."""
    global _holders, _held_limit
    with _lock:
        if _holders == 0:
            _held_limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        _holders += 1
    try:
        yield
    finally:
        with _lock:
            _holders -= 1
            if _holders == 0:
                Image.MAX_IMAGE_PIXELS = _held_limit
