"""Colours of a picture told apart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipelines.clean.colours import COLOURS, colour_layers
from pipelines.pipeline import PRESETS

GREEN, RED, WHITE = (90, 140, 60), (200, 60, 70), (250, 250, 245)


def outlined() -> tuple[np.ndarray, np.ndarray]:
    """Return a red bar with a white outline on green, with a little noise, and where the bar is."""
    pixels = np.empty((40, 60, 3), np.uint8)
    pixels[:] = GREEN
    pixels[8:32, 18:42] = WHITE
    pixels[12:28, 22:38] = RED
    bar = np.zeros((40, 60), bool)
    bar[12:28, 22:38] = True
    noise = np.random.default_rng(0).integers(-6, 7, pixels.shape)
    return np.clip(pixels + noise, 0, 255).astype(np.uint8), bar


def test_letters_as_dark_as_the_ground_are_a_layer_of_their_own() -> None:
    pixels, bar = outlined()
    layers = [colour_layers(pixels)[index] for index in range(COLOURS)]
    assert sum(np.array_equal(layer < 128, bar) for layer in layers) == 1


def test_every_pixel_belongs_to_one_layer_at_least() -> None:
    pixels, _ = outlined()
    layers = np.stack([colour_layers(pixels)[index] for index in range(COLOURS)])
    assert (layers.min(axis=0) <= 128).all()


@given(arrays(np.uint8, (7, 9, 3)), st.integers(0, COLOURS - 1))
def test_any_picture_has_layers_the_same_each_time(pixels: np.ndarray, index: int) -> None:
    layer = colour_layers(pixels)[index]
    assert layer.shape == (7, 9) and layer.dtype == np.uint8
    np.testing.assert_array_equal(layer, colour_layers(pixels)[index])


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_picture_of_one_colour_is_no_ink_in_any_way(value: int) -> None:
    pixels = np.full((30, 40, 3), value, np.uint8)
    assert all(colour_layers(pixels)[index].std() == 0 for index in range(COLOURS))


def test_a_word_in_scenes_is_tried_in_every_colour() -> None:
    pixels, bar = outlined()
    word = PRESETS["word"]
    sheets = [type(word)(word.name, stages).run(pixels) for stages in word.others]
    found = [sheet.components.areas for sheet in sheets]
    assert any(
        len(areas) == 1 and 0.5 < areas[0] / bar.sum() / (sheet.ink.size / bar.size) < 1.5
        for areas, sheet in zip(found, sheets, strict=True)
    )


@pytest.mark.parametrize(("shrunk", "layers"), [(3, 2), (12, 3)])
def test_the_mixture_along_the_edges_of_thick_strokes_is_no_colour_of_its_own(
    shrunk: int, layers: int
) -> None:
    large = np.full((160, 240), 255, np.uint8)
    cv2.line(large, (40, 20), (60, 140), 0, 22)
    cv2.circle(large, (160, 80), 45, 0, 20)
    pixels = np.asarray(
        cv2.resize(large, (240 // shrunk, 160 // shrunk), interpolation=cv2.INTER_AREA), np.uint8
    )
    ink = [int((colour_layers(pixels)[index] < 128).sum()) for index in range(COLOURS)]
    assert sum(count > 0 for count in ink) == layers
