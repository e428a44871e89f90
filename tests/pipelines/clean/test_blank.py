"""Blank paper around what is on a picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipelines.clean.blank import even_blank, find_blank


def page(paper: tuple[int, ...] = (240, 230, 200)) -> np.ndarray:
    pixels = np.full((200, 300, 3), paper, np.uint8)
    pixels[60:160, 40:240] = 30
    return pixels


@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_blank_paper_reaches_to_what_is_on_it(noise: float) -> None:
    grains = np.random.default_rng(0).normal(0, noise, page().shape)
    found, colour = find_blank(np.clip(page() + grains, 0, 255).astype(np.uint8))
    assert found == (60, 40, 40, 60)
    assert colour == pytest.approx((240, 230, 200), abs=1)
    assert find_blank(page()[..., 0])[0] == found


def test_a_blank_page_and_one_that_is_full_to_the_edges_have_none() -> None:
    full = np.indices((80, 90)).sum(axis=0).astype(np.uint8) % 2 * 255
    for pixels in (np.full((80, 90), 250, np.uint8), full):
        assert find_blank(pixels)[0] == (0, 0, 0, 0)
        assert np.array_equal(even_blank(pixels)[0], pixels)


@pytest.mark.parametrize("grey", [False, True])
def test_it_is_made_equally_wide_and_points_are_taken_back(grey: bool) -> None:
    pixels = page()[..., 0] if grey else page()
    even, back = even_blank(pixels[58:])
    assert even.shape[:2] == (100 + 2 * 25, 200 + 2 * 25)
    assert even[25:-25, 25:-25].max() == 30 and even[:25].min() >= 200
    assert (back @ (25, 25, 1)).tolist() == [40, 2, 1]
    beside = even_blank(pixels[60:])[0]
    assert beside.shape[:2] == (100 + 25, 250) and beside[0, 100:110].max() == 30


@pytest.mark.parametrize("shape", [(1, 1), (1, 1, 3), (3, 1), (4, 1), (4, 4, 3), (1, 4, 3)])
def test_tiny_pictures_are_no_trouble(shape: tuple[int, ...]) -> None:
    pixels = np.full(shape, 255, np.uint8)
    assert even_blank(pixels)[0].shape == shape
    pixels[0, 0] = 0
    around = cv2.copyMakeBorder(pixels, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=(255,) * 3)
    assert find_blank(np.asarray(around))[0][::2] == (2, 2)
