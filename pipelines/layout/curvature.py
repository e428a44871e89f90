"""Curved lines of text, on a page that did not lie flat: how far they drop at every place."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.layout.near import near_pairs
from pipelines.layout.params import STANDARD, Curves
from pipelines.sheet import Boxes

Floats = npt.NDArray[np.float64]


def levelled(boxes: Boxes, height: float, params: Curves = STANDARD.curves) -> Boxes:
    """Return boxes moved up or down so that curved lines become level; on straight lines they stay.

    The drop, a polynomial of the place on the page, is fitted to the differences between each letter's bottom
    and its right neighbour's.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Of letters.
    height : float
        Of ordinary letters, in pixels.
    params : Curves

    Returns
    -------
    int32 array, shape (N, 4)
    """
    found = _drops(boxes, height, params)
    if found is None:
        return boxes
    u, drops = found
    if bow(u, drops) < params.bent * height:
        return boxes
    moved = boxes.copy()
    moved[:, 1::2] -= np.rint(drops).astype(np.int32)[:, None]
    return moved


def bent_skew(boxes: Boxes, height: float, params: Curves = STANDARD.curves) -> float | None:
    """Return by how many degrees curved lines rise to the right on average; None where lines are straight.

    Parts of a curved line run at other angles than all of it.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Of letters.
    height : float
        Of ordinary letters, in pixels.
    params : Curves
    """
    found = _drops(boxes, height, params)
    if found is None or bow(*found) < params.curved * height:
        return None
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    return float(-np.degrees(np.arctan(np.polyfit(x, found[1], 1)[0])))


def _drops(boxes: Boxes, height: float, params: Curves) -> tuple[Floats, Floats] | None:
    """Return where letters are across the page, -1 to 1, and how far the lines have dropped there.

    None where there are too few letters, or where lines are straight.
    """
    first, second = _neighbours(boxes, height, params)
    x, y = ((boxes[:, k] + boxes[:, k + 2]) / 2 for k in (0, 1))
    if len(first) < params.pairs or np.ptp(x) < params.length * height:
        return None
    u = (x - x.mean()) / (np.ptp(x) / 2)
    v = (y - y.mean()) / max(float(np.ptp(y)) / 2, height)
    if np.diff(np.percentile(y, [10, 90]))[0] < params.one_line * height:
        v = np.zeros_like(v)
    terms = np.column_stack([u, u * v, u**2, u**3, u**4, u**2 * v, u**3 * v])
    steps = (boxes[second, 3] - boxes[first, 3]).astype(float)
    fitted = bend(terms[second] - terms[first], steps, params.error * height, params)
    return None if fitted is None else (u, terms @ fitted)


def bow(places: Floats, drops: Floats) -> float:
    """Return how far a curve deviates from the straight line closest to it."""
    return float(np.ptp(drops - np.polynomial.Polynomial.fit(places, drops, 1)(places)))


def bend(terms: Floats, values: Floats, scale: float, params: Curves = STANDARD.curves) -> Floats | None:
    """Fit a curve, robustly, if it fits clearly better than a straight line does.

    Parameters
    ----------
    terms : float64 array, shape (N, K)
        The first two are those of a straight line.
    values : float64 array, shape (N,)
    scale : float
        Residuals much larger than this count little (Cauchy's weights).
    params : Curves

    Returns
    -------
    float64 array, shape (K,), or None
        The coefficients.
    """
    coefficients, loss = _fit(terms, values, scale, params.rounds)
    _, straight = _fit(terms[:, :2], values, scale, params.rounds)
    by_chance = params.chance * (terms.shape[1] - 2) / max(1, len(values))
    return coefficients if loss < (params.better - by_chance) * straight else None


def _fit(terms: Floats, values: Floats, scale: float, rounds: int) -> tuple[Floats, float]:
    """Return the best coefficients and the mean of Cauchy's loss, by iterated weighted least squares."""
    weights = np.ones(len(values))
    coefficients: Floats = np.zeros(terms.shape[1])
    for _ in range(rounds):
        root = np.sqrt(weights)
        coefficients = np.asarray(np.linalg.lstsq(terms * root[:, None], values * root, rcond=1e-6)[0])
        weights = 1 / (1 + ((values - terms @ coefficients) / scale) ** 2)
    return coefficients, float(-np.log(weights).mean())


def _neighbours(
    boxes: Boxes, height: float, params: Curves
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the letters that have a right neighbour, and that neighbour.

    It is searched for among the letters nearest to the point one letter height to the right; vertical
    distances count twice. No neighbour is farther from there than `reach`.
    """
    size = boxes[:, 3] - boxes[:, 1]
    letters = np.flatnonzero((size > 0.5 * height) & (size < 2 * height))
    if len(letters) < params.pairs:
        return letters[:0], letters[:0]
    middles = (boxes[letters, :2] + boxes[letters, 2:]) / 2
    ahead = np.rint(middles + np.array([height, 0.0])).astype(np.int32)
    places = np.rint(middles).astype(np.int32)
    first, second = [], []
    reach = np.hypot(max(params.farthest - 1, 1), 1) * height + 1
    for one, other in near_pairs(np.tile(ahead, 2), np.tile(places, 2), reach, reach / 2 + 1):
        dx, dy = (middles[other] - middles[one]).T
        far = (dx - height) ** 2 + (2 * dy) ** 2
        order = np.lexsort((far, one))
        order = order[_ranks(one[order]) < params.neighbours]
        fits = (dx[order] > params.nearest * height) & (dx[order] < params.farthest * height)
        fits &= np.abs(dy[order]) < 0.5 * height
        order = order[fits]
        order = order[np.lexsort((dx[order], one[order]))]
        order = order[_ranks(one[order]) == 0]
        first.append(one[order])
        second.append(other[order])
    return letters[np.concatenate(first)], letters[np.concatenate(second)]


def _ranks(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return how many equal numbers come before each of `numbers`, which are sorted."""
    return np.arange(len(numbers)) - np.searchsorted(numbers, numbers)
