"""Drawn number plates."""

from __future__ import annotations

from unittest.mock import Mock

import cv2
import numpy as np
import pytest

from training import plates
from training.fonts import PILLOW_FONT
from training.plates import CAP, PATTERNS, _ink, drawn_plate, number
from training.scenery import HELD_OUT


def test_numbers_follow_the_arrangements_of_plates() -> None:
    rng = np.random.default_rng(0)
    shown = [number(rng) for _ in range(400)]
    shapes = ["".join("L" if c.isalpha() else "D" if c.isdigit() else c for c in text) for text in shown]
    known = np.mean([shape in PATTERNS for shape in shapes])
    assert 0.8 < known < 1 and len(set(shown)) > 390
    assert all(c.isdigit() or c.isupper() or c in " -" for c in "".join(shown))


def test_a_plate_shows_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """On clean pictures of plates, the number correlates with where it stands somewhere on the plate."""
    monkeypatch.setattr(plates, "number", lambda _: "ABX4279")
    monkeypatch.setattr(plates, "ground", lambda _, side, __: np.full((side, side), 0.4, np.float32))
    monkeypatch.setattr(
        plates, "degraded", lambda image, *_: np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)
    )
    inked = _ink("ABX4279", PILLOW_FONT, CAP, np.random.default_rng(0))
    rng, best = np.random.default_rng(HELD_OUT), []
    for _ in range(12):
        grey, text = drawn_plate(Mock(words=["seven", "wizards"]), [PILLOW_FONT], [], rng)
        assert text == "ABX4279" and min(grey.shape) > 8
        rows, columns = grey.shape
        found = 0.0
        for high in np.linspace(0.35, 0.8, 10) * rows:
            for wide in np.linspace(0.5, 0.95, 10) * columns:
                small = cv2.resize(inked, (round(wide), round(high)), interpolation=cv2.INTER_AREA)
                match = cv2.matchTemplate(grey.astype(np.float32), small, cv2.TM_CCOEFF_NORMED)
                found = max(found, float(np.abs(match).max()))
        best.append(found)
    assert np.median(best) > 0.5
