"""Augmentation of strips of text."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Strip = npt.NDArray[np.uint8]

STRETCH, SIZE, SHIFT, SLANT = 0.2, 0.12, 2.0, 0.25
"""Limits of the changes: log-scale of width and of size, vertical shift in pixels, and shear as a share of
the height."""
STRAY, PEN, WORN, COARSE, BLUR, BEND, NOISE = 0.15, 0.25, 0.2, 0.2, 0.2, 0.4, 0.15
"""Probabilities: tips of other lines at the rim, thicker or thinner strokes, ink worn off in places, lower
resolution, blur, changed contrast, noise."""


def augment_strip(strip: Strip, rng: np.random.Generator) -> Strip:
    """Return a strip, uint8 (H, W), of equal height, with random width, size, slant and strokes."""
    height, width = strip.shape
    size = np.exp(rng.uniform(-SIZE, SIZE))
    across = size * np.exp(rng.uniform(-STRETCH, STRETCH))
    slant = rng.uniform(-SLANT, SLANT) * (rng.random() < 0.7)
    lean = slant * across
    middle = height / 2
    wide = max(8, int(np.ceil(width * across + abs(lean) * height)))
    left = max(0.0, lean * height) if lean > 0 else 0.0
    matrix = np.array(
        [
            [across, -lean, left],
            [0, size, middle - size * middle + rng.uniform(-SHIFT, SHIFT)],
        ]
    )
    changed = np.asarray(cv2.warpAffine(strip, matrix, (wide, height), flags=cv2.INTER_LINEAR), np.uint8)
    if rng.random() < STRAY:
        changed = _stray(changed, rng)
    if rng.random() < PEN:
        changed = _pen(changed, rng)
    if rng.random() < WORN:
        changed = _worn(changed, rng)
    if rng.random() < COARSE:
        changed = _coarse(changed, rng)
    if rng.random() < BLUR:
        changed = np.asarray(cv2.GaussianBlur(changed, (0, 0), rng.uniform(0.3, 0.9)), np.uint8)
    if rng.random() < BEND:
        changed = _bent(changed, rng)
    if rng.random() < NOISE:
        noise = rng.normal(0, rng.uniform(2, 16), changed.shape)
        changed = np.clip(changed + noise, 0, 255).astype(np.uint8)
    return changed


def _pen(strip: Strip, rng: np.random.Generator) -> Strip:
    kernel = np.ones((2, 2), np.uint8) if rng.random() < 0.5 else np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]])
    change = cv2.dilate if rng.random() < 0.6 else cv2.erode
    share = rng.uniform(0.2, 0.8)
    other = change(strip, kernel.astype(np.uint8))
    return np.asarray(cv2.addWeighted(strip, 1 - share, other, share, 0), np.uint8)


def _stray(strip: Strip, rng: np.random.Generator) -> Strip:
    """Add the tips of neighbouring lines at the rim: ink of the strip itself, moved."""
    height, width = strip.shape
    rows = int(rng.integers(1, height // 5))
    start = int(rng.integers(height // 4, height - height // 4 - rows))
    tips = np.roll(strip[start : start + rows], int(rng.integers(width)), axis=1)
    tips = np.where(_cloud((1, width), 24.0, rng) > rng.uniform(0.3, 0.7), tips, 0).astype(np.uint8)
    shown = strip.copy()
    rim = shown[:rows] if rng.random() < 0.5 else shown[-rows:]
    np.maximum(rim, tips, out=rim)
    return shown


def _worn(strip: Strip, rng: np.random.Generator) -> Strip:
    """Remove ink in spots or bands, and often binarize the rest."""
    long, short = rng.uniform(2, 16), rng.uniform(1.5, 4)
    shape = (short, short) if rng.random() < 0.5 else ((long, short) if rng.random() < 0.5 else (short, long))
    left = strip / 255 * (1 - rng.uniform(0.2, 0.8) * _cloud(strip.shape, shape, rng))
    if rng.random() < 0.6:
        edge = rng.uniform(0.25, 0.5)
        left = np.clip((left - edge) * rng.uniform(2, 6) + 0.5, 0, 1)
    return np.asarray(255 * left, np.uint8)


def _cloud(
    shape: tuple[int, int], size: float | tuple[float, float], rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """Noise between 0 and 1 whose spots are about `size` pixels high and wide."""
    sizes = size if isinstance(size, tuple) else (size, size)
    rows, columns = (max(2, int(side / each) + 1) for side, each in zip(shape, sizes, strict=True))
    spots = rng.random((rows, columns), np.float32)
    return np.clip(cv2.resize(spots, shape[::-1], interpolation=cv2.INTER_CUBIC), 0, 1)


def _coarse(strip: Strip, rng: np.random.Generator) -> Strip:
    """Reduce the resolution of a strip."""
    share = rng.uniform(0.28, 0.7)
    small = cv2.resize(strip, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    if not small.size:
        return strip
    method = cv2.INTER_LINEAR if rng.random() < 0.5 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(small, strip.shape[::-1], interpolation=method), np.uint8)


def _bent(strip: Strip, rng: np.random.Generator) -> Strip:
    values = np.linspace(0, 1, 256)
    values = values ** np.exp(rng.uniform(-0.5, 0.5)) * rng.uniform(0.75, 1.0)
    return np.asarray((255 * values).astype(np.uint8)[strip])
