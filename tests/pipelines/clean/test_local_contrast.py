"""The contrast of a place to what is around it, on pictures small and large."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from pipelines.clean import light
from pipelines.clean.light import local_contrast


def page(rows: int, columns: int) -> npt.NDArray[np.uint8]:
    rng = np.random.default_rng(3)
    grey = np.tile(np.linspace(120, 250, columns), (rows, 1)) + rng.normal(0, 4, (rows, columns))
    grey[rows // 3 : rows // 2, columns // 4 : columns // 2] -= 90
    return np.clip(grey, 0, 255).astype(np.uint8)


def test_a_far_blur_by_way_of_a_smaller_picture_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    grey = page(260, 330)
    quick = local_contrast(grey).astype(int)
    monkeypatch.setattr(light, "FAR", np.inf)
    assert np.abs(quick - local_contrast(grey)).max() <= 3


def test_no_kernel_is_wider_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    sigmas = []
    blur = cv2.GaussianBlur

    def watched(picture: npt.NDArray[np.float32], size: tuple[int, int], sigma: float) -> object:
        sigmas.append(sigma)
        return blur(picture, size, sigma)

    monkeypatch.setattr(cv2, "GaussianBlur", watched)
    for side in (20, 35, 900):
        local_contrast(page(side, side))
    assert sigmas == [8.0, 14.0, light.FAR]
