"""Strips of text, each changed a little."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Strip = npt.NDArray[np.uint8]

STRETCH, SIZE, SHIFT, SLANT = 0.2, 0.12, 2.0, 0.25
"""Most that a strip's width and size change (in natural logarithms), that it moves up or down (in pixels),
and that it slants (as a fraction of its height), either way."""
PEN, BLUR, BEND, NOISE = 0.25, 0.2, 0.4, 0.15
"""How often strokes grow thicker or thinner, strips are blurred, their darkness is bent, noise is added."""


def augment_strip(strip: Strip, rng: np.random.Generator) -> Strip:
    """Return a strip, uint8 (H, W), in another width, size, slant and pen, of the same height."""
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
    if rng.random() < PEN:
        changed = _pen(changed, rng)
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


def _bent(strip: Strip, rng: np.random.Generator) -> Strip:
    values = np.linspace(0, 1, 256)
    values = values ** np.exp(rng.uniform(-0.5, 0.5)) * rng.uniform(0.75, 1.0)
    return np.asarray((255 * values).astype(np.uint8)[strip])
