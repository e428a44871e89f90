"""Blur: how much a picture of text is blurred, and a sharper copy of it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.sheet import Grey

Floats = npt.NDArray[np.float32]

STEEPEST, LIGHTEST, DARKEST = 99, 97, 3
"""Percentiles of the gradient's length, of paper and of ink."""
STEEPNESS = 1 / np.sqrt(2 * np.pi)
"""The steepest place of an edge of height 1, blurred by a Gaussian of standard deviation 1."""


def blur_of(grey: Grey) -> float:
    """Return about how much a piece of text is blurred: the standard deviation of a Gaussian, in pixels.

    An edge that is blurred by sigma rises by 1 / (sqrt(2 pi) sigma) of its height a pixel, where it is
    steepest. Sharp edges, as cameras and scanners give them, have about 0.8.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Text, with paper between its letters.

    Examples
    --------
    >>> page = np.full((40, 200), 255, np.uint8)
    >>> page[10:30, 20::40] = page[10:30, 21::40] = page[10:30, 22::40] = 0
    >>> soft = cv2.GaussianBlur(page, (0, 0), 3)
    >>> blur_of(page) < 1 < 2 < blur_of(soft)
    True
    """
    values = grey.astype(np.float32)
    across = cv2.Sobel(values, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(values, cv2.CV_32F, 0, 1, scale=1 / 8)
    steepest = float(np.percentile(cv2.magnitude(across, down), STEEPEST))
    light, dark = np.percentile(grey, [LIGHTEST, DARKEST])
    return float(STEEPNESS * (light - dark) / max(steepest, np.finfo(np.float32).tiny))


def deblurred(pixels: npt.NDArray[np.uint8], blur: float, rounds: int) -> npt.NDArray[np.uint8]:
    """Return a sharper copy of a picture that was blurred by a Gaussian.

    Richardson and Lucy's rule, which keeps what is dark positive, in the accelerated form of Biggs and
    Andrews: each round starts from a point that is extrapolated along the last step.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    blur : float
        The standard deviation of the Gaussian, in pixels.
    rounds : int
        More of them give sharper edges, and more noise.

    Returns
    -------
    uint8 array, like `pixels`

    References
    ----------
    Richardson, "Bayesian-based iterative method of image restoration", JOSA 62, 1972.
    Biggs and Andrews, "Acceleration of iterative image restoration algorithms", Applied Optics 36, 1997.

    Examples
    --------
    >>> page = np.full((40, 60), 255, np.uint8)
    >>> page[10:30, 20:24] = page[10:30, 30:34] = 0
    >>> soft = cv2.GaussianBlur(page, (0, 0), 2)
    >>> int(soft[20, 27]), int(deblurred(soft, 2, 10)[20, 27])
    (206, 243)
    """
    seen = 256 - pixels.astype(np.float32)
    start = guess = seen
    last = np.zeros_like(seen)
    for _ in range(rounds):
        better = start * _blurred(seen / _blurred(start, blur), blur)
        change, step = better - start, better - guess
        length = float(np.vdot(last, last))
        ahead = min(max(float(np.vdot(change, last)) / length, 0.0), 1.0) if length else 0.0
        guess, last = better, change
        start = np.maximum(better + ahead * step, 1)
    return np.asarray(np.clip(256 - guess, 0, 255).round(), np.uint8)


def _blurred(values: Floats, blur: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), blur, borderType=cv2.BORDER_REPLICATE), np.float32)
