"""How blurred text is, and sharper copies of it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.clean.deblur import blur_of, deblurred

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]


def blurred(page: Pixels, blur: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(page, (0, 0), blur), np.uint8)


@pytest.mark.parametrize("blur", [2.0, 3.0, 4.0])
def test_blur_is_measured_from_edges(blur: float) -> None:
    page = np.full((160, 600), 250, np.uint8)
    for left in range(40, 560, 80):
        page[30:130, left : left + 40] = 20
    assert blur_of(page) < 1
    assert blur_of(blurred(page, blur)) == pytest.approx(blur, rel=0.1)
    assert blur_of(255 - blurred(page, blur)) == pytest.approx(blur_of(blurred(page, blur)))


def test_low_contrast_does_not_change_the_blur(drawn: Drawn) -> None:
    page = blurred(drawn(["HILL FIELD"], size=60), 2)
    faint = (200 + page.astype(int) // 6).astype(np.uint8)
    assert blur_of(faint) == pytest.approx(blur_of(page), rel=0.15)


def test_what_is_flat_has_some_blur_and_no_error() -> None:
    assert blur_of(np.full((20, 60), 255, np.uint8)) == 0


@pytest.mark.parametrize("shape", [(), (3,)])
def test_a_sharpened_copy_is_nearer_to_the_original(drawn: Drawn, shape: tuple[int, ...]) -> None:
    page = drawn(["behind the old bridge"], size=34)
    page = np.broadcast_to(page.reshape(*page.shape, *(1 for _ in shape)), page.shape + shape)
    soft = blurred(np.ascontiguousarray(page), 2.5)
    errors = [np.abs(page.astype(int) - deblurred(soft, 2.5, rounds)).mean() for rounds in (1, 4, 12)]
    assert np.abs(page.astype(int) - soft).mean() > errors[0] > errors[1] > errors[2]
    assert deblurred(soft, 2.5, 2).shape == soft.shape and deblurred(soft, 2.5, 2).dtype == np.uint8


def test_what_is_flat_stays() -> None:
    flat = np.full((30, 40), 128, np.uint8)
    assert np.array_equal(deblurred(flat, 3.0, 12), flat)
