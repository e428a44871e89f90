"""Grey pictures with dark ink on evenly light paper."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD, CleanParams
from pipelines.percentile import percentile
from pipelines.sheet import Grey

FAR = 16.0
"""Standard deviation of a blur, in pixels, beyond which a smaller picture is blurred instead."""


def to_grey(pixels: npt.NDArray[np.uint8], params: CleanParams = STANDARD) -> Grey:
    """Return one grey value per pixel, uint8 (H, W), chosen so that letters stand out from their ground.

    Luminance, or, where the colours vary much more than their luminance, their first principal component,
    oriented so that it grows with luminance.
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
    """Return a grey or RGB picture in CIELAB, whose distances are perceptual, float32 (H, W, 3)."""
    if pixels.ndim == 2:
        greys = np.arange(256, dtype=np.uint8)
        return np.asarray(to_lab(np.repeat(greys[:, None, None], 3, axis=2))[pixels, 0], np.float32)
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)


def ink_is_light(grey: Grey, params: CleanParams = STANDARD) -> bool:
    """Return whether the letters are lighter than their ground (the polarity).

    Ink is a minority of the pixels, stands out from its surroundings, and rarely runs along the edges of the
    picture. All of these count; the edges count more on small pictures, which hold few letters.
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
    """Divide by the light that falls on the paper, so that paper is near 255 everywhere.

    The light is the grey of the paper, estimated on a reduced picture by a closing (which removes ink) and a
    median. It is never taken to be darker than a share of the brightest.
    """
    numbers = params.light
    small = reduced(grey, numbers.side)
    size = max(3, max(small.shape) // numbers.disc)
    paper = cv2.morphologyEx(cv2.medianBlur(small, numbers.noise), cv2.MORPH_CLOSE, _disc(size))
    paper = cv2.GaussianBlur(paper, (0, 0), size / numbers.softness)
    floor = numbers.darkest * percentile(np.asarray(paper, np.uint8), numbers.brightest)
    paper = np.maximum(paper, max(1, int(floor)))
    full = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, full, scale=numbers.paper))


def local_contrast(grey: Grey, params: CleanParams = STANDARD) -> Grey:
    """Return how much darker each pixel of a picture of one line is than its surroundings.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    params : CleanParams
        Its `contrast` gives the size of the surroundings.

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
    darker = _blurred(values, max(1.0, numbers.around * min(grey.shape))) - values
    most = max(float(np.percentile(darker, numbers.strongest)), numbers.least, 1.0)
    return np.asarray(np.clip(255 * darker / most, 0, 255), np.uint8)


def _blurred(values: npt.NDArray[np.float32], sigma: float) -> npt.NDArray[np.float32]:
    """Blur a picture; where that reaches far, by way of a smaller one, for what is left has no detail."""
    if sigma <= FAR:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma), np.float32)
    height, width = values.shape
    size = max(1, round(width * FAR / sigma)), max(1, round(height * FAR / sigma))
    small = cv2.GaussianBlur(cv2.resize(values, size, interpolation=cv2.INTER_AREA), (0, 0), FAR)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _disc(size: int) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size | 1, size | 1)), np.uint8)


def reduced(pixels: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """Return a picture reduced to a longer side of `side` pixels; a smaller one unchanged.

    A much larger picture is reduced by a whole number first, which OpenCV does many times faster; up to that
    many rows and columns at its end are left out.
    """
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return pixels
    size = max(1, round(width * scale)), max(1, round(height * scale))
    step = min(int(0.5 / scale), *pixels.shape[:2])
    if step > 1:
        rows, columns = height // step, width // step
        whole = pixels[: rows * step, : columns * step]
        pixels = np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
