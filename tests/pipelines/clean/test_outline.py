"""Sheets seen at an angle."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.clean.outline import find_outline, rectify
from pipelines.clean.params import STANDARD
from pipelines.pipeline import flat
from pipelines.sheet import Sheet

SHAPE = (600, 800)
SEEN = np.array([[120, 90], [690, 140], [650, 520], [80, 460]], np.float32)


def scene(corners: np.ndarray, sheet: int = 225, ground: int = 70) -> np.ndarray:
    """Return a sheet with a few words on a noisy ground, uint8 (600, 800)."""
    paper = np.full((400, 600), sheet, np.uint8)
    for row in range(60, 380, 60):
        cv2.putText(paper, "some words of text", (40, row), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 40, 3)
    whole = np.array([[0, 0], [600, 0], [600, 400], [0, 400]], np.float32)
    matrix = cv2.getPerspectiveTransform(whole, corners.astype(np.float32))
    seen = cv2.warpPerspective(paper, matrix, SHAPE[::-1]).astype(float)
    covered = cv2.warpPerspective(np.ones(paper.shape), matrix, SHAPE[::-1])
    noise = np.random.default_rng(0).normal(0, 5, SHAPE)
    return np.clip(seen + (1 - covered) * ground + noise, 0, 255).astype(np.uint8)


def away_from_upright(corners: np.ndarray) -> float:
    """Return the largest distance, in pixels, of a corner from that of the bounding box."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    upright = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    return float(np.linalg.norm(corners - upright, axis=1).max())


@given(
    st.lists(st.floats(-60, 60), min_size=8, max_size=8),
    st.sampled_from([(225, 70), (120, 230)]),
)
@settings(max_examples=settings().max_examples // 2)
def test_corners_are_found_within_a_few_pixels(moves: list[float], tones: tuple[int, int]) -> None:
    corners = SEEN + np.array(moves, np.float32).reshape(4, 2)
    assume(away_from_upright(corners) > 20)  # 15 is the least that is rectified
    found = find_outline(scene(corners, *tones))
    assert found is not None
    assert np.abs(found - corners).max() < 5


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(scene(np.array([[100, 80], [700, 80], [700, 500], [100, 500]])), id="upright"),
        pytest.param(scene(SEEN - [200, 0]), id="cut off"),
        pytest.param(
            scene(np.array([[-9, -9], [809, -9], [809, 609], [-9, 609]])), id="nothing but the sheet"
        ),
        pytest.param(scene(SEEN, 90, 80), id="hardly another colour"),
        pytest.param(cv2.circle(np.full(SHAPE, 60, np.uint8), (400, 300), 200, 230, -1), id="round"),
        pytest.param(
            cv2.fillPoly(np.full(SHAPE, 60, np.uint8), [np.array([[100, 90], [600, 200], [200, 500]])], 230),
            id="three corners",
        ),
        pytest.param(np.random.default_rng(0).integers(0, 256, SHAPE).astype(np.uint8), id="noise"),
        pytest.param(np.full(SHAPE, 128, np.uint8), id="nothing"),
        pytest.param(np.full((1, 5000), 128, np.uint8), id="a thread"),
        pytest.param(scene(SEEN)[:50, :50], id="small"),
    ],
)
def test_what_is_no_sheet_askew_is_left_alone(picture: np.ndarray) -> None:
    assert find_outline(picture) is None
    sheet = Sheet(picture, picture)
    assert flat(sheet) is sheet


def test_a_sheet_laid_flat_keeps_its_sides_and_the_way_back() -> None:
    pixels = np.repeat(scene(SEEN)[..., None], 3, axis=2)
    laid, back = rectify(pixels, SEEN)
    height, width, channels = laid.shape
    assert channels == 3
    sides = np.linalg.norm(np.roll(SEEN, -1, axis=0) - SEEN, axis=1)
    assert (width, height) == (round(float(max(sides[0::2]))), round(float(max(sides[1::2]))))
    corners = back @ np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1]])
    np.testing.assert_allclose((corners[:2] / corners[2]).T, SEEN, atol=1e-3)
    assert (laid > 200).mean() > 0.8
    assert np.median(laid[:, :20]) > 200


def test_boxes_go_back_to_the_picture_as_loaded() -> None:
    pixels = scene(SEEN)
    sheet = flat(Sheet(pixels, pixels))
    dark = np.argwhere(sheet.pixels < 90)[:, ::-1]
    points = sheet.to_picture @ np.column_stack([dark + 0.5, np.ones(len(dark))]).T
    x, y = (points[:2] / points[2]).astype(int)
    assert np.median(pixels[y, x]) < 90


def test_a_sheet_that_gets_darker_is_not_taken_to_end_in_its_shadow() -> None:
    light = np.linspace(0.45, 1, SHAPE[1])
    shaded = (scene(SEEN + np.array([0, 20]), 240, 95) * light).astype(np.uint8)
    assert find_outline(shaded) is None
    unaware = replace(STANDARD, outline=replace(STANDARD.outline, change=0.0))
    wrong = find_outline(shaded, unaware)
    assert wrong is not None and wrong[:, 0].min() > SEEN[:, 0].min() + 30
