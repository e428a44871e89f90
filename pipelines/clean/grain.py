"""Grain: parts of a picture in which each pixel is light or dark independently of its neighbours.

Noise, the lost part of a broken file and fine textures would give thousands of false letters. Grain is
detected by region: a page that is half grain keeps its other half.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.light import reduced
from pipelines.clean.params import STANDARD, CleanParams, Grain
from pipelines.sheet import Grey, Mask

Bytes = npt.NDArray[np.uint8]

BESIDE = 0.05
"""How much a share of changes may differ by what lies right beside the cells where it is measured."""
SAMPLES = 32
"""So many pixels across and down stand for all of a window."""
NORMAL_MEDIAN = 0.6745
"""Median distance from the mean of a normal distribution, in standard deviations."""


def find_grain(mask: Mask, params: CleanParams = STANDARD) -> Mask:
    """Return where a mask is grain, bool (H, W).

    Two independent pixels differ with probability ``2 p (1 - p)``, p being the share of ink. Along a stroke
    neighbours are alike, so in letters they differ much less often, either across or down.

    Parameters
    ----------
    mask : bool array, shape (H, W)
        Ink, or any mask of what is darker than its surroundings.
    params : CleanParams
        Its `grain` is used.
    """
    numbers = params.grain
    if not _can_be_judged(mask.shape, numbers):
        return np.zeros(mask.shape, bool)
    return _widened(_grain_cells(mask, numbers), mask.shape, numbers)


def _can_be_judged(shape: tuple[int, ...], numbers: Grain) -> bool:
    return min(shape) >= numbers.smallest * numbers.cell


def _grain_cells(mask: Mask, numbers: Grain) -> npt.NDArray[np.bool_]:
    ink = mask.view(np.uint8)
    share = _around(ink, numbers)
    both = (share > numbers.some) & (share < 1 - numbers.some)
    if not both.any():
        return both
    least = numbers.alike * 2 * share * (1 - share)
    alike = _changes(ink, 1, numbers)
    if not (both & (3 * alike + BESIDE > least)).any():
        return np.zeros_like(both)
    return (alike + _changes(ink, 2, numbers) > least) & both


def _changes(ink: Bytes, step: int, numbers: Grain) -> npt.NDArray[np.float32]:
    """Return the share of pixels that differ from those so many before, across or down if that is less.

    Two steps of one pixel lead to one of two: two apart, at most twice as many differ as side by side.
    """
    across, down = np.zeros_like(ink), np.zeros_like(ink)
    np.bitwise_xor(ink[:, step:], ink[:, :-step], out=across[:, step:])
    np.bitwise_xor(ink[step:], ink[:-step], out=down[step:])
    return np.minimum(_around(across, numbers), _around(down, numbers))


def _widened(cells: npt.NDArray[np.bool_], shape: tuple[int, ...], numbers: Grain) -> Mask:
    """Return a pixel mask of the cells, widened by half the window that was judged."""
    if not cells.any():
        return np.zeros(shape, bool)
    wide = cv2.dilate(cells.astype(np.uint8), np.ones((numbers.reach, numbers.reach)))
    return np.asarray(cv2.resize(wide, shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)


def smooth_grain(grey: Grey, params: CleanParams = STANDARD) -> Grey:
    """Return the picture with grain smoothed away wherever it would be taken for ink.

    Letters stay: where something stands out of the grain once this is blurred, the blurred picture is kept,
    and elsewhere the local mean takes its place.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Whether ink is dark or light does not matter.
    params : CleanParams
        Its `grain` is used.

    Examples
    --------
    >>> noise = np.random.default_rng(0).integers(0, 256, (200, 200)).astype(np.uint8)
    >>> int(np.ptp(smooth_grain(noise))) < 60
    True
    """
    numbers = params.grain
    if not _can_be_judged(grey.shape, numbers):
        return grey
    probe = reduced(grey, numbers.probe)
    change = np.asarray(cv2.absdiff(probe[:, 1:], probe[:, :-1]), np.uint8)
    loud = _around(change, numbers) > numbers.loud
    if not loud.any():
        return grey
    dark = np.asarray(cv2.subtract(_mean(probe, numbers), probe)[:, 1:] > numbers.loud)
    where = _widened(_grain_cells(dark, numbers) & loud, grey.shape, numbers)
    if where.mean() <= numbers.patch:
        return grey
    blurred = cv2.GaussianBlur(grey, (0, 0), numbers.blur)
    quiet = where & ~_stands_out(np.asarray(blurred), numbers)
    return np.where(quiet, _mean(grey, numbers), np.where(where, blurred, grey))


def _stands_out(blurred: Grey, numbers: Grain) -> Mask:
    """Return where pixels, or others near them, are further from their surroundings than noise is.

    Level and spread of the noise are estimated by medians, since letters cover less than half of a page.
    """
    side = numbers.cell * numbers.reach
    rows, columns = (max(1, length // side) for length in blurred.shape)
    some = cv2.resize(blurred, (SAMPLES * columns, SAMPLES * rows), interpolation=cv2.INTER_NEAREST)
    samples = some.reshape(rows, SAMPLES, columns, SAMPLES).astype(np.float32)
    levels = np.median(samples, axis=(1, 3), keepdims=True)
    spread = np.median(np.abs(samples - levels), axis=(1, 3)) / NORMAL_MEDIAN
    spread = cv2.dilate(spread, np.ones((3, 3), np.uint8))  # where grain ends, most of a window is flat
    level, noise = (cv2.resize(each, blurred.shape[::-1]) for each in (levels[:, 0, :, 0], spread))
    far = np.abs(blurred - level) > numbers.stands_out * noise
    around = 2 * numbers.cell + 1
    return np.asarray(cv2.dilate(far.astype(np.uint8), np.ones((around, around), np.uint8)) > 0)


def _mean(grey: Grey, numbers: Grain) -> Grey:
    means = cv2.resize(_around(grey, numbers), grey.shape[::-1])
    return np.asarray(means, np.float32).round().astype(np.uint8)


def _around(values: Bytes, numbers: Grain) -> npt.NDArray[np.float32]:
    """Return the mean around each cell, float32 (rows, columns) of cells."""
    window = (numbers.reach, numbers.reach)
    means = _cell_means(values, numbers.cell)
    return np.asarray(cv2.boxFilter(means, -1, window, borderType=cv2.BORDER_REFLECT))


def _cell_means(values: Bytes, cell: int) -> npt.NDArray[np.float32]:
    """Return the mean of each cell; cell borders may lie inside pixels."""
    fits = values.size * int(values.max(initial=0)) <= np.iinfo(np.int32).max
    sums = cv2.integral(values, sdepth=cv2.CV_32S if fits else cv2.CV_64F)
    for axis in (0, 1):
        side = values.shape[axis]
        borders = np.linspace(0, side, max(1, round(side / cell)) + 1)
        whole = np.minimum(borders.astype(np.int64), side - 1)
        before, after = np.take(sums, whole, axis), np.take(sums, whole + 1, axis)
        part = np.expand_dims(borders - whole, 1 - axis)
        sums = np.diff(before + part * (after - before), axis=axis) / (borders[1] - borders[0])
    return np.asarray(sums, np.float32)
