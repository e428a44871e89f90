"""Each format in each of its guises: frames, orientation, and files that end too soon."""

from __future__ import annotations

import io
import struct
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipelines.errors import PictureError
from pipelines.sources.files import decoding
from pipelines.sources.load import load
from pipelines.sources.pages import parse_pages

RGB = np.random.default_rng(1).integers(0, 256, (20, 15, 3)).astype(np.uint8)
GREY = RGB[:, :, 0]
BLACK_AND_WHITE = GREY > 128

LOSSLESS: dict[str, tuple[str, dict[str, Any]]] = {
    "png": ("PNG", {}),
    "bmp": ("BMP", {}),
    "gif": ("GIF", {}),
    "webp": ("WEBP", {"lossless": True}),
    "tiff": ("TIFF", {}),
    "tiff-lzw": ("TIFF", {"compression": "tiff_lzw"}),
    "tiff-deflate": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    "tiff-packbits": ("TIFF", {"compression": "packbits"}),
    "tiff-big": ("TIFF", {"big_tiff": True}),
}
LOSSY: dict[str, tuple[str, dict[str, Any]]] = {
    "jpeg": ("JPEG", {}),
    "jpeg-progressive": ("JPEG", {"progressive": True}),
    "jpeg-444": ("JPEG", {"subsampling": 0}),
    "webp-lossy": ("WEBP", {}),
    "tiff-jpeg": ("TIFF", {"compression": "jpeg"}),
}
FORMATS = LOSSLESS | LOSSY


def encode(image: Image.Image, name: str, **options: object) -> bytes:
    kind, how = FORMATS[name]
    stream = io.BytesIO()
    image.save(stream, kind, **how, **options)
    return stream.getvalue()


def pages(data: bytes) -> list[np.ndarray]:
    return [picture.pixels for picture in load(data)]


@pytest.mark.parametrize("name", LOSSLESS)
def test_grey_comes_out_as_it_went_in(name: str) -> None:
    [pixels] = pages(encode(Image.fromarray(GREY), name))
    np.testing.assert_array_equal(pixels if pixels.ndim == 2 else pixels[:, :, 1], GREY)


@pytest.mark.parametrize("name", [name for name in LOSSLESS if name != "gif"])
def test_colour_comes_out_as_it_went_in(name: str) -> None:
    [pixels] = pages(encode(Image.fromarray(RGB), name))
    np.testing.assert_array_equal(pixels, RGB)


@pytest.mark.parametrize("name", LOSSY)
def test_a_lossy_picture_comes_out_nearly_as_it_went_in(name: str) -> None:
    ramp = np.linspace(0, 255, 64 * 48).reshape(64, 48).astype(np.uint8)
    [pixels] = pages(encode(Image.fromarray(ramp).convert("RGB"), name, quality=95))
    assert pixels.shape == (64, 48, 3)
    assert np.abs(pixels.astype(int) - ramp[:, :, None]).mean() < 3


@pytest.mark.parametrize("name", ["png", "bmp", "gif", "tiff", "tiff-lzw"])
def test_one_bit_comes_out_as_black_and_white(name: str) -> None:
    [pixels] = pages(encode(Image.fromarray(BLACK_AND_WHITE), name))
    truth = np.where(BLACK_AND_WHITE, 255, 0)
    np.testing.assert_array_equal(pixels if pixels.ndim == 2 else pixels[:, :, 0], truth)


def test_a_fax_comes_out_as_black_and_white() -> None:
    stream = io.BytesIO()
    Image.fromarray(BLACK_AND_WHITE).save(stream, "TIFF", compression="group4")
    [pixels] = pages(stream.getvalue())
    np.testing.assert_array_equal(pixels, np.where(BLACK_AND_WHITE, 255, 0))


@pytest.mark.parametrize("name", ["png", "tiff"])
def test_sixteen_bit_grey_is_scaled(name: str) -> None:
    deep = np.array([[0, 30000], [45000, 65535]], np.uint16)
    [pixels] = pages(encode(Image.fromarray(deep), name))
    np.testing.assert_array_equal(pixels, np.round(deep / 257))


def test_cmyk_becomes_rgb() -> None:
    red = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    [from_tiff] = pages(encode(red, "tiff"))
    [from_jpeg] = pages(encode(red, "jpeg"))
    assert from_tiff[0, 0].tolist() == [255, 0, 0]
    assert np.abs(from_jpeg[0, 0].astype(int) - [255, 0, 0]).max() < 5


@pytest.mark.parametrize("name", ["gif", "webp", "tiff", "tiff-lzw", "png"])
def test_every_frame_is_a_page_of_a_document_and_one_of_an_animation_where_asked_for(name: str) -> None:
    levels = [0, 100, 255]
    first, *rest = [Image.new("L", (20, 10), level) for level in levels]
    data = encode(first, name, save_all=True, append_images=rest)
    shown = [(page.number, page.pixels.max()) for page in load(data)]
    assert shown == list(enumerate(levels, start=1))[: 3 if name.startswith("tiff") else 1]
    found = list(load(data, pages=parse_pages("1-")))
    assert [picture.number for picture in found] == [1, 2, 3]
    assert [picture.pixels.max() for picture in found] == levels


def test_pages_of_a_tiff_may_differ_in_size_and_mode() -> None:
    rest = [Image.fromarray(RGB), Image.fromarray(BLACK_AND_WHITE)]
    grey, colour, bits = pages(encode(Image.fromarray(GREY[:5]), "tiff", save_all=True, append_images=rest))
    assert (grey.shape, colour.shape, bits.shape) == ((5, 15), (20, 15, 3), (20, 15))


def test_the_thumbnail_in_a_tiff_is_no_page() -> None:
    smaller = Image.fromarray(GREY[::4, ::4].copy())
    marked = {"tiffinfo": {254: 0}, "save_all": True, "append_images": [smaller, Image.fromarray(RGB)]}
    data = bytearray(encode(Image.fromarray(GREY), "tiff", **marked))
    tag = struct.pack("<HHL", 254, 4, 1)
    second = data.index(tag, data.index(tag) + 1)
    data[second + len(tag)] = 1
    assert [(page.number, page.pixels.shape) for page in load(data)] == [(1, (20, 15)), (2, (20, 15, 3))]


def test_the_preview_in_a_phones_jpeg_is_no_page() -> None:
    stream = io.BytesIO()
    Image.fromarray(RGB).save(stream, "MPO", save_all=True, append_images=[Image.fromarray(RGB[:10])])
    [pixels] = pages(stream.getvalue())
    assert pixels.shape == RGB.shape


# --- orientation ---

STORED_AS = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: np.rot90(a, 2).swapaxes(0, 1),
    8: lambda a: np.rot90(a, -1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["png", "webp", "tiff", "tiff-lzw", "jpeg"])
def test_a_picture_is_turned_upright(name: str, orientation: int) -> None:
    upright = np.kron([[0, 80, 160], [220, 120, 255]], np.ones((16, 16))).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.ascontiguousarray(STORED_AS[orientation](upright))
    [pixels] = pages(encode(Image.fromarray(stored), name, exif=exif))
    shown = pixels if pixels.ndim == 2 else pixels[:, :, 0]
    assert shown.shape == upright.shape
    assert np.abs(shown.astype(int) - upright).max() < 12


def test_an_image_in_memory_is_turned_upright_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(encode(Image.fromarray(RGB), "png", exif=exif))) as image:
        [picture] = load(image)
    np.testing.assert_array_equal(picture.pixels, np.rot90(RGB, -1))


@pytest.mark.parametrize("exif", [b"Exif\0\0junk", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0"])
def test_a_picture_with_damaged_exif_is_read_as_stored(exif: bytes) -> None:
    data = encode(Image.fromarray(RGB), "jpeg", exif=exif)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        [pixels] = pages(data)
    assert pixels.shape == RGB.shape


# --- files cut short ---


@given(st.sampled_from(sorted(FORMATS)), st.floats(0, 1, exclude_max=True))
def test_a_file_cut_short_is_whole_or_an_error(name: str, share: float) -> None:
    data = encode(Image.fromarray(RGB), name)
    [whole] = pages(data)
    try:
        read = pages(data[: int(len(data) * share)])
    except PictureError:
        return
    for pixels in read:
        np.testing.assert_array_equal(pixels, whole)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_that_lacks_pixels_is_an_error(name: str, share: float) -> None:
    data = encode(Image.fromarray(RGB), name)
    with pytest.raises(PictureError):
        pages(data[: int(len(data) * share)])


@pytest.mark.parametrize("name", ["tiff", "tiff-lzw", "tiff-deflate", "webp", "png"])
def test_a_file_cut_short_in_its_second_page_is_an_error(name: str) -> None:
    second = Image.fromarray(GREY[::-1].copy())
    data = encode(Image.fromarray(GREY), name, save_all=True, append_images=[second])
    for length in range(len(data) * 6 // 10, len(data) - 20, 7):
        with warnings.catch_warnings(), pytest.raises(PictureError):
            warnings.simplefilter("ignore")
            list(load(data[:length], pages=parse_pages("1-")))


@given(st.sampled_from(sorted(FORMATS)), st.data())
def test_a_damaged_file_gives_pixels_or_a_picture_error(name: str, data: st.DataObject) -> None:
    content = bytearray(encode(Image.fromarray(RGB), name))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = list(load(content, max_pixels=1_000_000))
        except PictureError:
            return
    assert all(picture.pixels.dtype == np.uint8 for picture in read)


def test_what_a_damaged_file_says_of_itself_is_printable() -> None:
    with pytest.raises(PictureError) as caught, decoding():
        raise OSError("no property 'c\x1b[31mp'\n")
    assert str(caught.value) == "is damaged or cut short (no property 'c [31mp')"
