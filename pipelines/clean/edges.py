"""Ink of stained, faint and bled-through pages: strokes are dark valleys that end at edges."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.smallest_cut import Costs, smallest_cut
from pipelines.sheet import Grey, Mask

Slopes = npt.NDArray[np.int16]

PAPER = 230.0
_SMOOTHNESS = 60.0
_EDGE = 0.7
"""Share of the usual gradient on the strokes' contours above which an edge begins; it ends at 0.4 of that."""
_FAINT = 0.15
"""Share of the way from paper to ink up to which a pixel is surely paper."""
_SURELY = 500.0
_BAND, _MARGIN = 448, 24
"""Rows that are worked on at a time, and what they see beyond, so that little memory is needed."""
_WEAK, _SPECK = 0.35, 0.25
"""A smudge's contrast as a share of the usual, and a speck's area in squares of a stroke's width."""
_SQUARE = np.ones((3, 3), np.uint8)
_LARGEST_DISC = 91
"""Diameter, in pixels, of the largest disc that the light of the paper is found with."""


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
    paper, ink = float(np.median(even[~first])), float(np.median(even[first]))
    hardly = paper - _FAINT * (paper - ink)
    across, along = _slopes(even, scale)
    steep = _EDGE * float(np.median(np.hypot(across[contour], along[contour], dtype=np.float32)))
    mask = np.empty(grey.shape, bool)
    for top in range(0, len(grey), _BAND):
        begin = max(top - _MARGIN, 0)
        rows = slice(begin, top + _BAND + _MARGIN)
        changes = _change_costs(even[rows], across[rows], along[rows], steep)
        found = smallest_cut(_ink_costs(even[rows], hardly, scale), *changes, first[rows])
        mask[top : top + _BAND] = found[top - begin :][:_BAND]
    return without_smudges(mask, even, _SPECK * stroke**2)


def even_light(grey: Grey, first: Mask) -> Grey:
    """Return the picture divided by its background: paper near 230, given a rough mask."""
    return np.asarray(cv2.divide(grey, background(grey, stroke_thickness(first)), scale=PAPER), np.uint8)


def without_stains(grey: Grey, ink: Mask) -> Grey:
    """Return the picture evenly lit, and plain paper wherever there is no ink nor its soft rim.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    ink : bool array, shape (H, W) or smaller
        The light of a large picture is found at the size of a smaller mask.
    """
    size = grey.shape[::-1]
    whole = ink.astype(np.uint8)
    if ink.shape == grey.shape:
        even = even_light(grey, ink)
    else:
        small = np.asarray(cv2.resize(grey, ink.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        light = cv2.resize(background(small, stroke_thickness(ink)), size, interpolation=cv2.INTER_LINEAR)
        even = np.asarray(cv2.divide(grey, light, scale=PAPER), np.uint8)
        whole = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    near = cv2.dilate(whole, np.ones((5, 5), np.uint8)) > 0
    return np.where(near, even, np.uint8(PAPER))


def without_smudges(mask: Mask, even: Grey, smallest: float) -> Mask:
    """Return a mask less the components smaller than that many pixels, or much fainter than most ink."""
    count, found, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    labels = np.asarray(found, np.int32)
    areas = np.asarray(statistics[:, cv2.CC_STAT_AREA], np.float64)
    areas[0] = 0
    around = cv2.dilate(labels.astype(np.float32), np.ones((5, 5), np.uint8))
    around[cv2.dilate(mask.astype(np.uint8), _SQUARE) > 0] = 0
    contrasts = _means(np.asarray(around), even, count) - _means(labels, even, count)
    order = np.argsort(contrasts)
    usual = contrasts[order][np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)]
    keep = (contrasts > _WEAK * usual) & (areas >= smallest)
    keep[0] = False
    return np.asarray(keep[labels])


def _means(labels: npt.NDArray[Any], even: Grey, count: int) -> npt.NDArray[np.float64]:
    """Return the mean grey of every label but 0."""
    some = labels > 0
    of = labels[some].astype(np.int32)
    return np.asarray(np.bincount(of, even[some], count) / np.maximum(np.bincount(of, minlength=count), 1))


def stroke_thickness(mask: Mask) -> float:
    """Return the usual width of strokes in pixels: twice the distance of their middle from paper.

    The median, each middle counted by its distance, so that noise counts little; components of fewer than
    16 pixels count only where there are no others.
    """
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    large = statistics[:, cv2.CC_STAT_AREA] >= 16
    large[0] = False
    solid = large[labels] if large.any() else mask
    distance = cv2.distanceTransform(solid.astype(np.uint8), cv2.DIST_L2, 3)
    middle = solid & (distance >= cv2.dilate(distance, _SQUARE))
    if not middle.any():
        return 1.0
    halves = np.sort(distance[middle]).astype(np.float64)
    weights = np.cumsum(halves)
    return 2 * float(halves[np.searchsorted(weights, weights[-1] / 2)])


def background(grey: Grey, stroke: float) -> Grey:
    """Return the light of the paper: the picture without what is as narrow as strokes, uint8 (H, W).

    The time of a closing grows with the square of its disc: a picture of thicker strokes is reduced for it.
    """
    side = max(15, round(6 * stroke)) | 1
    if side > _LARGEST_DISC:
        size = grey.shape[::-1]
        share = _LARGEST_DISC / side
        less = max(1, round(size[0] * share)), max(1, round(size[1] * share))
        small = np.asarray(cv2.resize(grey, less, interpolation=cv2.INTER_AREA), np.uint8)
        light = background(small, (_LARGEST_DISC - 1) / 6)
        return np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(cv2.medianBlur(grey, 5), cv2.MORPH_CLOSE, disc)
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), side / 4), np.uint8)


def _ink_costs(even: Grey, hardly: float, scale: float) -> Costs:
    """Return what ink costs: less in valleys, far too much where the grey is hardly darker than paper."""
    smooth = cv2.GaussianBlur(even.astype(np.float32), (0, 0), scale)
    costs = cv2.Laplacian(smooth, cv2.CV_32F, ksize=1) * np.float32(-2 * scale**2 / _SMOOTHNESS)
    costs[even > hardly] = _SURELY / _SMOOTHNESS
    return np.asarray(costs, np.float32)


def _slopes(even: Grey, scale: float) -> tuple[Slopes, Slopes]:
    smooth = cv2.GaussianBlur(even, (0, 0), 0.6 * scale)
    across, along = cv2.Sobel(smooth, cv2.CV_16S, 1, 0), cv2.Sobel(smooth, cv2.CV_16S, 0, 1)
    return np.asarray(across, np.int16), np.asarray(along, np.int16)


def _change_costs(even: Grey, across: Slopes, along: Slopes, steep: float) -> tuple[Costs, Costs]:
    """Return what a change to the right and downwards costs: nothing at an edge's lighter side, else 1."""
    edges = cv2.Canny(across, along, 0.4 * steep, steep, L2gradient=True) > 0
    right, down = np.ones(even.shape, np.float32), np.ones(even.shape, np.float32)
    for costs, here, there in (
        (right, np.s_[:, :-1], np.s_[:, 1:]),
        (down, np.s_[:-1], np.s_[1:]),
    ):
        darker = even[here] <= even[there]
        costs[here][(edges[here] & darker) | (edges[there] & ~darker)] = 0
    return right, down
