"""Kinds of pictures that old programs, scanners and converters write: PNM, JPEG 2000, AVIF, TGA, PCX, ICO."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import AvifImagePlugin, Image, features

from pipelines.errors import ForeignFile, PictureError, TooManyPixels
from pipelines.sources.kinds import opener
from pipelines.sources.load import load
from pipelines.sources.suffixes import PICTURES

RGB = np.random.default_rng(1).integers(0, 256, (20, 15, 3)).astype(np.uint8)
GREY = RGB[:, :, 0]
BITS = GREY > 128
NEEDS = {"jp2": "jpg_2000", "j2k": "jpg_2000", "avif": "avif"}

LOSSLESS: dict[str, tuple[str, dict[str, Any]]] = {
    "ppm": ("PPM", {}),
    "jp2": ("JPEG2000", {"irreversible": False}),
    "j2k": ("JPEG2000", {"irreversible": False, "no_jp2": True}),
    "tga": ("TGA", {}),
    "tga-rle": ("TGA", {"rle": True}),
    "pcx": ("PCX", {}),
    "ico": ("ICO", {"sizes": [(15, 20)]}),
}
ALL = LOSSLESS | {"avif": ("AVIF", {"quality": 100, "subsampling": "4:4:4"})}


@pytest.fixture(autouse=True)
def _written_by_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Pillow write AVIF: imageio puts an old pillow-heif in its place, which forgets how to turn it."""
    monkeypatch.setitem(Image.SAVE, "AVIF", AvifImagePlugin._save)
    monkeypatch.setitem(Image.SAVE_ALL, "AVIF", AvifImagePlugin._save_all)


def encode(image: Image.Image, name: str, **options: object) -> bytes:
    if name in NEEDS and not features.check(NEEDS[name]):
        pytest.skip(f"the Pillow installed here does not write {name}")
    kind, how = ALL[name]
    stream = io.BytesIO()
    image.save(stream, kind, **{**how, **options})
    return stream.getvalue()


def only(data: bytes, **options: Any) -> np.ndarray:
    [picture] = load(data, **options)
    assert picture.number == 1
    return np.asarray(picture.pixels)


@pytest.mark.parametrize("name", LOSSLESS)
@pytest.mark.parametrize("picture", [GREY, RGB], ids=["grey", "colour"])
def test_what_is_kept_whole_comes_out_as_it_went_in(name: str, picture: np.ndarray) -> None:
    found = only(encode(Image.fromarray(picture), name))
    np.testing.assert_array_equal(found if found.ndim == picture.ndim else found[:, :, 0], picture)


def test_avif_comes_out_nearly_as_it_went_in() -> None:
    ramp = np.linspace(0, 255, 64 * 48).reshape(64, 48).astype(np.uint8)
    found = only(encode(Image.fromarray(ramp).convert("RGB"), "avif"))
    assert np.abs(found.astype(int) - ramp[:, :, None]).mean() < 3


def test_of_a_moving_avif_the_first_picture_counts() -> None:
    first, *rest = [Image.new("L", (32, 16), level) for level in (0, 120, 255)]
    assert only(encode(first, "avif", save_all=True, append_images=rest)).max() < 10


def test_an_avif_is_turned_as_it_says() -> None:
    wide = Image.new("RGB", (32, 16))
    exif = Image.Exif()
    exif[0x0112] = 6
    assert only(encode(wide, "avif", exif=exif.tobytes())).shape == (32, 16, 3)


def test_a_film_is_told_from_a_picture() -> None:
    with pytest.raises(ForeignFile, match="film"):
        list(load(struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 0, b"isom", b"avc1") + bytes(100)))


@pytest.mark.parametrize("name", ["avif", "jp2"])
def test_what_pillow_was_built_without_is_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode(Image.fromarray(RGB), name)
    monkeypatch.setattr("PIL.AvifImagePlugin.SUPPORTED", False)
    monkeypatch.setattr("PIL.features.check", lambda _: False)
    with pytest.raises(PictureError, match="the Pillow installed here cannot read"):
        list(load(data))


PNM = {
    "P1": b"P1 # one\n3 2\n0 1 0\n1 0 1\n",
    "P1 packed": b"P1\n3 2\n010101",
    "P4": b"P4\n# bits\n3 2\n" + bytes([0b01011111, 0b10100000]),
    "P2": b"P2\n3 2\n7\n7 0 7 0 7 0\n",
    "P5": b"P5 3 2 255\n" + bytes([255, 0, 255, 0, 255, 0]),
    "P5 of 16 bits": b"P5\n3 2\n65535\n" + struct.pack(">6H", 65535, 0, 65535, 0, 65535, 0),
    "P5 of 12 bits": b"P5\n3 2\n4095\n" + struct.pack(">6H", 4095, 0, 4095, 0, 4095, 0),
    "P5 of few levels": b"P5\n3 2\n1\n" + bytes([1, 0, 1, 0, 1, 0]),
    "P6 of 16 bits": b"P6\n3 2\n65535\n" + struct.pack(">18H", *[65535, 0, 65535, 0, 65535, 0] * 3),
}


@pytest.mark.parametrize("name", PNM)
def test_pnm_of_every_depth_is_read(name: str) -> None:
    found = only(PNM[name])
    expected = np.array([[255, 0, 255], [0, 255, 0]])
    if name.startswith("P6"):
        assert found.shape == (2, 3, 3)
        np.testing.assert_array_equal(found.ravel(), [255, 0, 255, 0, 255, 0] * 3)
    else:
        np.testing.assert_array_equal(found, expected)


def test_deep_pgm_keeps_its_levels() -> None:
    deep = np.array([[0, 30000], [45000, 65535]], np.uint16)
    found = only(b"P5 2 2 65535\n" + deep.astype(">u2").tobytes())
    np.testing.assert_array_equal(found, np.round(deep / 257))


def test_bits_come_out_as_black_and_white() -> None:
    for name in ("ppm", "pcx", "tga"):
        np.testing.assert_array_equal(only(encode(Image.fromarray(BITS), name)), np.where(BITS, 255, 0))


@pytest.mark.parametrize("name", ["pcx", "tga", "tga-rle"])
def test_a_table_of_colours_is_looked_up(name: str) -> None:
    few = Image.fromarray(RGB).quantize(16)
    np.testing.assert_array_equal(only(encode(few, name)), np.asarray(few.convert("RGB")))


def test_alpha_that_a_tga_does_not_claim_hides_nothing() -> None:
    data = bytearray(encode(Image.fromarray(np.dstack([RGB, np.zeros_like(GREY)])), "tga"))
    data[17] &= 0xF0
    np.testing.assert_array_equal(only(bytes(data)), RGB)


@pytest.mark.parametrize("kind", ["png", "bmp"])
def test_of_an_icon_the_largest_picture_is_read(kind: str) -> None:
    letter = Image.new("RGBA", (64, 64), "white")
    letter.paste("black", (10, 10, 30, 50))
    stream = io.BytesIO()
    letter.save(stream, "ICO", sizes=[(16, 16), (64, 64), (32, 32)], bitmap_format=kind)
    found = only(stream.getvalue())
    assert found.shape[:2] == (64, 64)
    assert (found.min(), found.max(), int((found[:, :, 0] == 0).sum())) == (0, 255, 800)


def test_an_icon_says_no_less_than_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = io.BytesIO()
    Image.new("1", (3000, 2000)).save(inner, "PNG")
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(inner.getvalue()), 22)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    with pytest.raises(TooManyPixels, match="3000 x 2000"):
        list(load(b"\0\0\1\0\1\0" + entry + inner.getvalue(), max_pixels=1_000_000))
    bitmap = struct.pack("<IiiHHIIiiII", 40, 60000, 120000, 1, 1, 0, 0, 0, 0, 0, 0)
    with pytest.raises(TooManyPixels, match="60000 x 60000"):
        list(load(b"\0\0\1\0\1\0" + entry + bitmap + bytes(64), max_pixels=1_000_000))


@pytest.mark.parametrize("name", [name for name in ALL if name != "ico"])
def test_the_limit_is_held_before_anything_is_decoded(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encode(Image.new("RGB", (300, 200)), name)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda *_: pytest.fail("decoded"))
    with pytest.raises(TooManyPixels, match="300 x 200"):
        list(load(data, max_pixels=1000))


@pytest.mark.parametrize("name", ALL)
def test_what_is_cut_short_is_refused(name: str) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    options = {"sizes": [(64, 64)]} if name == "ico" else {}
    data = encode(Image.fromarray(noise), name, **options)
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(PictureError):
            list(load(data[: int(len(data) * share)]))


@pytest.mark.parametrize(
    "data", [b"P5 is a nice printer\n", b"P7\nWIDTH 3\n", b"\0\0\2\0\1\0\x10\x10\0\0\1\0\x20\0", bytes(40)]
)
def test_what_only_begins_like_one_of_them_is_foreign(data: bytes) -> None:
    assert opener(data + bytes(40)) is None
    with pytest.raises(ForeignFile):
        list(load(data))


def test_files_of_every_kind_are_known_by_their_names() -> None:
    assert {".pgm", ".ppm", ".pbm", ".pnm", ".jp2", ".j2k", ".avif", ".tga", ".pcx", ".ico"} < {*PICTURES}
