"""Ink of stained, faint and bled-through pages: strokes are dark valleys that end at edges."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.sheet import Grey, Mask
from pipelines.smallest_cut import Costs, smallest_cut

Floats = npt.NDArray[np.float32]

PAPER = 230.0
_SMOOTHNESS = 60.0
_EDGE = 0.7
"""Share of the usual gradient on the strokes' contours above which an edge begins; it ends at 0.4 of that."""
_FAINT = 0.15
"""Share of the way from paper to ink up to which a pixel is surely paper."""
_SURELY = 500.0
_WEAK, _SPECK = 0.35, 0.25
"""A smudge's contrast as a share of the usual, and a speck's area in squares of a stroke's width."""
_SQUARE = np.ones((3, 3), np.uint8)


def binarize_strokes(grey: Grey, first: Mask) -> Mask:
    """Return the ink of a page, bool (H, W), ink = True, whatever its stains and its light.

    The picture is divided by its background. The mask is sought that fits the sign of the Laplacian (ink
    in valleys) and changes between neighbours only at edges, or seldom; parts of it that hardly stand out
    are dropped.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark; need not be evenly lit.
    first : bool array, shape (H, W)
        A rough mask: it tells how wide strokes are, how steep their contours and how dark they are.

    References
    ----------
    N. R. Howe: Document binarization with automatic parameter tuning, International Journal on Document
    Analysis and Recognition 16 (3), 2013.
    B. Gatos, I. Pratikakis, S. J. Perantonis: Adaptive degraded document image binarization, Pattern
    Recognition 39 (3), 2006.
    """
    contour = first & (cv2.erode(first.astype(np.uint8), _SQUARE) == 0)
    if not contour.any() or first.all():
        return np.zeros(grey.shape, bool)
    even = even_light(grey, first)
    stroke = stroke_thickness(first)
    scale = max(1.0, stroke / 8)
    right, down = _smoothness(even, contour, scale)
    mask = smallest_cut(_ink_costs(even, first, scale), right, down, first)
    return without_smudges(mask, even, _SPECK * stroke**2)


def even_light(grey: Grey, first: Mask) -> Floats:
    """Return the picture divided by its background, float32 (H, W): paper near 230, given a rough mask."""
    paper = background(grey, stroke_thickness(first))
    return np.minimum(grey * (PAPER / np.maximum(paper, 1)), np.float32(255))


def without_smudges(mask: Mask, even: Floats, smallest: float) -> Mask:
    """Return a mask less the components smaller than that many pixels, or much fainter than most ink."""
    count, found, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    labels = np.asarray(found, np.int32)
    areas = np.asarray(statistics[:, cv2.CC_STAT_AREA], np.float64)
    areas[0] = 0
    around = np.asarray(cv2.dilate(labels.astype(np.float32), np.ones((5, 5), np.uint8)), np.int32)
    around[cv2.dilate(mask.astype(np.uint8), _SQUARE) > 0] = 0
    contrasts = _means(around, even, count) - _means(labels, even, count)
    order = np.argsort(contrasts)
    usual = contrasts[order][np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)]
    keep = (contrasts > _WEAK * usual) & (areas >= smallest)
    keep[0] = False
    return np.asarray(keep[labels])


def _means(labels: npt.NDArray[np.int32], values: Floats, count: int) -> Floats:
    totals = np.bincount(labels.ravel(), values.ravel(), count)
    return np.asarray(totals / np.maximum(np.bincount(labels.ravel(), minlength=count), 1), np.float32)


def stroke_thickness(mask: Mask) -> float:
    """Return the usual width of strokes in pixels: twice the median distance of their middle from paper."""
    distance = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
    middle = mask & (distance >= cv2.dilate(distance, _SQUARE))
    return 2 * float(np.median(distance[middle])) if middle.any() else 1.0


def background(grey: Grey, stroke: float) -> Floats:
    """Return the light of the paper, float32 (H, W): the picture without what is as narrow as strokes."""
    side = max(15, round(6 * stroke)) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(cv2.medianBlur(grey, 5), cv2.MORPH_CLOSE, disc)
    return np.asarray(cv2.GaussianBlur(closed.astype(np.float32), (0, 0), side / 4), np.float32)


def _ink_costs(even: Floats, first: Mask, scale: float) -> Costs:
    smooth = cv2.GaussianBlur(even, (0, 0), scale)
    valley = cv2.Laplacian(smooth, cv2.CV_32F, ksize=1) * np.float32(scale**2)
    costs = valley * np.float32(-2 / _SMOOTHNESS)
    paper, ink = float(np.median(even[~first])), float(np.median(even[first]))
    costs[even > paper - _FAINT * (paper - ink)] = _SURELY / _SMOOTHNESS
    return np.asarray(costs, np.float32)


def _smoothness(even: Floats, contour: Mask, scale: float) -> tuple[Costs, Costs]:
    """Return what a change to the right and downwards costs: nothing at an edge's lighter side, else 1."""
    smooth = cv2.GaussianBlur(even, (0, 0), 0.6 * scale)
    x = np.rint(cv2.Sobel(smooth, cv2.CV_32F, 1, 0)).astype(np.int16)
    y = np.rint(cv2.Sobel(smooth, cv2.CV_32F, 0, 1)).astype(np.int16)
    usual = float(np.median(np.hypot(x[contour], y[contour], dtype=np.float32)))
    edges = cv2.Canny(x, y, 0.4 * _EDGE * usual, _EDGE * usual, L2gradient=True) > 0
    right, down = np.ones_like(even), np.ones_like(even)
    for costs, here, there in (
        (right, np.s_[:, :-1], np.s_[:, 1:]),
        (down, np.s_[:-1], np.s_[1:]),
    ):
        darker = even[here] <= even[there]
        costs[here][(edges[here] & darker) | (edges[there] & ~darker)] = 0
    return right, down
