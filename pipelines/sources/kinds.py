"""Kinds of picture files: their first bytes, and how each is opened without decoding."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from typing import IO, TypeAlias

from PIL import Image, ImageFile, features
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.IcoImagePlugin import IcoFile
from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PcxImagePlugin import PcxImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.PpmImagePlugin import PpmImageFile
from PIL.TgaImagePlugin import TgaImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from pipelines.errors import PictureError
from pipelines.sources.pixels import within_limit

Opener: TypeAlias = Callable[[IO[bytes], int], Image.Image]
"""Takes a file and the most pixels of a page, which matter to openers that must decode at once."""

_PNG = b"\x89PNG\r\n\x1a\n"
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}


def opener(head: bytes) -> Opener | None:
    """Return the opener of a file that begins with `head`; None where its kind is not supported.

    Raises
    ------
    PictureError
        Its kind needs a package that is not installed.
    """
    if head[4:8] == b"ftyp":
        return _in_boxes(head)
    return next((found for magic, found in _OPENERS.items() if re.match(magic, head, re.DOTALL)), None)


def _in_boxes(head: bytes) -> Opener | None:
    """Return the opener of a HEIC or AVIF file; the brands at its start distinguish these, and films."""
    brands = {head[at : at + 4] for at in (8, *range(16, min(int.from_bytes(head[:4]), len(head)), 4))}
    if head[8:12] in _AVIF or (brands & _AVIF and head[8:12] in {b"mif1", b"msf1"}):
        return _avif_opener()
    return _heic_opener() if head[8:12] in _HEIC else None


def _heic_opener() -> Opener:
    try:
        from pillow_heif import HeifImageFile
    except ImportError as error:
        raise PictureError(
            "is a HEIC picture, which needs a package that is not installed; pip install 'letters-ocr[heif]'"
        ) from error
    return lambda stream, _: HeifImageFile(stream)  # type: ignore[no-untyped-call]


def _avif_opener() -> Opener:
    try:
        from PIL.AvifImagePlugin import SUPPORTED, AvifImageFile
    except ImportError:
        SUPPORTED = False
    if not SUPPORTED:
        raise _unsupported("an AVIF")
    return lambda stream, _: AvifImageFile(stream)


def _jpeg2000(stream: IO[bytes], _: int) -> Image.Image:
    if not features.check("jpg_2000"):
        raise _unsupported("a JPEG 2000")
    return Jpeg2KImageFile(stream)


def _unsupported(what: str) -> PictureError:
    return PictureError(
        f"is {what} picture, which the Pillow installed here cannot read; pip install -U pillow, "
        "or save it as PNG first"
    )


def _tga(stream: IO[bytes], max_pixels: int) -> Image.Image:
    """Open a TGA file; where its header gives alpha no bits, the fourth channel is ignored."""
    image = TgaImageFile(stream)
    stream.seek(17)
    if image.mode != "RGBA" or stream.read(1)[0] & 0b1111:
        return image
    within_limit(image.size, max_pixels)
    return image.convert("RGB")


def _ico(stream: IO[bytes], max_pixels: int) -> Image.Image:
    """Open the largest picture of an icon; of several, the one with the most colours."""
    icon = IcoFile(stream)
    largest = max(range(len(icon.entry)), key=lambda k: (icon.entry[k].square, min(icon.entry[k].bpp, 32)))
    stream.seek(icon.entry[largest].offset)
    start = stream.read(24)
    if start.startswith(_PNG):
        width, height = struct.unpack(">II", start[16:24])
    else:  # a bitmap and its mask, one upon the other
        width, height = struct.unpack("<ii", start[4:12])
        height = abs(height) // 2
    within_limit((abs(width), height), max_pixels)
    return icon.frame(largest)


def _plain(kind: type[ImageFile.ImageFile]) -> Opener:
    return lambda stream, _: kind(stream)


_OPENERS: dict[bytes, Opener] = {
    rb"\xff\xd8\xff": _plain(JpegImageFile),
    re.escape(_PNG): _plain(PngImageFile),
    rb"II[*+]\0|MM\0[*+]": _plain(TiffImageFile),
    rb"BM": _plain(BmpImageFile),
    rb"GIF8": _plain(GifImageFile),
    rb"RIFF....WEBP": _plain(WebPImageFile),
    rb"P[1-6]\s+(?:#[^\r\n]*[\r\n]\s*)*[0-9]": _plain(PpmImageFile),
    rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51": _jpeg2000,
    rb"\n[\x00\x02\x03\x05]\x01[\x01\x02\x04\x08]": _plain(PcxImageFile),
    rb"\x00\x00\x01\x00[^\x00]\x00": _ico,
    # TGA has no mark of its own: kind, table of colours, size, depth and flags must make sense together
    rb".(?:\x00[\x02\x03\x0a\x0b]\x00{5}|\x01[\x01\x02\x09\x0a]....[\x10\x18\x20])"
    rb"....(?!\x00\x00)..(?!\x00\x00)..[\x01\x08\x10\x18\x20][\x00-\x3f]": _tga,
}
