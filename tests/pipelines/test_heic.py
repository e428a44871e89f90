"""HEIC files, as phones make them: upright, every picture in them, and refused like any other."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipelines.errors import PictureError
from pipelines.sources.load import load

pillow_heif = pytest.importorskip("pillow_heif")
pillow_heif.register_heif_opener()  # to write with; reading must not depend on it

LEVELS = np.array([[0, 80, 160], [220, 120, 255]])
PIXELS = np.kron(LEVELS, np.ones((32, 32))).astype(np.uint8)
UPRIGHT = {
    1: LEVELS,
    2: LEVELS[:, ::-1],
    3: LEVELS[::-1, ::-1],
    4: LEVELS[::-1],
    5: LEVELS.T,
    6: np.rot90(LEVELS, -1),
    7: np.rot90(LEVELS, 2).T,
    8: np.rot90(LEVELS),
}


def encoded(*pixels: np.ndarray, **options: object) -> bytes:
    first, *rest = [Image.fromarray(array).convert("RGB") for array in pixels]
    stream = io.BytesIO()
    more = {"save_all": True, "append_images": rest} if rest else {}
    first.save(stream, "HEIF", **more, **options)
    return stream.getvalue()


WHOLE = encoded(PIXELS)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright_once(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    [picture] = load(encoded(PIXELS, exif=exif.tobytes()))
    shown = picture.pixels[16::32, 16::32, 0].astype(int)
    assert shown.shape == UPRIGHT[orientation].shape
    assert np.abs(shown - UPRIGHT[orientation]).max() < 12


@pytest.mark.parametrize("primary", [0, 1, 2])
def test_every_picture_in_a_file_is_a_page_whichever_is_shown_first(primary: int) -> None:
    found = list(load(encoded(PIXELS, PIXELS[:40], PIXELS[:, :70], primary_index=primary)))
    assert [picture.number for picture in found] == [1, 2, 3]
    assert [picture.pixels.shape[:2] for picture in found] == [(64, 96), (40, 96), (64, 70)]


def test_it_reads_where_pillow_was_told_of_no_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "OPEN", {})
    assert next(load(WHOLE)).pixels.shape == (64, 96, 3)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(PictureError, match=r"<bytes>: is a HEIC picture.*pip install 'letters-ocr\[heif\]'"):
        list(load(WHOLE))


def test_the_limit_is_held_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(pillow_heif.HeifImageFile, "load", decode)
    with pytest.raises(PictureError, match="96 x 64 pixels, more than the limit of 6143"):
        list(load(WHOLE, max_pixels=96 * 64 - 1))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.9, 0.99])
def test_a_file_cut_short_is_an_error(share: float) -> None:
    with pytest.raises(PictureError, match="damaged or cut short"):
        list(load(WHOLE[: int(len(WHOLE) * share)]))


@given(st.data())
def test_a_damaged_file_gives_pixels_or_a_picture_error(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read = list(load(content, max_pixels=1_000_000))
    except PictureError:
        return
    assert all(picture.pixels.dtype == np.uint8 for picture in read)
