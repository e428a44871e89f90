"""Picture files: told by their first bytes, decoded by Pillow one frame at a time."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from pipelines.errors import PictureError
from pipelines.pixels import image_pixels, within_limit

_READERS: dict[bytes, type[ImageFile.ImageFile]] = {
    rb"\xff\xd8\xff": JpegImageFile,
    rb"\x89PNG\r\n\x1a\n": PngImageFile,
    rb"II[*+]\0|MM\0[*+]": TiffImageFile,
    rb"BM": BmpImageFile,
    rb"GIF8": GifImageFile,
    rb"RIFF....WEBP": WebPImageFile,
}

_SUBFILE, _COPY_OR_MASK = 254, 0b101  # the TIFF tag, and two of its bits


def frames(stream: IO[bytes], max_pixels: int) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield the frames of a picture file as 8-bit grey or RGB.

    Parameters
    ----------
    stream : binary file
        Read from its start, or, where it cannot seek, from where it stands. Left open.
    max_pixels : int
        A frame with more is refused before it is decoded.

    Yields
    ------
    uint8 array, shape (H, W) or (H, W, 3)
        Reduced copies of a page and masks, which a TIFF may hold, are passed over.

    Raises
    ------
    PictureError
        The bytes are not those of a whole picture, or of one too large. The message has no name in it.
    """
    with decoding():
        image = _recognise(stream)
        is_alone = not getattr(image, "is_animated", False)
    while not is_alone:
        if not _is_extra(image):
            yield _decode(image, max_pixels)
        with decoding():
            try:
                image.seek(image.tell() + 1)
            except EOFError:
                return
    pixels = _decode(image, max_pixels)
    del image  # Pillow's copy need not live while the page is read
    yield pixels


def _decode(image: ImageFile.ImageFile, max_pixels: int) -> npt.NDArray[np.uint8]:
    within_limit(image.size, max_pixels)
    with decoding():
        if isinstance(image, TiffImageFile) and image.tag_v2.next == image.tag_v2._offset:
            # Pillow only warns of a directory of tags that breaks off, and some decoders then give zeros
            raise OSError("its tags break off")
        return image_pixels(image)


def _recognise(stream: IO[bytes]) -> ImageFile.ImageFile:
    seekable = hasattr(stream, "seekable") and stream.seekable()
    if seekable:
        stream.seek(0)
    head = stream.read(32)
    if isinstance(head, str):
        raise PictureError("is open as text; open it with mode 'rb'")
    reader = next((kind for magic, kind in _READERS.items() if re.match(magic, head, re.DOTALL)), None)
    if reader is None:
        raise PictureError(_foreign(head))
    if seekable:
        stream.seek(0)
        return reader(stream)
    return reader(io.BytesIO(head + stream.read()))


def _foreign(head: bytes) -> str:
    if not head:
        return "is empty"
    if head.startswith(b"%PDF"):
        return "is a PDF, not a picture; save its pages as PNG or TIFF first"
    if head[4:8] == b"ftyp":
        return "is a HEIC or AVIF picture or a film; save it as JPEG or PNG first"
    if all(byte >= 32 or byte in b"\t\r\n\f" for byte in head):
        return "is text, not a picture"
    return "is no picture of a kind read here; save it as JPEG, PNG, TIFF, BMP, WebP or GIF first"


def _is_extra(image: ImageFile.ImageFile) -> bool:
    """Tell whether this frame is a TIFF's smaller copy of a page or mask to it, and no page itself."""
    return isinstance(image, TiffImageFile) and bool(int(image.tag_v2.get(_SUBFILE, 0)) & _COPY_OR_MASK)


@contextmanager
def decoding() -> Iterator[None]:
    """Make one error of the many that decoders raise on damaged files."""
    try:
        with _no_limit_of_pillow():
            yield
    except (PictureError, MemoryError):
        raise
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise PictureError(f"is damaged or cut short ({reason:.120})") from error


_lock = threading.Lock()
_holders = 0
_held_limit: int | None = None


@contextmanager
def _no_limit_of_pillow() -> Iterator[None]:
    """Lift Pillow's own bound on pixels, which is a global, for as long as any thread is in here."""
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
