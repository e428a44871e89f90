"""Modes and transparency: what is ink must stay to be seen."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from pipelines.errors import PictureError
from pipelines.sources.pixels import image_pixels, to_8_bits

MODES = ["1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB"]
DEEP_MODES = ["I", "F", "I;16", "I;16B"]


@pytest.mark.parametrize("mode", MODES + DEEP_MODES)
def test_white_and_black_stay_so_in_every_mode(mode: str) -> None:
    grey = Image.fromarray(np.array([[0, 255]], np.uint8))
    if mode == "LAB":
        image = Image.merge("LAB", [grey, Image.new("L", (2, 1), 128), Image.new("L", (2, 1), 128)])
    elif mode in ("La", "RGBa"):
        image = grey.convert(mode[:-1] + "A").convert(mode)
    elif mode in ("PA", "HSV"):
        image = grey.convert("P" if mode == "PA" else "RGB").convert(mode)
    else:
        image = grey.convert(mode)
    pixels = image_pixels(image)
    assert pixels.dtype == np.uint8
    np.testing.assert_array_equal(pixels.reshape(2, -1).max(axis=1), [0, 255])
    np.testing.assert_array_equal(pixels.reshape(2, -1).min(axis=1), [0, 255])


def test_a_palette_gives_its_colours() -> None:
    image = Image.fromarray(np.array([[0, 1]], np.uint8), "L").convert("P")
    image.putpalette([10, 20, 30, 40, 50, 60])
    np.testing.assert_array_equal(image_pixels(image), [[[10, 20, 30], [40, 50, 60]]])


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (60, 255), (255, 0), (200, 0)])
def test_ink_on_nothing_gets_a_ground_it_shows_on(mode: str, ink: int, ground: int) -> None:
    alpha = np.zeros((40, 40), np.uint8)
    alpha[10:30, 18:22] = 255
    image = Image.new(mode[:-1], (40, 40), (ink,) * (len(mode) - 1))
    image.putalpha(Image.fromarray(alpha))
    pixels = image_pixels(image).reshape(40, 40, -1)
    assert (pixels[alpha > 0] == ink).all()
    assert (pixels[alpha == 0] == ground).all()


def test_paper_with_clear_corners_stays_white_around() -> None:
    colour = np.full((40, 40), 240, np.uint8)
    colour[15:25, 15:25] = 20
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[:4, :4] = 0
    image = Image.merge("LA", [Image.fromarray(colour), Image.fromarray(alpha)])
    assert image_pixels(image)[0, 0] == 255


def test_half_clear_is_half_of_each() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 128))
    assert abs(int(image_pixels(image)[0, 0, 0]) - 127) <= 1


def test_a_wholly_clear_picture_is_blank() -> None:
    assert (image_pixels(Image.new("RGBA", (8, 8), (0, 0, 0, 0))) == 255).all()


@pytest.mark.parametrize("mode", ["P", "L", "1", "RGB"])
def test_a_colour_marked_clear_is_laid_on_a_ground(mode: str) -> None:
    image = Image.fromarray(np.array([[255, 0, 255]], np.uint8)).convert(mode)
    image.info["transparency"] = (255, 255, 255) if mode == "RGB" else 255
    pixels = image_pixels(image).reshape(3, -1)
    assert pixels[:, 0].tolist() == [255, 0, 255]


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_the_depth_is_found_from_the_highest_level(bits: int) -> None:
    top = 2**bits - 1
    np.testing.assert_array_equal(to_8_bits(np.array([0, top], np.uint16)), [0, 255])
    np.testing.assert_array_equal(to_8_bits(np.array([top, top], np.uint16)), [255, 255])


def test_levels_below_zero_are_shifted() -> None:
    np.testing.assert_array_equal(to_8_bits(np.array([-100, -20, 100], np.int32)), [0, 102, 255])
    np.testing.assert_array_equal(to_8_bits(np.array([-7.5, -7.5], np.float32)), [0, 0])


def test_floats_in_the_unit_range_are_told_from_levels() -> None:
    np.testing.assert_array_equal(to_8_bits(np.array([0, 0.5, 1], np.float32)), [0, 128, 255])
    np.testing.assert_array_equal(to_8_bits(np.array([0, 100, 255], np.float32)), [0, 100, 255])
    assert to_8_bits(np.array([1, 1], np.float32)).tolist() == [255, 255]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_levels_that_are_not_finite_are_an_error(bad: float) -> None:
    with pytest.raises(PictureError, match="NaN or infinity"):
        image_pixels(Image.fromarray(np.array([[0, bad]], np.float32)))
