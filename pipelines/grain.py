"""Grain: parts of a picture in which every pixel is light or dark by itself, as no letters are.

Noise, a lost part of a broken file, and fine textures would give thousands of letters. They are judged by
region: a page that is half grain keeps its other half.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.illumination import reduced
from pipelines.sheet import Grey, Mask

CELL, REACH = 16, 7
"""Side of a cell in pixels, and cells, across and down, that are judged together."""
ALIKE = 1.52
"""Neighbours at one pixel and at two differ as often as any two pixels do: twice 1 is plain noise.

Measured: 1.4 and less on letters six pixels high, 1.55 and more on noise that a camera or JPEG softened."""
SOME = 0.04
"""The least share of ink, and of paper, that grain holds."""
LOUD = 8.0
"""Levels, on average, by which grain differs from its mean where it would be taken for ink."""
_PROBE, _SMALLEST = 1600, 2 * CELL
"""Longest side, in pixels, of the picture that is looked at, and least side of one that can be judged."""


def find_grain(mask: Mask) -> Mask:
    """Tell where a mask is grain, bool (H, W).

    Of two pixels that have nothing to do with one another, one is ink and one paper with a chance of
    ``2 p (1 - p)``, p being the share of ink. Along a stroke neighbours are alike, so on letters this is
    much less frequent, across or down.

    Parameters
    ----------
    mask : bool array, shape (H, W)
        Ink, or whatever is darker than its surroundings.
    """
    if min(mask.shape) < _SMALLEST:
        return np.zeros(mask.shape, bool)
    ink = mask.view(np.uint8)
    share = _around(ink)
    chance = 2 * share * (1 - share)
    alike = np.zeros_like(share)
    for step in (1, 2):
        across, down = np.zeros_like(ink), np.zeros_like(ink)
        np.bitwise_xor(ink[:, step:], ink[:, :-step], out=across[:, step:])
        np.bitwise_xor(ink[step:], ink[:-step], out=down[step:])
        alike += np.minimum(_around(across), _around(down))
    cells = (alike > ALIKE * chance) & (share > SOME) & (share < 1 - SOME)
    if not cells.any():
        return np.zeros(mask.shape, bool)
    wide = cv2.dilate(cells.astype(np.uint8), np.ones((REACH, REACH)))
    return np.asarray(cv2.resize(wide, mask.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)


def smooth_grain(grey: Grey) -> Grey:
    """Return the picture with plain grey, the mean around, wherever grain would be taken for ink.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Whether ink is dark or light does not matter.

    Examples
    --------
    >>> noise = np.random.default_rng(0).integers(0, 256, (200, 200)).astype(np.uint8)
    >>> int(np.ptp(smooth_grain(noise))) < 60
    True
    """
    if min(grey.shape) < _SMALLEST:
        return grey
    probe = reduced(grey, _PROBE)
    mean = _mean(probe)
    loud = _around(cv2.absdiff(probe, mean)) > LOUD
    if not loud.any():
        return grey
    grain = find_grain(probe < mean)
    grain &= cv2.resize(loud.astype(np.uint8), probe.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    if not grain.any():
        return grey
    where = cv2.resize(grain.astype(np.uint8), grey.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    return np.where(where, _mean(grey), grey)


def _mean(grey: Grey) -> Grey:
    return np.asarray(cv2.resize(_around(grey), grey.shape[::-1]), np.float32).round().astype(np.uint8)


def _around(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the mean around each cell, float32 (rows, columns) of cells."""
    rows, columns = (max(1, round(side / CELL)) for side in values.shape)
    cells = cv2.resize(values.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.boxFilter(cells, -1, (REACH, REACH), borderType=cv2.BORDER_REFLECT))
