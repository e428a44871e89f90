"""Size, skew and quarter turns, each with the matrix back to the picture as loaded."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Boxes, Grey, Mask, Matrix

LONGEST = int(np.iinfo(np.int16).max)
"""Longest side, in pixels, of a picture that OpenCV can warp."""
_ROUNDING = 0.02
"""Rounding slack: a mapped box that covers less of a pixel than this does not include it."""


def resize(picture: npt.NDArray[np.uint8], scale: float) -> tuple[npt.NDArray[np.uint8], Matrix]:
    """Return a grey or RGB picture `scale` times as large, and the matrix from its pixels back."""
    height, width = picture.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    back = np.diag([width / size[0], height / size[1], 1.0])
    return np.asarray(cv2.resize(picture, size, interpolation=how), np.uint8), back


def rotate(grey: Grey, degrees: float, paper: int = 255) -> tuple[Grey, Matrix]:
    """Turn the picture counter-clockwise, on a canvas that holds all of it.

    Returns the turned picture, its corners filled with `paper`, and the matrix back.
    """
    height, width = grey.shape
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), [0, 0, 1]])
    corners = turn @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
    low, high = corners[:2].min(axis=1), corners[:2].max(axis=1)
    size = np.ceil(high - low).astype(int)
    turn = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]]) @ turn
    turned = cv2.warpAffine(
        grey, turn[:2], (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR, borderValue=paper
    )
    return np.asarray(turned), np.asarray(np.linalg.inv(turn))


def cut_turned(
    picture: npt.NDArray[np.uint8],
    start: npt.NDArray[np.float64],
    axes: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    size: tuple[int, int],
    scale: float,
    interpolation: int = cv2.INTER_LINEAR,
) -> tuple[npt.NDArray[np.uint8], Matrix]:
    """Cut a rectangle at any angle out of a picture, rotated upright.

    Parameters
    ----------
    picture : uint8 array, shape (H, W) or (H, W, 3)
    start : float64 array, shape (2,)
        x and y of its upper left corner.
    axes : tuple of two float64 arrays, shape (2,)
        Unit vectors of its width and of its height.
    size : tuple of int
        Width and height of the result.
    scale : float
        Pixels of the result per pixel of the picture.
    interpolation : int
        One of OpenCV's.

    Returns
    -------
    uint8 array, shape (size[1], size[0]) or (size[1], size[0], 3)
    float64 array, shape (3, 3)
        The matrix back to the picture.
    """
    back = np.eye(3)
    back[:2, 0], back[:2, 1], back[:2, 2] = axes[0] / scale, axes[1] / scale, start
    flags = interpolation | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(picture, back[:2], size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8), back


def can_rotate(grey: Grey, degrees: float, most: int) -> bool:
    """Return whether the turned picture has at most `most` pixels, or twice its own if that is more.

    Long and narrow pictures need a far larger canvas. OpenCV cannot warp any longer than `LONGEST`.
    """
    height, width = grey.shape
    cosine, sine = abs(np.cos(np.radians(degrees))), abs(np.sin(np.radians(degrees)))
    rows, columns = height * cosine + width * sine, width * cosine + height * sine
    longest = max(height, width, rows, columns)
    return bool(rows * columns <= max(most, 2 * grey.size) and longest < LONGEST)


def quarter_turn(pixels: npt.NDArray[np.uint8], turns: int) -> tuple[npt.NDArray[np.uint8], Matrix]:
    """Turn the picture counter-clockwise by `turns` quarters; return it and the matrix back."""
    height, width = pixels.shape[:2]
    back = {
        0: np.eye(3),
        1: np.array([[0.0, -1, width], [1, 0, 0], [0, 0, 1]]),
        2: np.array([[-1.0, 0, width], [0, -1, height], [0, 0, 1]]),
        3: np.array([[0.0, 1, 0], [-1, 0, height], [0, 0, 1]]),
    }[turns % 4]
    return np.ascontiguousarray(np.rot90(pixels, turns)), back


def transposed(mask: Mask) -> Mask:
    """Return a mask, bool (H, W), with rows and columns swapped, contiguous; faster than NumPy."""
    if not mask.size:
        return np.ascontiguousarray(mask.T)
    return np.asarray(cv2.transpose(np.ascontiguousarray(mask).view(np.uint8)), np.uint8).view(bool)


def find_skew(boxes: Boxes, height: float, params: CleanParams = STANDARD) -> float:
    """Return by how many degrees lines of text rise to the right (counter-clockwise positive).

    At the right angle the bottoms of the letters fall onto few baselines. The search goes from coarse to fine
    steps for the angle at which the histogram of the bottoms has the largest sum of squares. Too few letters,
    or no angle clearly better than 0, give 0.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Of letters, without specks.
    height : float
        Of ordinary letters, in pixels.
    params : CleanParams
        Its `skew` says which angles are tried, and which count.
    """
    numbers = params.skew
    if len(boxes) < numbers.letters:
        return 0.0
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    bottoms, tops = boxes[:, 3].astype(float), boxes[:, 1].astype(float)
    bin_size = max(1.0, height / numbers.bins)

    def sharpness(angles: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        slopes = np.tan(np.radians(angles))
        return _peaks(bottoms, slopes, x, bin_size) + numbers.tops * _peaks(tops, slopes, x, bin_size)

    coarse = _angles(numbers.largest, numbers.coarse)
    scores = sharpness(coarse)
    best = coarse[int(np.argmax(scores))]
    fine = best + _angles(numbers.coarse, numbers.fine)
    fine_scores = sharpness(fine)
    angle = float(fine[int(np.argmax(fine_scores))])
    gain = numbers.gain + numbers.few_gain / np.sqrt(len(boxes)) * min(1.0, abs(angle) / numbers.small)
    return angle if fine_scores.max() > gain * sharpness(np.zeros(1))[0] else 0.0


def _angles(largest: float, step: float) -> npt.NDArray[np.float64]:
    """Return angles in steps from the largest one downwards to the largest one upwards."""
    return np.arange(-largest, largest + step / 2, step)


def _peaks(
    values: npt.NDArray[np.float64],
    slopes: npt.NDArray[np.float64],
    x: npt.NDArray[np.float64],
    bin_size: float,
) -> npt.NDArray[np.float64]:
    """Sum of squares of the smoothed histogram of `values` sheared by each of the slopes, (N,) -> (A,)."""
    least = min(float((values + slope * x).min()) for slope in slopes.tolist())
    sums = []
    for slope in slopes.tolist():
        bins = ((values + slope * x - least) / bin_size).astype(np.int64) + 1
        histogram = np.bincount(bins, minlength=int(bins.max()) + 2)
        smooth = histogram.astype(float)
        smooth[1:] += 0.5 * histogram[:-1]
        smooth[:-1] += 0.5 * histogram[1:]
        sums.append(float((smooth**2).sum()))
    return np.array(sums)


def move_boxes(boxes: npt.NDArray[Any], to_picture: Matrix, width: int, height: int) -> Boxes:
    """Map boxes through `to_picture`: the smallest upright boxes, clipped to `width` x `height`.

    Parameters
    ----------
    boxes : array, shape (N, 4)
        Left, top, right, bottom.

    Returns
    -------
    int32 array, shape (N, 4)
    """
    left, top, right, bottom = np.asarray(boxes, float).T
    x = np.stack([left, right, left, right])
    y = np.stack([top, top, bottom, bottom])
    moved = np.einsum("ij,jkn->ikn", to_picture, np.stack([x, y, np.ones_like(x)]))
    moved = moved[:2] / moved[2]
    low, high = np.floor(moved.min(axis=1) + _ROUNDING), np.ceil(moved.max(axis=1) - _ROUNDING)
    limits = np.array([[width], [height]])
    low = np.clip(low, 0, limits - 1)
    high = np.clip(np.maximum(high, low + 1), 1, limits)
    return np.concatenate([low, high]).T.astype(np.int32)
