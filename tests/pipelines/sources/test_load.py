"""Every kind of source comes out as plain pixels, and every bad one as one line that says why."""

from __future__ import annotations

import io
import os
import re
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from pipelines.errors import PictureError
from pipelines.sources import load as load_module
from pipelines.sources.load import Source, load


@pytest.fixture
def rgb() -> np.ndarray:
    """A 7 x 5 picture in which no two pixels, and so no two ways round, are alike."""
    return np.arange(7 * 5 * 3, dtype=np.uint8).reshape(7, 5, 3) * 2


def only(source: Source, **options: Any) -> np.ndarray:
    [picture] = load(source, **options)
    assert picture.pixels.dtype == np.uint8
    assert picture.number == 1
    return picture.pixels


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def complaint(source: Source, **options: Any) -> str:
    with pytest.raises(PictureError) as caught:
        list(load(source, **options))
    message = str(caught.value)
    assert "\n" not in message
    return message


# --- sources ---


def test_one_picture_reads_the_same_from_every_kind_of_source(tmp_path: Path, rgb: np.ndarray) -> None:
    data = encoded(Image.fromarray(rgb), "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)
    stream = io.BytesIO(data)
    stream.seek(9)
    with path.open("rb") as file, Image.open(path) as opened, Image.open(io.BytesIO(data)) as unnamed:
        sources: list[tuple[Source, str]] = [
            (str(path), str(path)),
            (path, str(path)),
            (data, "<bytes>"),
            (file, str(path)),
            (stream, "<stream>"),
            (opened, str(path)),
            (unnamed, "<image>"),
        ]
        for source, name in sources:
            [picture] = load(source)
            assert picture.name == name
            np.testing.assert_array_equal(picture.pixels, rgb)
        assert not file.closed
    for source in (bytearray(data), memoryview(data), rgb):
        np.testing.assert_array_equal(only(source), rgb)
    assert next(load(rgb)).name == "<array>"


def test_a_pipe_that_cannot_seek_is_read(rgb: np.ndarray) -> None:
    read_end, write_end = os.pipe()
    with open(read_end, "rb") as pipe:
        with open(write_end, "wb") as out:
            out.write(encoded(Image.fromarray(rgb), "TIFF"))
        assert not pipe.seekable()
        np.testing.assert_array_equal(only(pipe), rgb)


def test_a_file_is_told_by_its_content_not_its_name(tmp_path: Path, rgb: np.ndarray) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(encoded(Image.fromarray(rgb), "BMP"))
    np.testing.assert_array_equal(only(path), rgb)


@pytest.mark.parametrize("source", [3, None, [[1, 2]], 1.5])
def test_what_is_no_source_is_a_type_error(source: Any) -> None:
    with pytest.raises(TypeError):
        list(load(source))


def test_a_page_is_decoded_only_when_asked_for(rgb: np.ndarray) -> None:
    data = encoded(Image.fromarray(rgb), "TIFF", save_all=True, append_images=[Image.fromarray(rgb)])
    pages = load(data[: data.rindex(rgb.tobytes()) + 10])
    np.testing.assert_array_equal(next(pages).pixels, rgb)
    with pytest.raises(PictureError, match=r"^<bytes>: page 2 is damaged or cut short"):
        next(pages)


# --- arrays ---


def test_arrays_of_every_depth_give_the_same_pixels(rgb: np.ndarray) -> None:
    for same in (rgb, rgb.astype(np.int64), rgb.astype(">u4"), rgb / 255, (rgb / 255).astype(np.float32)):
        np.testing.assert_array_equal(only(same), rgb)


def test_a_bool_array_is_white_where_true() -> None:
    mask = np.array([[True, False], [False, False]])
    np.testing.assert_array_equal(only(mask), [[255, 0], [0, 0]])
    np.testing.assert_array_equal(only(Image.fromarray(mask)), only(mask))


@pytest.mark.parametrize("size", [(0, 0), (0, 5), (5, 0)])
def test_a_picture_without_a_pixel_is_none(size: tuple[int, int]) -> None:
    for mode in ("1", "L", "LA", "RGB", "RGBA", "I;16", "F", "CMYK"):
        said = complaint(Image.new(mode, size))
        assert said == f"<image>: has {size[0]} x {size[1]} pixels, which is none"
    assert complaint(np.zeros(size, np.uint8)) == f"<array>: has shape {size}, which holds no pixel"


def test_a_last_axis_of_one_is_dropped(rgb: np.ndarray) -> None:
    np.testing.assert_array_equal(only(rgb[:, :, :1]), rgb[:, :, 0])


def test_views_come_out_contiguous(rgb: np.ndarray) -> None:
    pixels = only(rgb[::-1, :, ::-1])
    assert pixels.flags.c_contiguous
    np.testing.assert_array_equal(pixels, rgb[::-1, :, ::-1])


def test_floats_a_rounding_error_past_the_range_are_clipped() -> None:
    np.testing.assert_array_equal(only(np.array([[-1e-6, 0.5, 1 + 1e-6]])), [[0, 128, 255]])


@given(arrays.arrays(np.uint16, arrays.array_shapes(min_dims=2, max_dims=2, max_side=6)))
def test_sixteen_bits_keep_their_order(levels: np.ndarray) -> None:
    pixels = only(levels).astype(int).ravel()
    order = np.argsort(levels, axis=None)
    assert (np.diff(pixels[order]) >= 0).all()


def test_twelve_bits_in_sixteen_fill_the_range() -> None:
    np.testing.assert_array_equal(only(np.array([[0, 2048, 4095]], np.uint16)), [[0, 128, 255]])
    np.testing.assert_array_equal(only(np.array([[9000, 36000, 63000]], np.uint16)), [[0, 128, 255]])


def test_the_noise_of_a_blank_deep_page_is_not_stretched() -> None:
    noise = np.random.default_rng(0).integers(60_000, 62_000, (20, 20)).astype(np.uint16)
    assert np.ptp(only(noise)) < 10
    assert only(noise).min() > 220


def test_deep_colour_and_alpha_are_scaled_apart() -> None:
    pixel = np.array([[[65535, 0, 0, 65535], [0, 0, 0, 0]]], np.uint16)
    np.testing.assert_array_equal(only(pixel), [[[255, 0, 0], [255, 255, 255]]])


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (np.zeros(5, np.uint8), "shape (5,)"),
        (np.zeros((2, 2, 2), np.uint8), "shape (2, 2, 2)"),
        (np.zeros((1, 2, 2, 3), np.uint8), "shape (1, 2, 2, 3)"),
        (np.full((), 3, np.uint8), "shape ()"),
        (np.zeros((0, 5), np.uint8), "no pixel"),
        (np.zeros((5, 0, 3), np.uint8), "no pixel"),
        (np.array([[np.nan, 0.5]]), "NaN"),
        (np.array([[np.inf, 0.5]]), "infinity"),
        (np.array([[0.0, 200.0]]), "0 to 1"),
        (np.array([[-5, 200]]), "-5"),
        (np.array([[0, 256]]), "256"),
        (np.zeros((2, 2), complex), "complex"),
        (np.array([["a", "b"]]), "<U1"),
        (np.array([[None]]), "object"),
    ],
)
def test_an_array_that_is_no_picture_says_why(array: np.ndarray, why: str) -> None:
    message = complaint(array)
    assert message.startswith("<array>: ")
    assert why in message


# --- errors ---


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert complaint(tmp_path / "none.png") == f"{tmp_path / 'none.png'}: no such file"
    (tmp_path / "a").touch()
    assert complaint(tmp_path / "a" / "b.png").endswith(": no such file")


def test_a_folder_says_to_pass_what_is_in_it(tmp_path: Path) -> None:
    assert complaint(tmp_path).startswith(f"{tmp_path}: is a folder")
    assert complaint(str(tmp_path)).endswith(f"e.g. {tmp_path}{os.sep}*.jpg")


def test_a_forbidden_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(load_module, "open", refuse, raising=False)
    assert "permission denied" in complaint(tmp_path / "a.png")


@pytest.mark.parametrize("name", ["a\0b.png", "x" * 5000])
def test_a_name_that_no_file_can_have_is_a_picture_error(name: str) -> None:
    assert "cannot be opened" in complaint(name)


def test_a_name_that_would_break_the_line_is_quoted() -> None:
    assert complaint("a\nb\x1b[31m.png") == r"'a\nb\x1b[31m.png': no such file"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"Dear Sir or Madam,\n", "is text"),
        ("Grüße aus Köln\n".encode(), "is text"),
        (b"%PDF-1.7\n", "is a PDF that is cut short"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "damaged or cut short"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "is a film, or a picture in a film's format"),
        (b"PK\3\4" + bytes(60), "no picture of a kind read here"),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(20), "no picture of a kind read here"),
        (b"\x89PNG\r\n\x1a\n", "damaged or cut short"),
        (b"BMX 500\n", "damaged or cut short"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "damaged or cut short"),
    ],
)
def test_a_file_that_is_no_picture_says_what_it_is(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    message = complaint(path)
    assert message.startswith(f"{path}: ")
    assert why in message
    assert why in complaint(content)


def test_a_file_open_as_text_says_how_to_open_it(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_text("ab")
    with path.open() as file:
        assert "'rb'" in complaint(file)  # type: ignore[arg-type]


# --- the limit ---


def test_the_limit_is_exact_and_its_message_says_how_to_raise_it(rgb: np.ndarray) -> None:
    data = encoded(Image.fromarray(rgb), "PNG")
    for source in (data, rgb, Image.fromarray(rgb)):
        assert only(source, max_pixels=35).shape == (7, 5, 3)
        message = complaint(source, max_pixels=34)
        assert re.search(r"5 x 7 .* limit of 34; .*--max-pixels 35$", message)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF"])
def test_the_limit_is_held_before_anything_is_decoded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.new("RGB", (300, 200)), kind)

    def decode(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decode)
    assert "300 x 200" in complaint(data, max_pixels=1000)


def test_pillows_own_limit_neither_warns_nor_stops_and_is_put_back(
    rgb: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    pages = {"save_all": True, "append_images": [Image.fromarray(rgb)]}
    for data in (
        encoded(Image.fromarray(rgb), "WEBP", lossless=True),
        encoded(Image.fromarray(rgb), "TIFF", **pages),
    ):
        threads = [threading.Thread(target=lambda d=data: list(load(d))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert next(load(data)).pixels.shape == rgb.shape
    assert Image.MAX_IMAGE_PIXELS == 10


# --- anything at all ---


_MAGIC = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"II+\0", b"BM", b"GIF89a"]


@given(st.sampled_from([*_MAGIC, b"RIFF\xff\0\0\0WEBP"]), st.binary(max_size=200))
def test_random_bytes_are_a_picture_error(magic: bytes, data: bytes) -> None:
    with pytest.raises(PictureError):
        list(load(magic + data))
