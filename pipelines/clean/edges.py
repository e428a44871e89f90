"""Ink of stained, faint and bled-through pages, found as strokes: dark valleys between two edges."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.labelled import labelled
from pipelines.clean.params import STANDARD, CleanParams, Strokes
from pipelines.clean.smallest_cut import Costs, smallest_cut
from pipelines.median import median
from pipelines.sheet import Grey, Mask

Slopes = npt.NDArray[np.int16]
_SQUARE = np.ones((3, 3), np.uint8)


def binarize_strokes(grey: Grey, first: Mask, params: CleanParams = STANDARD) -> Mask:
    """Return the ink of a page, bool (H, W), ink = True, under stains and uneven light.

    The picture is divided by its background. The result is the mask that fits the sign of the Laplacian (ink
    in valleys) and changes between neighbours mostly at edges. Components with little contrast are dropped.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark; need not be evenly lit.
    first : bool array, shape (H, W)
        A rough mask, from which stroke width, edge slope and darkness are estimated.
    params : CleanParams
        Its `strokes` say what is a valley, an edge, a smudge and a speck.

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
    numbers = params.strokes
    stroke = stroke_thickness(first, params)
    even = _divided(grey, background(grey, stroke, params), numbers)
    scale = max(1.0, stroke / numbers.scale)
    paper, ink = median(even[~first]), median(even[first])
    hardly = paper - numbers.faint * (paper - ink)
    across, along = _slopes(even, numbers.edge_scale * scale)
    steep = numbers.edge * median(np.hypot(across[contour], along[contour], dtype=np.float32))
    mask = np.empty(grey.shape, bool)
    band, margin = numbers.band, numbers.cut.margin
    for top in range(0, len(grey), band):
        begin = max(top - margin, 0)
        rows = slice(begin, top + band + margin)
        costs = _ink_costs(even[rows], hardly, scale, numbers)
        changes = _change_costs(even[rows], across[rows], along[rows], numbers.edge_end * steep, steep)
        found = smallest_cut(costs, *changes, first[rows], params)
        mask[top : top + band] = found[top - begin :][:band]
    usual = min(stroke, numbers.mixed * stroke_thickness(first, params, numbers.thin))
    return without_smudges(mask, even, numbers.speck * usual**2, params)


def _divided(grey: Grey, light: Grey, numbers: Strokes) -> Grey:
    """Return the picture evenly lit: divided by the light of its paper."""
    return np.asarray(cv2.divide(grey, light, scale=numbers.paper), np.uint8)


def without_stains(grey: Grey, ink: Mask, params: CleanParams = STANDARD) -> Grey:
    """Return the picture evenly lit, with plain paper everywhere except at ink and its soft rim.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    ink : bool array, shape (H, W) or smaller
        For a smaller mask, the light is estimated at the mask's size.
    params : CleanParams
        Its `strokes` give the level of paper, and the width of what is removed to estimate the light.
    """
    size, stroke = grey.shape[::-1], stroke_thickness(ink, params)
    whole = ink.astype(np.uint8)
    if ink.shape == grey.shape:
        light = background(grey, stroke, params)
    else:
        small = np.asarray(cv2.resize(grey, ink.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        reduced = background(small, stroke, params)
        light = np.asarray(cv2.resize(reduced, size, interpolation=cv2.INTER_LINEAR), np.uint8)
        whole = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_NEAREST), np.uint8)
    near = cv2.dilate(whole, np.ones((params.strokes.rim,) * 2, np.uint8)) > 0
    return np.where(near, _divided(grey, light, params.strokes), np.uint8(params.strokes.paper))


def without_smudges(mask: Mask, even: Grey, smallest: float, params: CleanParams = STANDARD) -> Mask:
    """Return a mask without the components that are too small or much fainter than most ink.

    Of the small ones, those that are nearly as dark as most ink are dots.
    """
    labels, statistics = labelled(mask)
    count = len(statistics)
    areas = np.asarray(statistics[:, cv2.CC_STAT_AREA], np.float64)
    areas[0] = 0
    around = cv2.dilate(labels.astype(np.float32), np.ones((params.strokes.rim,) * 2, np.uint8))
    around[cv2.dilate(mask.astype(np.uint8), _SQUARE) > 0] = 0
    contrasts = _means(np.asarray(around), even, count) - _means(labels, even, count)
    order = np.argsort(contrasts)
    usual = contrasts[order][np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)]
    numbers = params.strokes
    keep = (contrasts > numbers.weak * usual) & (areas >= smallest)
    keep |= (contrasts > numbers.strong * usual) & (areas >= numbers.dot * smallest)
    keep[0] = False
    return np.asarray(keep[labels])


def _means(labels: npt.NDArray[Any], even: Grey, count: int) -> npt.NDArray[np.float64]:
    """Return the mean grey of every label except 0."""
    some = labels > 0
    of = labels[some].astype(np.int32)
    return np.asarray(np.bincount(of, even[some], count) / np.maximum(np.bincount(of, minlength=count), 1))


def stroke_thickness(mask: Mask, params: CleanParams = STANDARD, quantile: float = 0.5) -> float:
    """Return the usual width of strokes in pixels: twice the distance of their middle from paper.

    A median, or another quantile, weighted by that distance, so that noise counts little. Small components
    count only where there are no others.
    """
    labels, statistics = labelled(mask)
    large = statistics[:, cv2.CC_STAT_AREA] >= params.strokes.least_area
    large[0] = False
    solid = large[labels] if large.any() else mask
    distance = cv2.distanceTransform(solid.astype(np.uint8), cv2.DIST_L2, 3)
    middle = solid & (distance >= cv2.dilate(distance, _SQUARE))
    if not middle.any():
        return 1.0
    halves = np.sort(distance[middle]).astype(np.float64)
    weights = np.cumsum(halves)
    return 2 * float(halves[np.searchsorted(weights, weights[-1] * quantile)])


def background(grey: Grey, stroke: float, params: CleanParams = STANDARD) -> Grey:
    """Return the light of the paper: the picture without strokes, uint8 (H, W).

    The time of a closing grows with the square of its disc, so a picture with thick strokes is reduced first.
    """
    numbers = params.strokes
    side = max(numbers.least_disc, round(numbers.disc * stroke)) | 1
    if side > numbers.most_disc:
        size = grey.shape[::-1]
        share = numbers.most_disc / side
        less = max(1, round(size[0] * share)), max(1, round(size[1] * share))
        small = np.asarray(cv2.resize(grey, less, interpolation=cv2.INTER_AREA), np.uint8)
        light = background(small, (numbers.most_disc - 1) / numbers.disc, params)
        return np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_LINEAR), np.uint8)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(cv2.medianBlur(grey, numbers.middle), cv2.MORPH_CLOSE, disc)
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), side / numbers.softness), np.uint8)


def _ink_costs(even: Grey, hardly: float, scale: float, numbers: Strokes) -> Costs:
    """Return the cost of ink: low in valleys, prohibitive where the grey is hardly darker than paper."""
    smooth = cv2.GaussianBlur(even.astype(np.float32), (0, 0), scale)
    costs = cv2.Laplacian(smooth, cv2.CV_32F, ksize=1) * np.float32(-2 * scale**2 / numbers.smoothness)
    costs[even > hardly] = numbers.impossible / numbers.smoothness
    return np.asarray(costs, np.float32)


def _slopes(even: Grey, blur: float) -> tuple[Slopes, Slopes]:
    smooth = cv2.GaussianBlur(even, (0, 0), blur)
    across, along = cv2.Sobel(smooth, cv2.CV_16S, 1, 0), cv2.Sobel(smooth, cv2.CV_16S, 0, 1)
    return np.asarray(across, np.int16), np.asarray(along, np.int16)


def _change_costs(
    even: Grey, across: Slopes, along: Slopes, least: float, steep: float
) -> tuple[Costs, Costs]:
    """Return the cost of a label change to the right and downwards: 0 at an edge's lighter side, else 1.

    Edges begin where the gradient is `steep`, and go on while it is more than `least`.
    """
    edges = cv2.Canny(across, along, least, steep, L2gradient=True) > 0
    right, down = np.ones(even.shape, np.float32), np.ones(even.shape, np.float32)
    for costs, here, there in (
        (right, np.s_[:, :-1], np.s_[:, 1:]),
        (down, np.s_[:-1], np.s_[1:]),
    ):
        darker = even[here] <= even[there]
        costs[here][(edges[here] & darker) | (edges[there] & ~darker)] = 0
    return right, down
