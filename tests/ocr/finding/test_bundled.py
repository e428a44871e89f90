"""The bundled network finds lines of other sizes and polarities, and none on a pattern or a cloudy ground."""

import cv2
import numpy as np
import pytest

from nn.errors import ModelError
from ocr.finding.region import lines_of
from ocr.finding.text_finder import load_text_finder


def clouds(shape, seed=0):
    rng = np.random.default_rng(seed)
    total = np.full(shape, 120.0)
    for size in (6, 12, 24, 60):
        spots = rng.normal(0, 14, (shape[0] // size + 2, shape[1] // size + 2))
        total += cv2.resize(spots, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.clip(total, 0, 255).astype(np.uint8)


def test_lines_of_different_sizes_and_polarity_are_found(drawn):
    picture = np.full((520, 700), 150, np.uint8)
    places = []
    for text, size, top, light in (
        ("Large line", 72, 40, False),
        ("a line of middling size", 34, 230, True),
        ("and one that is small, dark on light", 18, 400, False),
    ):
        ink = drawn([text], size=size, margin=8)
        rows, columns = ink.shape
        part = picture[top : top + rows, 60 : 60 + columns]
        part[...] = np.where(ink < 128, 245 if light else 20, part)
        inked = np.argwhere(ink < 128) + np.array([top, 60])
        places.append((inked.min(axis=0), inked.max(axis=0)))
    lines = lines_of(load_text_finder().find(picture))
    assert len(lines) == 3
    for line, (first, last) in zip(lines, places, strict=True):
        corners = np.concatenate([region.corners for region in line])
        height = last[0] - first[0]
        np.testing.assert_allclose(corners.min(axis=0), first[::-1], atol=0.6 * height)
        np.testing.assert_allclose(corners.max(axis=0), last[::-1], atol=0.6 * height)
        assert all(abs(region.angle) < 5 and region.score > 0.7 for region in line)


@pytest.mark.parametrize("seed", range(3))
def test_there_is_no_text_on_clouds(seed):
    assert load_text_finder().find(clouds((480, 640), seed)) == []


def test_there_is_no_text_on_plain_grounds_and_slopes():
    finder = load_text_finder()
    assert finder.find(np.full((300, 400), 230, np.uint8)) == []
    assert finder.find(np.tile(np.linspace(0, 255, 800).astype(np.uint8), (600, 1))) == []


def test_a_file_that_is_no_such_network_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"none\.safetensors: no such file"):
        load_text_finder(tmp_path / "none.safetensors")
