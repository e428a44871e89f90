"""Thinning keeps what is connected, and leaves lines."""

from __future__ import annotations

import string

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from skimage.measure import euler_number, label
from skimage.morphology import skeletonize

from ocr.lab.drawn import _printed
from ocr.lab.thinning import thinned

Mask = npt.NDArray[np.bool_]
CHARACTERS = string.ascii_letters + string.digits + "%&@#ÄßéÇ"


def topology(mask: Mask) -> tuple[int, int]:
    """Return how many parts and how many holes a mask has."""
    parts = int(label(mask, connectivity=2).max())
    return parts, parts - int(euler_number(mask, connectivity=2))


def squares(mask: Mask) -> int:
    """Return in how many places the mask is two pixels wide both ways."""
    return int((mask[1:, 1:] & mask[1:, :-1] & mask[:-1, 1:] & mask[:-1, :-1]).sum())


def blobs(seed: int) -> Mask:
    noise = np.random.default_rng(seed).random((60, 80))
    return np.asarray(cv2.GaussianBlur(noise, (0, 0), 1 + seed % 3) > 0.5)


@pytest.mark.parametrize("character", CHARACTERS)
def test_letters_keep_their_parts_and_holes_in_lines_of_one_pixel(character: str) -> None:
    mask = _printed(character) > 127
    lines = thinned(mask)
    assert not (lines & ~mask).any()
    assert topology(lines) == topology(mask)
    assert squares(lines) == 0


@pytest.mark.parametrize("character", CHARACTERS)
def test_lines_are_where_scikit_image_has_them(character: str) -> None:
    mask = _printed(character) > 127
    lines, theirs = thinned(mask), skeletonize(mask)  # type: ignore[no-untyped-call]
    near = np.ones((7, 7), np.uint8)
    for one, other in ((lines, theirs), (theirs, lines)):
        close = cv2.dilate(other.astype(np.uint8), near) > 0
        assert (one & close).sum() >= 0.95 * one.sum()


@pytest.mark.parametrize("seed", range(12))
def test_any_shape_keeps_its_parts_and_holes(seed: int) -> None:
    mask = blobs(seed)
    assert topology(thinned(mask)) == topology(mask)
    assert thinned(mask).sum() < mask.sum() / 2


def test_what_is_thin_stays_and_nothing_gives_nothing() -> None:
    thin = np.eye(9, dtype=bool)
    assert (thinned(thin) == thin).all()
    assert not thinned(np.zeros((4, 6), bool)).any()
    assert thinned(np.ones((1, 1), bool)).all()


def test_the_mask_itself_is_left_as_it_was() -> None:
    mask = np.ones((5, 7), bool)
    thinned(mask)
    assert mask.all()
