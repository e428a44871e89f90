"""Pictures in another size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def resized(images: npt.NDArray[np.uint8], height: int, width: int) -> npt.NDArray[np.uint8]:
    """Return `images` (N, H, W) as (N, height, width): each new pixel is the mean of the area that it covers.

    Examples
    --------
    >>> resized(np.array([[[0, 100], [100, 200]]], np.uint8), 1, 1).tolist()
    [[[100]]]
    """
    if images.shape[1:] == (height, width):
        return images
    rows, columns = _shares(images.shape[1], height), _shares(images.shape[2], width)
    result = np.empty((len(images), height, width), np.uint8)
    for start in range(0, len(images), 4096):
        part = images[start : start + 4096].astype(np.float32)
        result[start : start + 4096] = (rows @ part @ columns.T).round()
    return result


def squared(picture: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """Return `picture` (H, W) in the middle of a square of ink 0, resized to (side, side)."""
    height, width = picture.shape
    largest = max(height, width)
    square = np.zeros((1, largest, largest), np.uint8)
    top, left = (largest - height) // 2, (largest - width) // 2
    square[0, top : top + height, left : left + width] = picture
    result: npt.NDArray[np.uint8] = resized(square, side, side)[0]
    return result


def _shares(before: int, after: int) -> npt.NDArray[np.float32]:
    """Return (after, before): how much of each new pixel each old one covers, rows adding up to 1."""
    edges = np.arange(after + 1) * (before / after)
    old = np.arange(before)
    overlap = np.minimum(edges[1:, None], old + 1) - np.maximum(edges[:-1, None], old)
    return np.asarray(overlap.clip(0) * (after / before), np.float32)
