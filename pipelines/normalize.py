"""The EMNIST format: every glyph a 28x28 picture, ink 255 on 0, of standard size and position.

The same function makes training glyphs and reads pictures, so that the network sees what it was trained on.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.blur import blur
from pipelines.params import GLYPHS, GlyphFormat

SIDE = 28
"""Rows and columns of a glyph: EMNIST's."""

_TOGETHER = 64
"""Glyphs that are cleaned at a time, so that they stay in the processor's cache."""
_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


def normalize(
    ink: npt.NDArray[np.uint8],
    mask: npt.NDArray[np.bool_] | npt.NDArray[np.uint8],
    params: GlyphFormat = GLYPHS,
) -> npt.NDArray[np.uint8]:
    """Convert one glyph to 28x28, before `clean`.

    Parameters
    ----------
    ink : uint8 array, shape (H, W)
        How dark each pixel is, 255 for ink; cropped to the glyph.
    mask : bool or uint8 array, shape (H, W)
        The pixels of the glyph; all others count as paper. At least one pixel is set.
    params : GlyphFormat

    Returns
    -------
    uint8 array, shape (28, 28)

    References
    ----------
    G. Cohen et al.: EMNIST: an extension of MNIST to handwritten letters, 2017, section II: crop to the
    ink, centre it on a square keeping the aspect ratio, leave 2 pixels of border, resample to 28x28.
    """
    marked: npt.NDArray[np.uint8] = mask.view(np.uint8)
    if max(marked.shape) > params.largest:
        ink, marked = _smaller(ink, marked, params.largest)
    longest = max(marked.shape)
    pad = 2 + longest // params.margin
    marked, ink = _padded(marked, pad), _padded(ink, pad)
    area = cv2.countNonZero(marked)
    outline = area - cv2.countNonZero(cv2.erode(marked, _CROSS))
    thickness = 2.0 * area / max(1, outline)
    soft = np.asarray(cv2.multiply(ink, cv2.dilate(marked, _CROSS)), np.uint8)
    inner = SIDE - 2 * params.border
    missing = params.thinnest * longest / inner - thickness
    if missing >= 1:
        size = min(round(missing), 2 * pad - 1) + 1
        soft = np.asarray(cv2.dilate(soft, _disc(size)), np.uint8)
        longest += size - 1
    scale = inner / longest
    rows, columns = soft.shape
    matrix = np.array(
        [
            [scale, 0, SIDE / 2 - 0.5 - scale * (columns - 1) / 2],
            [0, scale, SIDE / 2 - 0.5 - scale * (rows - 1) / 2],
        ]
    )
    if scale < 1:
        soft = blur(np.asarray(soft, np.uint8), params.blur / scale)
        return np.asarray(cv2.warpAffine(soft, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR))
    return np.asarray(cv2.warpAffine(soft, matrix, (SIDE, SIDE), flags=cv2.INTER_CUBIC))


def _padded(picture: npt.NDArray[np.uint8], pad: int) -> npt.NDArray[np.uint8]:
    rows, columns = picture.shape
    padded = np.zeros((rows + 2 * pad, columns + 2 * pad), np.uint8)
    padded[pad : pad + rows, pad : pad + columns] = picture
    return padded


@lru_cache(maxsize=64)
def _disc(size: int) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def _smaller(
    ink: npt.NDArray[np.uint8], marked: npt.NDArray[np.uint8], longest: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Reduce a glyph to `longest` pixels. A pixel of the new mask is set if any part of its area was."""
    scale = longest / max(marked.shape)
    size = max(1, round(marked.shape[1] * scale)), max(1, round(marked.shape[0] * scale))
    area = cv2.resize(marked * np.uint8(255), size, interpolation=cv2.INTER_AREA)
    return (
        np.asarray(cv2.resize(ink * marked, size, interpolation=cv2.INTER_AREA), np.uint8),
        np.asarray(area, np.uint8).astype(bool).view(np.uint8),
    )


def clean(glyphs: npt.NDArray[np.uint8], params: GlyphFormat = GLYPHS) -> npt.NDArray[np.uint8]:
    """Stretch the contrast of each glyph between its paper and its ink, found by 2-means on its grey values.

    Parameters
    ----------
    glyphs : uint8 array, shape (N, 28, 28)
    params : GlyphFormat

    Returns
    -------
    uint8 array, shape (N, 28, 28)
        Paper 0, ink 255.
    """
    cleaned = np.empty_like(glyphs)
    for start in range(0, len(glyphs), _TOGETHER):
        some = slice(start, start + _TOGETHER)
        cleaned[some] = _stretched(glyphs[some], params)
    return cleaned


def _stretched(glyphs: npt.NDArray[np.uint8], params: GlyphFormat) -> npt.NDArray[np.uint8]:
    values = glyphs.reshape(len(glyphs), SIDE * SIDE).astype(np.float32)
    peak = values.max(axis=1, keepdims=True, initial=1)
    paper, ink = np.zeros_like(peak), peak.copy()
    for _ in range(params.rounds):
        dark = values > (paper + ink) / 2
        count = dark.sum(axis=1, keepdims=True)
        total = (values * dark).sum(axis=1, keepdims=True)
        ink = np.where(count, total / np.maximum(count, 1), peak)
        rest = values.sum(axis=1, keepdims=True) - total
        paper = rest / np.maximum(SIDE * SIDE - count, 1)
    low, high = paper * 0.5, np.maximum(ink, paper + 1)
    stretched = (values - low) * (255 / np.maximum(high - low, 1))
    return np.asarray(np.clip(stretched, 0, 255).astype(np.uint8).reshape(glyphs.shape))
