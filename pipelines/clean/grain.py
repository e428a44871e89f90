"""Grain: parts of a picture in which every pixel is light or dark by itself, as no letters are.

Noise, a lost part of a broken file, and fine textures would give thousands of letters. They are judged by
region: a page that is half grain keeps its other half.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.light import reduced
from pipelines.sheet import Grey, Mask

CELL, REACH = 16, 7
"""Side of a cell in pixels, and cells, across and down, that are judged together."""
ALIKE = 1.52
"""Neighbours at one pixel and at two differ as often as any two pixels do: twice 1 is plain noise.

Measured: 1.4 and less on letters six pixels high, 1.55 and more on noise that a camera or JPEG softened."""
SOME = 0.08
"""The least share of ink, and of paper, that grain holds."""
LOUD = 12.0
"""Levels, on average, by which neighbours differ where grain would be taken for ink; and by which its dark
pixels are darker than its mean, lest the faint noise of paper between letters counts."""
PATCH = 0.05
"""Share of a picture under which grain in it is left to what tells specks from letters."""
_PROBE, _SMALLEST = 1600, 6 * CELL
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
    return _widened(_grain_cells(mask), mask.shape)


def _grain_cells(mask: Mask) -> npt.NDArray[np.bool_]:
    ink = mask.view(np.uint8)
    share = _around(ink)
    both = (share > SOME) & (share < 1 - SOME)
    if not both.any():
        return both
    alike = np.zeros_like(share)
    for step in (1, 2):
        across, down = np.zeros_like(ink), np.zeros_like(ink)
        np.bitwise_xor(ink[:, step:], ink[:, :-step], out=across[:, step:])
        np.bitwise_xor(ink[step:], ink[:-step], out=down[step:])
        alike += np.minimum(_around(across), _around(down))
    return (alike > ALIKE * 2 * share * (1 - share)) & both


def _widened(cells: npt.NDArray[np.bool_], shape: tuple[int, ...]) -> Mask:
    """Return cells, and those as near as half of what was judged together, as a mask of pixels."""
    if not cells.any():
        return np.zeros(shape, bool)
    wide = cv2.dilate(cells.astype(np.uint8), np.ones((REACH, REACH)))
    return np.asarray(cv2.resize(wide, shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)


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
    loud = _around(np.asarray(cv2.absdiff(probe[:, 1:], probe[:, :-1]), np.uint8)) > LOUD
    if not loud.any():
        return grey
    dark = np.asarray(cv2.subtract(_mean(probe), probe)[:, 1:] > LOUD)
    where = _widened(_grain_cells(dark) & loud, grey.shape)
    return np.where(where, _mean(grey), grey) if where.mean() > PATCH else grey


def _mean(grey: Grey) -> Grey:
    return np.asarray(cv2.resize(_around(grey), grey.shape[::-1]), np.float32).round().astype(np.uint8)


def _around(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the mean around each cell, float32 (rows, columns) of cells."""
    return np.asarray(cv2.boxFilter(_cell_means(values), -1, (REACH, REACH), borderType=cv2.BORDER_REFLECT))


def _cell_means(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return the mean of each cell; the sums are taken between its borders, which may cut through pixels."""
    sums = cv2.integral(values, sdepth=cv2.CV_32S if values.size < 2**23 else cv2.CV_64F)
    for axis in (0, 1):
        side = values.shape[axis]
        borders = np.linspace(0, side, max(1, round(side / CELL)) + 1)
        whole = np.minimum(borders.astype(np.int64), side - 1)
        before, after = np.take(sums, whole, axis), np.take(sums, whole + 1, axis)
        part = np.expand_dims(borders - whole, 1 - axis)
        sums = np.diff(before + part * (after - before), axis=axis) / (borders[1] - borders[0])
    return np.asarray(sums, np.float32)
