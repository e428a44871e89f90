"""How close a mask of ink is to a true one: the measures of the document binarization contests (DIBCO)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.ndimage import distance_transform_cdt
from skimage.morphology import skeletonize

from pipelines.sheet import Mask

Weights = npt.NDArray[np.float64]
_BLOCK = 8
_CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)


@dataclass(frozen=True, slots=True)
class MaskScores:
    """What the contests score a mask by.

    Attributes
    ----------
    f_measure, pseudo_f_measure : float
        Per cent; larger is better.
    psnr : float
        Decibels; larger is better, infinite for a perfect mask.
    drd : float
        Distance reciprocal distortion; smaller is better, 0 for a perfect mask.
    """

    f_measure: float
    pseudo_f_measure: float
    psnr: float
    drd: float


def score_mask(mask: Mask, truth: Mask) -> MaskScores:
    """Score a mask beside the true one.

    Parameters
    ----------
    mask, truth : bool array, shape (H, W)
        Ink = True.

    Raises
    ------
    ValueError
        The two differ in shape.

    References
    ----------
    I. Pratikakis, B. Gatos, K. Ntirogiannis: ICDAR 2013 document image binarization contest, section III.
    """
    if mask.shape != truth.shape:
        raise ValueError(f"a mask of shape {mask.shape} cannot be scored beside one of {truth.shape}")
    return MaskScores(
        f_measure(mask, truth), pseudo_f_measure(mask, truth), psnr(mask, truth), drd(mask, truth)
    )


def f_measure(mask: Mask, truth: Mask) -> float:
    """Return the harmonic mean of recall and precision of ink, in per cent."""
    both = int(np.count_nonzero(mask & truth))
    total = int(np.count_nonzero(mask)) + int(np.count_nonzero(truth))
    return 200.0 * both / total if total else 100.0


def psnr(mask: Mask, truth: Mask) -> float:
    """Return ``10 log10(1 / share of wrong pixels)``, in decibels."""
    wrong = float(np.mean(mask != truth))
    return 10 * math.log10(1 / wrong) if wrong else math.inf


def drd(mask: Mask, truth: Mask) -> float:
    """Return the distance reciprocal distortion.

    Each wrong pixel counts the share of its 5x5 neighbourhood in the truth, weighed by one over the
    distance, that is of the other kind than the mask says; the sum is divided by the number of 8x8 blocks
    of the truth that hold both kinds.

    References
    ----------
    H. Lu, A. C. Kot, Y. Q. Shi: Distance-reciprocal distortion measure for binary document images, IEEE
    Signal Processing Letters 11 (2), 2004.
    """
    y, x = np.mgrid[-2:3, -2:3]
    distance = np.hypot(x, y)
    weights = np.divide(1, distance, out=np.zeros((5, 5)), where=distance > 0)
    weights /= weights.sum()
    ink = truth.astype(np.float64)
    ink_around = cv2.filter2D(ink, -1, weights, borderType=cv2.BORDER_CONSTANT)
    inside = cv2.filter2D(np.ones_like(ink), -1, weights, borderType=cv2.BORDER_CONSTANT)
    missed, added = truth & ~mask, mask & ~truth
    total = float(ink_around[missed].sum() + (inside - ink_around)[added].sum())
    rows, columns = (side // _BLOCK for side in truth.shape)
    blocks = truth[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    mixed = int(np.count_nonzero(blocks.any(axis=(1, 3)) & ~blocks.all(axis=(1, 3))))
    return total / max(mixed, 1)


def pseudo_f_measure(mask: Mask, truth: Mask) -> float:
    """Return the F-measure of weighed recall and precision, in per cent.

    What lies inside a stroke counts more than its contour, each crossing of a stroke as much as any other
    (recall), and false ink counts more the farther it reaches from a stroke, within a stroke's width, or
    towards its neighbour (precision). Strokes and gaps are measured as in the paper; the contest's own
    program differs in details of its skeletons.

    References
    ----------
    K. Ntirogiannis, B. Gatos, I. Pratikakis: Performance evaluation methodology for historical document
    image binarization, IEEE Transactions on Image Processing 22 (2), 2013, equations 1 to 11.
    """
    inner, outer = _weights(truth)
    recall = float(inner[mask].sum()) / max(float(inner.sum()), 1e-9)
    correct = int(np.count_nonzero(mask & truth))
    precision = correct / max(correct + float(outer[mask & ~truth].sum()), 1e-9)
    return 200 * recall * precision / (recall + precision) if recall + precision else 0.0


def _weights(truth: Mask) -> tuple[Weights, Weights]:
    """Return what each pixel of true ink counts in the recall, and each of paper in the precision."""
    if not truth.any():
        return np.zeros(truth.shape), np.ones(truth.shape)
    core = cv2.erode(truth.astype(np.uint8), _CROSS, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    contour = truth & (core == 0)
    spine = np.asarray(skeletonize(truth), np.bool_)  # type: ignore[no-untyped-call]
    distance, at_contour = _nearest(contour)
    depth = np.where(truth, distance, 0.0)
    depth[contour & spine] = 1
    half = depth[_nearest(spine)[1]]
    inner = depth / np.maximum(half * (half + 1), 1)

    _, strokes = cv2.connectedComponents(truth.astype(np.uint8), connectivity=8)
    summed = np.bincount(strokes[spine], depth[spine] + 1, strokes.max() + 1)
    widths = 2 * np.floor(summed / np.maximum(np.bincount(strokes[spine], minlength=len(summed)), 1))
    owner = strokes[at_contour]
    reach = widths[owner]
    border = cv2.dilate(owner.astype(np.float32), _CROSS) > owner
    gap = distance[_nearest(border)[1]] if border.any() else reach
    near = ~truth & (distance <= reach)
    outer = np.ones(truth.shape)
    outer[near] += np.minimum(distance[near] / np.maximum(np.minimum(reach, gap)[near], 1), 2)
    return inner, outer


def _nearest(points: Mask) -> tuple[Weights, tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]]:
    """Return the chessboard distance to the nearest of the points, and its row and column."""
    distance, (rows, columns) = distance_transform_cdt(~points, metric="chessboard", return_indices=True)
    return distance.astype(np.float64), (rows, columns)
