"""Blank paper around the content of a picture: its width, and a copy with a standard width."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD, CleanParams
from pipelines.median import median, medians
from pipelines.sheet import Matrix

Pixels = npt.NDArray[np.uint8]
Depths = tuple[int, int, int, int]
"""Pixels from the top, the bottom, the left and the right."""


def find_blank(pixels: Pixels, params: CleanParams = STANDARD) -> tuple[Depths, npt.NDArray[np.float64]]:
    """Return how far blank paper reaches inwards from each side, and its colour.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    params : CleanParams
        Its `margins` say what is flat.

    Returns
    -------
    tuple of four int
        Top, bottom, left, right; all 0 where the whole picture is blank.
    float64 array, shape (1,) or (3,)

    Examples
    --------
    >>> page = np.full((60, 80), 250, np.uint8)
    >>> page[20:40, 30:34] = 0
    >>> find_blank(page)[0]
    (20, 20, 30, 46)
    """
    numbers = params.margins
    around = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    around = around.reshape(len(around), -1)
    colour = medians(around)
    spread = median(np.abs(around - colour).max(axis=1))
    tolerance = np.clip(numbers.noise * spread, numbers.flat, numbers.noisy)
    least, most = np.ceil(colour - tolerance).tolist(), np.floor(colour + tolerance).tolist()
    blank = np.asarray(cv2.inRange(pixels, tuple(least), tuple(most)))
    left, top, width, height = cv2.boundingRect(cv2.bitwise_not(blank))
    if not width:
        return (0, 0, 0, 0), colour
    return (top, len(pixels) - top - height, left, pixels.shape[1] - left - width), colour


def even_blank(pixels: Pixels, params: CleanParams = STANDARD) -> tuple[Pixels, Matrix]:
    """Give the blank paper around the content a width that depends on the content's size alone.

    Sides that have none stay as they are.

    Returns
    -------
    uint8 array, shape (H1, W1) or (H1, W1, 3)
    float64 array, shape (3, 3)
        Maps its pixels (x, y, 1) to those of the given picture.
    """
    blank, colour = find_blank(pixels, params)
    if not any(blank):
        return pixels, np.eye(3)
    numbers, (height, width) = params.margins, pixels.shape[:2]
    top, bottom, left, right = blank
    share = numbers.blank * min(height - top - bottom, width - left - right)
    wanted = round(min(max(share, numbers.least_blank), numbers.most_blank))
    cut = [max(0, depth - wanted) for depth in blank]
    added = [max(0, wanted - depth) if depth else 0 for depth in blank]
    inner = pixels[cut[0] : height - cut[1], cut[2] : width - cut[3]]
    above, below, before, after = added
    even = cv2.copyMakeBorder(inner, above, below, before, after, cv2.BORDER_CONSTANT, value=colour.tolist())
    return np.asarray(even), np.array([[1.0, 0, cut[2] - added[2]], [0, 1, cut[0] - added[0]], [0, 0, 1]])
