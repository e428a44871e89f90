"""Dithered pictures become grey again, and pictures in black and white stay as they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

import ocr
from pipelines.clean.dither import undithered

SAMPLES = Path(__file__).parents[3] / "samples"
Pixels = npt.NDArray[np.uint8]


def photo(name: str) -> Image.Image:
    with Image.open(SAMPLES / name) as image:
        return image.convert("L")


def bilevel(image: Image.Image, dither: Image.Dither) -> Pixels:
    return np.asarray(image.convert("1", dither=dither).convert("L"))


@pytest.mark.parametrize("name", ["label.jpg", "note.jpg", "shop_sign.jpg"])
def test_a_dithered_photo_is_much_like_the_photo_again(name: str) -> None:
    image = photo(name)
    grey = np.asarray(image).astype(int)
    dithered = bilevel(image, Image.Dither.FLOYDSTEINBERG)
    before, after = (np.abs(one - grey).mean() for one in (dithered, undithered(dithered)))
    assert after < before / 4
    inverse = undithered(255 - dithered)
    assert np.abs(255 - inverse.astype(int) - undithered(dithered)).max() <= 1


def test_a_dithered_note_is_read() -> None:
    text = ocr.read(bilevel(photo("label.jpg"), Image.Dither.FLOYDSTEINBERG)).text
    assert text.split() == (SAMPLES / "label.txt").read_text().split()


@pytest.mark.parametrize("name", ["label.jpg", "note.jpg", "paragraph.png", "two_columns.png"])
def test_black_and_white_by_a_threshold_stays(name: str) -> None:
    scan = bilevel(photo(name), Image.Dither.NONE)
    assert undithered(scan) is scan
    speckled = np.where(np.random.default_rng(0).random(scan.shape) < 0.02, 255 - scan, scan).astype(np.uint8)
    assert undithered(speckled) is speckled
    colours = np.stack([scan, 255 - scan, scan], axis=2)
    assert undithered(colours) is colours


def test_grey_and_colour_are_told_of_dots_alike() -> None:
    dithered = bilevel(photo("label.jpg"), Image.Dither.FLOYDSTEINBERG)
    np.testing.assert_array_equal(undithered(np.dstack([dithered] * 3))[:, :, 1], undithered(dithered))
    almost = dithered.copy()
    almost[100, 100] = 77
    assert undithered(almost) is almost


@given(
    arrays.arrays(
        np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20)), elements=st.sampled_from([3, 200])
    )
)
def test_any_picture_of_two_levels_keeps_its_size_and_range(pixels: Pixels) -> None:
    found = undithered(pixels)
    assert found.shape == pixels.shape and found.dtype == np.uint8
    assert pixels.min() <= found.min() and found.max() <= pixels.max()
