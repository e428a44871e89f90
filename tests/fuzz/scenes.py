"""Pictures that are no text, or far too much of it: noise, dots, bars, mazes, frames within frames."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def scene(rng: random.Random, largest: int = 96) -> Pixels:
    """Return a picture, uint8 (H, W) or (H, W, 3), with sides of 1 to `largest` pixels."""
    numbers = np.random.default_rng(rng.getrandbits(32))
    height, width = (rng.choice((1, 2, 7, largest // 2, largest)) for _ in range(2))
    ink = rng.choice(_DRAWN)(numbers, height, width)
    paper, level = rng.choice(((255, 0), (0, 255), (200, 180), (90, 10)))
    pixels = np.where(ink, level, paper).astype(np.uint8)
    if rng.random() < 0.3:
        noise = numbers.integers(-30, 31, pixels.shape)
        pixels = (pixels.astype(int) + noise).clip(0, 255).astype(np.uint8)
    return np.stack([pixels, pixels[::-1], pixels], axis=2) if rng.random() < 0.3 else pixels


def _salt(numbers: np.random.Generator, height: int, width: int) -> npt.NDArray[np.bool_]:
    return np.asarray(numbers.random((height, width)) < numbers.choice([0.01, 0.1, 0.3, 0.5, 0.9]))


def _coarse(numbers: np.random.Generator, height: int, width: int) -> npt.NDArray[np.bool_]:
    size = int(numbers.integers(2, 12))
    small = numbers.random((height // size + 1, width // size + 1)) < numbers.choice([0.1, 0.3, 0.5])
    return np.kron(small, np.ones((size, size), bool))[:height, :width]


def _grid(numbers: np.random.Generator, height: int, width: int) -> npt.NDArray[np.bool_]:
    step, thick = int(numbers.integers(2, 16)), int(numbers.integers(1, 4))
    rows, columns = np.indices((height, width)) % step < thick
    return np.asarray(
        numbers.choice(np.array([rows & columns, rows | columns, rows, columns, rows ^ columns]))
    )


def _frames(numbers: np.random.Generator, height: int, width: int) -> npt.NDArray[np.bool_]:
    rows, columns = np.indices((height, width))
    edge = np.minimum(np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns))
    return np.asarray(edge % int(numbers.integers(2, 9)) == 0)


def _rings(numbers: np.random.Generator, height: int, width: int) -> npt.NDArray[np.bool_]:
    rows, columns = np.indices((height, width))
    return np.asarray(np.hypot(rows - height / 2, columns - width / 3) % numbers.uniform(3, 12) < 2)


def _strokes(numbers: np.random.Generator, height: int, width: int) -> npt.NDArray[np.bool_]:
    rows, columns = np.indices((height, width))
    found = np.zeros((height, width), bool)
    for angle, offset in zip(numbers.uniform(0, np.pi, 12), numbers.uniform(0, width, 12), strict=True):
        found |= np.abs((columns - offset) * np.cos(angle) + (rows - offset) * np.sin(angle)) < 1.5
    return found


def _all(numbers: np.random.Generator, height: int, width: int) -> npt.NDArray[np.bool_]:
    return np.full((height, width), bool(numbers.integers(2)))


_DRAWN = (_salt, _salt, _coarse, _grid, _frames, _rings, _strokes, _all)
