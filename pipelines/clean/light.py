"""Grey values in which ink is dark and paper is evenly light."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Grey


def to_grey(pixels: npt.NDArray[np.uint8], params: CleanParams = STANDARD) -> Grey:
    """Return one grey value a pixel, uint8 (H, W), that keeps letters apart from their ground.

    Luminance, unless the colours differ much more than their luminance does: then the first principal
    component of the colours, turned so that it grows with luminance.
    """
    if pixels.ndim == 2:
        return pixels
    numbers, luminance = params.luminance, cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    sample = reduced(pixels, numbers.sample).reshape(-1, 3).astype(np.float64)
    centre = sample.mean(axis=0)
    covariance = (sample - centre).T @ (sample - centre) / len(sample)
    values, vectors = np.linalg.eigh(covariance)
    weights = np.array(numbers.weights)
    spread = float(weights @ covariance @ weights)
    if spread > numbers.enough * values[-1] or values[-1] < numbers.colourful:
        return np.asarray(luminance)
    axis = vectors[:, -1] * (1 if vectors[:, -1] @ weights >= 0 else -1)
    projected = (sample - centre) @ axis
    low, high = np.percentile(projected, numbers.extremes)
    scale = 255 / max(high - low, 1)
    matrix = np.append(axis * scale, -(centre @ axis + low) * scale)[None]
    return np.asarray(np.clip(cv2.transform(pixels.astype(np.float32), matrix), 0, 255)).astype(np.uint8)


def to_lab(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return a grey or RGB picture in CIELAB, where distances are differences as seen, float32 (H, W, 3)."""
    rgb = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def ink_is_light(grey: Grey, params: CleanParams = STANDARD) -> bool:
    """Tell whether the letters are lighter than their ground.

    Ink is what stands out from its surroundings on a minority of the pixels, and seldom what runs
    along the edges of the picture: both count, the edges more on small pictures, which hold few letters.
    """
    numbers = params.light
    small = reduced(grey, numbers.side)
    _, dark = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    dark_at_edge, dark_share = float((edge > 0).mean()), float((dark > 0).mean())
    ground = cv2.medianBlur(small, max(3, min(small.shape) // numbers.ground | 1))
    difference = small.astype(np.float32) - ground
    skewness = float((difference**3).sum() / (np.abs(difference) ** 3).sum().clip(1e-6))
    at_edge, in_all, skewed = numbers.few_votes if min(grey.shape) < numbers.few else numbers.page_votes
    vote = at_edge * (dark_at_edge - 0.5) + in_all * (dark_share - 0.5) + skewed * skewness
    return vote > 0


def flatten_light(grey: Grey, params: CleanParams = STANDARD) -> Grey:
    """Divide by the light that falls on the paper: ink dark, paper near 255 everywhere.

    The light is the grey of the paper, seen through a closing (ink removed) and a median on a reduced
    picture, and is never taken to be darker than a share of the brightest.
    """
    numbers = params.light
    small = reduced(grey, numbers.side)
    size = max(3, max(small.shape) // numbers.disc)
    paper = cv2.morphologyEx(cv2.medianBlur(small, numbers.noise), cv2.MORPH_CLOSE, _disc(size))
    paper = cv2.GaussianBlur(paper, (0, 0), size / numbers.softness)
    floor = numbers.darkest * float(np.percentile(paper, numbers.brightest))
    paper = np.maximum(paper, max(1, int(floor)))
    full = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, full, scale=numbers.paper))


def local_contrast(grey: Grey, params: CleanParams = STANDARD) -> Grey:
    """Return how much darker each place of a picture of one line is than what is around it.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    params : CleanParams
        Its `contrast` says what is around a place.

    Returns
    -------
    uint8 array, shape (H, W)
        0 where nothing is darker, 255 for the darkest.

    Examples
    --------
    >>> slope = np.tile(np.arange(50, 250, 4, np.uint8), (20, 1))
    >>> slope[5:15, 24:27] -= 40
    >>> local_contrast(slope)[10, [15, 25, 35]]
    array([  0, 255,   0], dtype=uint8)
    """
    numbers, values = params.contrast, grey.astype(np.float32)
    around = cv2.GaussianBlur(values, (0, 0), max(1.0, numbers.around * min(grey.shape)))
    darker = around - values
    most = max(float(np.percentile(darker, numbers.strongest)), numbers.least, 1.0)
    return np.asarray(np.clip(255 * darker / most, 0, 255), np.uint8)


def _disc(size: int) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size | 1, size | 1)), np.uint8)


def reduced(pixels: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """Return a picture whose longer side is `side` pixels; smaller ones stay."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
