"""Impulse noise is removed; thin strokes, dots and fine print are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipelines.clean.impulses import without_impulses
from tests.pipelines.clean.drawn import page, salted


def test_noise_on_paper_is_removed_and_paper_stays() -> None:
    cleaned = without_impulses(salted())
    assert (cleaned == 220).mean() > 0.999


def test_letters_under_noise_are_nearly_as_without_it() -> None:
    plain, noise = page(), salted()
    noisy = np.where(noise == 0, np.where(plain > 128, 0, 255), plain).astype(np.uint8)
    cleaned = without_impulses(noisy)
    assert np.abs(cleaned.astype(int) - plain).mean() < 0.15 * np.abs(noisy.astype(int) - plain).mean()


@pytest.mark.parametrize("ink", [0, 255])
def test_fine_print_without_noise_stays_as_it_is(ink: int) -> None:
    grey = np.full((80, 200), 255 - ink, np.uint8)
    cv2.putText(grey, "i. fine: print", (5, 40), cv2.FONT_HERSHEY_PLAIN, 0.8, ink, 1)
    grey[60, 20:180:12] = ink
    assert without_impulses(grey) is grey
