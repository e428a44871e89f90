"""A page that is drawn, for tests of cleaning, and what is measured on it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.params import CleanParams

Pixels = npt.NDArray[np.uint8]
Measure = Callable[[CleanParams], float]


def page() -> Pixels:
    """Return a word, a faint stroke and a dot, slightly blurred, uint8 (120, 300)."""
    canvas = np.full((120, 300), 220, np.uint8)
    cv2.putText(canvas, "letters", (20, 70), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 40, 5)
    cv2.line(canvas, (30, 105), (200, 105), 166, 5)
    cv2.circle(canvas, (270, 100), 3, 40, -1)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 0.8), np.uint8)


def noisy(pixels: Pixels, spread: float) -> Pixels:
    return np.clip(pixels + np.random.default_rng(0).normal(0, spread, pixels.shape), 0, 255).astype(np.uint8)


EIGHT = [(8, 0, 28, 6), (8, 34, 28, 40), (8, 68, 28, 74)]
SIDES = [(0, 8, 6, 32), (30, 8, 36, 32), (0, 42, 6, 66), (30, 42, 36, 66)]


def digits() -> Pixels:
    """Return three digits of seven bars, two pixels apart."""
    grey = np.full((120, 260), 255, np.uint8)
    for left in (20, 90, 160):
        for x0, y0, x1, y1 in [*EIGHT, *SIDES]:
            grey[20 + y0 : 20 + y1, left + x0 : left + x1] = 20
    return grey


def heights(grey: Pixels) -> list[int]:
    _, _, stats, _ = cv2.connectedComponentsWithStats((grey < 128).astype(np.uint8), connectivity=8)
    return sorted(stats[1:, cv2.CC_STAT_HEIGHT].tolist())


def salted() -> Pixels:
    """Return light paper with one pixel in fifty black, uint8 (120, 300)."""
    grey = np.full((120, 300), 220, np.uint8)
    grey[np.random.default_rng(0).random(grey.shape) < 0.02] = 0
    return grey


def wavy() -> npt.NDArray[np.bool_]:
    """Return four stems, 40 pixels high, on a thin wavy stroke that joins them, bool (70, 200)."""
    ink = np.zeros((70, 200), bool)
    for left in (30, 70, 110, 150):
        ink[12:52, left : left + 8] = True
    x = np.arange(20, 180)
    rows = 52 + np.abs(x % 8 - 4) // 2
    for thick in (0, 1):
        ink[rows + thick, x] = True
    return ink


def with_dotted_rule(step: int = 10, uneven: int = 0, beside: bool = False) -> npt.NDArray[np.bool_]:
    """Return two stems, 40 pixels high, over a row of dots, bool (80, 400); it may be uneven, or doubled."""
    ink = np.zeros((80, 400), bool)
    ink[12:52, 40:48] = ink[12:52, 90:98] = True
    for k, left in enumerate(range(20, 380, step)):
        left += uneven * (k % 2)
        ink[56:60, left : left + 4] = True
        if beside:
            ink[56 + step : 60 + step, left : left + 4] = True
    return ink


def button(radius: int, outline: bool = True) -> npt.NDArray[np.bool_]:
    """Return four stems, 20 pixels high, in an outline with round corners, bool (80, 200)."""
    pixels = np.zeros((80, 200), np.uint8)
    if outline:
        cv2.rectangle(pixels, (20 + radius, 15), (180 - radius, 65), 1, 3)
        cv2.rectangle(pixels, (20, 15 + radius), (180, 65 - radius), 1, 3)
        pixels[17 + radius // 4 : 64 - radius // 4, 22 + radius // 4 : 179 - radius // 4] = 0
        for x, y, turn in ((20, 15, 180), (180, 15, 270), (180, 65, 0), (20, 65, 90)):
            middle = (x + radius * (1 if x < 100 else -1), y + radius * (1 if y < 40 else -1))
            cv2.ellipse(pixels, middle, (radius, radius), turn, 0, 90, 1, 3)
    for left in (50, 80, 110, 140):
        pixels[30:50, left : left + 6] = 1
    return np.asarray(pixels > 0)


def over_ring(tone: int = 150) -> Pixels:
    """Return three rows of dark bars, 20 pixels high, on white paper, the middle ones over a pale ring."""
    grey = np.full((300, 400), 255, np.uint8)
    cv2.circle(grey, (200, 150), 90, tone, 16)
    cv2.circle(grey, (360, 250), 30, tone, 8)
    for top in (60, 140, 220):
        for number, left in enumerate(range(40, 360, 30)):
            grey[top : top + 20, left : left + 5] = 90 if number < 2 else 20
    return grey
