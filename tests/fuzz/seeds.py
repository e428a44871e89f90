"""Small whole files of every kind that is read, to spoil."""

from __future__ import annotations

import io
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.pdf_objects import stream, written

KINDS = ("png", "jpeg", "tiff", "bmp", "gif", "webp", "heic", "pdf")


@cache
def seeds(kind: str) -> tuple[bytes, ...]:
    """Return whole files of a kind; none where the package that the kind needs is missing."""
    if kind == "pdf":
        return _pdfs() if find_spec("pypdfium2") else ()
    if kind == "heic":
        return _heics() if find_spec("pillow_heif") else ()
    return tuple(_encoded(kind, image, **options) for image, options in _PILLOW[kind])


def _word(text: str = "Ab3", size: tuple[int, int] = (60, 34)) -> Image.Image:
    image = Image.new("L", size, 235)
    ImageDraw.Draw(image).text((4, 2), text, fill=20, font=ImageFont.load_default(24))
    return image


def _coloured() -> Image.Image:
    grey = np.asarray(_word())
    return Image.fromarray(np.stack([grey, grey[::-1], grey], axis=2))


def _turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "a note"
    return exif.tobytes()


GREY, COLOUR, BITS = _word(), _coloured(), _word().convert("1")
DEEP = Image.fromarray(np.asarray(GREY).astype(np.uint16) * 257)
ALPHA = Image.merge("LA", [GREY, GREY.point(lambda level: 255 - level)])
CMYK = COLOUR.convert("CMYK")
MORE = {"save_all": True, "append_images": [_word("x"), _word("Yz")]}

_PILLOW: dict[str, list[tuple[Image.Image, dict[str, object]]]] = {
    "png": [
        (GREY, {}),
        (COLOUR, {"exif": _turned(6)}),
        (BITS, {}),
        (DEEP, {}),
        (ALPHA, {}),
        (COLOUR.quantize(16), {"transparency": 1}),
        (GREY, MORE),
    ],
    "jpeg": [
        (GREY, {}),
        (COLOUR, {"progressive": True, "exif": _turned(8)}),
        (CMYK, {}),
        (COLOUR, {"subsampling": 0, "optimize": True, "restart_marker_blocks": 2}),
    ],
    "tiff": [
        (GREY, {}),
        (COLOUR, {"compression": "tiff_lzw"}),
        (GREY, {"compression": "tiff_adobe_deflate", **MORE}),
        (BITS, {"compression": "group4"}),
        (BITS, {"compression": "group3"}),
        (GREY, {"compression": "packbits"}),
        (COLOUR, {"compression": "jpeg"}),
        (DEEP, {"big_tiff": True}),
        (CMYK, {}),
        (ALPHA, {"exif": _turned(3)}),
    ],
    "bmp": [(GREY, {}), (COLOUR, {}), (BITS, {}), (COLOUR.quantize(16), {})],
    "gif": [(GREY, {}), (COLOUR.quantize(16), {"transparency": 1}), (GREY, MORE | {"duration": 50})],
    "webp": [
        (COLOUR, {}),
        (GREY, {"lossless": True}),
        (ALPHA.convert("RGBA"), {"exif": _turned(5)}),
        (GREY, MORE),
    ],
}


def _encoded(kind: str, image: Image.Image, **options: Any) -> bytes:
    """Return a file; of copies, for what one format's encoder leaves on an image misleads others."""
    more = options.pop("append_images", [])
    options |= {"append_images": [other.copy() for other in more]} if more else {}
    stream = io.BytesIO()
    image.copy().save(stream, kind.upper(), **options)
    return stream.getvalue()


def _heics() -> tuple[bytes, ...]:
    import pillow_heif

    pillow_heif.register_heif_opener()
    first = _encoded("heif", COLOUR, exif=_turned(6))
    return first, _encoded("heif", GREY, **MORE), _encoded("heif", ALPHA.convert("RGBA"))


def _pdfs() -> tuple[bytes, ...]:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    drawn = (
        b"q .5 0 0 rg 4 4 20 9 re f Q BT /F 18 Tf 4 12 Td (Ab3) Tj ET "
        b"/G Do 0 0 m 30 10 20 40 60 34 c S BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\xff\xff\x00 EI"
    )
    form = stream(b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 60 34]")
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(x)/F 4/Rect[0 0 9 9]/AP<</N 6 0 R>>>>"
    by_hand = written(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 60 34]/Rotate 90/Contents 4 0 R/Annots[7 0 R]"
        b"/Resources<</Font<</F 5 0 R>>/XObject<</G 6 0 R>>>>>>",
        stream(drawn),
        font,
        form,
        field,
    )
    return _encoded("pdf", GREY, **MORE), _encoded("pdf", BITS), _encoded("pdf", COLOUR), by_hand
