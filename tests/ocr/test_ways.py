"""Pictures that are read in several ways, and the way that is chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import ocr
from ocr.recognition.likeness import text_width
from pipelines.clean.geometry import move_boxes

SAMPLES = Path(__file__).parents[2] / "samples"
RED, GREEN = (206, 44, 60), (64, 128, 40)
"""As light as each other, so that grey tells them not apart."""


@pytest.fixture(scope="module")
def word() -> np.ndarray:
    """Return a red word on green, uint8 (H, W, 3), seen by a noisy camera."""
    picture = Image.new("RGB", (240, 70), GREEN)
    ImageDraw.Draw(picture).text((20, 8), "MARKET", RED, ImageFont.load_default(46))
    noise = np.random.default_rng(0).normal(0, 6, (70, 240, 3))
    return np.clip(np.asarray(picture) + noise, 0, 255).astype(np.uint8)


def test_a_word_told_by_its_colour_alone_is_read(word: np.ndarray) -> None:
    assert ocr.read(word, pipeline="word").text == "MARKET"


def test_text_is_as_wide_as_its_letters_and_noise_is_none(word: np.ndarray) -> None:
    reader = ocr.Reader(pipeline="word")
    rejects = reader.recognizer.classifier.rejects

    def width(pixels: np.ndarray) -> float:
        lattice = reader.lattice(pixels)
        boxes = move_boxes(lattice.boxes, lattice.sheet.to_picture, *pixels.shape[1::-1])
        return text_width(lattice, rejects, np.zeros_like(rejects), boxes)

    letters = sum(glyph.box.width for glyph in reader.read(word).glyphs)
    assert 0.6 * letters < width(word) <= letters
    noise = np.random.default_rng(1).integers(0, 256, (70, 240, 3)).astype(np.uint8)
    assert width(noise) < 0.3 * letters
    assert width(np.full((40, 60), 200, np.uint8)) == 0
