"""Grain gives no letters, whatever part of a picture it is, and letters are no grain."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
import pytest

import ocr
from pipelines.clean.grain import BESIDE, _changes, find_grain, smooth_grain
from pipelines.clean.params import STANDARD
from pipelines.pipeline import find_pipeline

Pixels = npt.NDArray[np.uint8]
Drawn = Callable[..., Pixels]

LEVELS = [(0, 85, 170, 255), (100, 120, 140, 160), (200, 210, 220, 230), (0, 0, 60, 255)]


def grain(levels: tuple[int, ...], shape: tuple[int, int]) -> Pixels:
    return np.random.default_rng(0).choice(np.array(levels, np.uint8), shape)


@pytest.mark.parametrize("levels", LEVELS)
@pytest.mark.parametrize("flat", [0, 128, 255])
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_grain_above_what_is_flat_gives_nearly_nothing(
    levels: tuple[int, ...], flat: int, share: float
) -> None:
    page = np.full((400, 400), flat, np.uint8)
    page[: round(400 * (1 - share))] = grain(levels, (round(400 * (1 - share)), 400))
    assert len(find_pipeline("auto").run(page).components) < 300
    assert len(ocr.read(page).glyphs) < 10


def test_text_beside_grain_is_read(drawn: Drawn) -> None:
    page = drawn(["Seven boats went", "home on Monday"], margin=60)
    above = np.vstack([grain(LEVELS[0], (300, page.shape[1])), page])
    assert "Seven boats went\nhome on Monday" in ocr.read(above).text


@pytest.mark.parametrize("noise", [30, 60, 90])
def test_text_in_grain_is_read(drawn: Drawn, noise: float) -> None:
    lines = ["The kitchen garden is", "behind the old bridge", "over the yellow river"]
    page = drawn(lines, size=34, margin=50)
    loud = page + np.random.default_rng(0).normal(0, noise, page.shape)
    assert ocr.read(np.clip(loud, 0, 255).astype(np.uint8)).text.splitlines() == lines


@pytest.mark.parametrize("dark", [True, False])
def test_what_stands_out_of_grain_stays_and_grain_goes(dark: bool) -> None:
    page = np.full((400, 400), 190 if dark else 60, np.uint8)
    page[180:220, 100:300] = 60 if dark else 190
    loud = np.clip(page + np.random.default_rng(0).normal(0, 40, page.shape), 0, 255).astype(np.uint8)
    smooth = smooth_grain(loud).astype(int)
    assert abs(smooth[185:215, 110:290].mean() - int(page[200, 200])) < 10
    assert np.ptp(smooth[:120, :]) < 30 and np.ptp(smooth[280:, :]) < 30


@pytest.mark.parametrize("chance", [0.1, 0.3, 0.8])
def test_grain_is_found_where_it_is(chance: float) -> None:
    mask = np.zeros((320, 640), bool)
    mask[:, 320:] = np.random.default_rng(0).random((320, 320)) < chance
    found = find_grain(mask)
    assert found[:, 352:].all()
    assert not found[:, :208].any()


@pytest.mark.parametrize("size", [8, 9, 10, 12, 16, 30])
def test_small_letters_are_no_grain(drawn: Drawn, size: int) -> None:
    page = drawn(["illness lifts Willi HELLO mmm nnn 1234 kxwz lllll iii ;;.."] * 20, size=size, gap=1.25)
    assert not find_grain(page < 128).any()
    assert (smooth_grain(page) == page).all()


def test_a_smooth_picture_stays() -> None:
    noise = np.random.default_rng(0).normal(128, 40, (300, 300))
    smooth = cv2.GaussianBlur(noise, (0, 0), 3)
    assert (smooth_grain(smooth.astype(np.uint8)) == smooth.astype(np.uint8)).all()


@pytest.mark.parametrize("sigma", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("shape", [(97, 101), (200, 340)])
def test_two_steps_apart_at_most_twice_as_much_changes_as_side_by_side(
    sigma: float, shape: tuple[int, int]
) -> None:
    noise = np.random.default_rng(0).normal(0, 1, shape).astype(np.float32)
    smooth = np.asarray(cv2.GaussianBlur(noise, (0, 0), sigma)) if sigma else noise
    for share in (0.1, 0.5):
        ink = (smooth < np.quantile(smooth, share)).view(np.uint8)
        beside, apart = (_changes(ink, step, STANDARD.grain) for step in (1, 2))
        assert (apart <= 2 * beside + BESIDE).all()
