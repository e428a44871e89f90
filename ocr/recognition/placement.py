"""Placement of characters on a line, which distinguishes c from C and a comma from an apostrophe."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np
import numpy.typing as npt

from ocr.recognition.params import STANDARD, PlacementParams

Floats = npt.NDArray[np.floating]
Column = TypeVar("Column", float, Floats)


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """The usual place of each class.

    Attributes
    ----------
    bottom, top : float array, shape (C,)
        Height above the baseline, in x-heights: x has 0 and 1, p a bottom below 0. NaN where unknown.
    bottom_spread, top_spread : float array, shape (C,)
        Standard deviations.
    left, right : float array, shape (C,)
        The bearings: white that print leaves before and after the character, in x-heights.
    """

    bottom: Floats
    top: Floats
    bottom_spread: Floats
    top_spread: Floats
    left: Floats
    right: Floats

    @classmethod
    def of(
        cls,
        classes: Sequence[str],
        table: Mapping[str, Sequence[float]],
        class_of: Callable[[str], str | None] = str,
    ) -> Self:
        """Build from a table from characters to six values, in the order of the attributes.

        For a class that stands for several characters, by `class_of`, values are pooled over these.
        """
        members: dict[str | None, list[Sequence[float]]] = {}
        for character, values in table.items():
            if character and class_of(character):
                members.setdefault(class_of(character), []).append(values)
        unknown = [(np.nan,) * len(fields(cls))]
        pooled = np.array([_pooled(members.get(c, unknown)) for c in classes], float).reshape(-1, 6)
        if np.isinf(pooled).any():
            raise ValueError("a place is infinite")
        return cls(*pooled.T)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        return ~np.isnan(self.bottom)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Baseline and x-height of a line of text, in working pixels: ``baseline = offset + slope * x``.

    `scatter` is how much the letters of an uneven line deviate from their places, relative to the usual; at
    least 1.
    """

    offset: float
    slope: float
    x_height: float
    scatter: float = 1.0

    def baseline(self, column: Column) -> Column:
        """Return the row of the baseline at a column, or at each of some columns."""
        return self.offset + self.slope * column

    def stands(self, box: Sequence[int]) -> tuple[float, float, float]:
        """Return how far a box reaches above the baseline and below it, and its width, in x-heights."""
        left, top, right, bottom = box
        baseline = self.baseline((left + right) / 2)
        high, low, wide = baseline - top, bottom - baseline, right - left
        return high / self.x_height, low / self.x_height, wide / self.x_height


def _pooled(places: Sequence[Sequence[float]]) -> Floats:
    """Return the means of bottoms, tops and bearings of characters, and their pooled spreads."""
    if len(places) == 1:
        return np.asarray(places[0], float)
    values = np.asarray(places, float)
    bottom, top, bottom_spread, top_spread, left, right = values.mean(axis=0)
    bottom_spread, top_spread = np.sqrt((values[:, 2:4] ** 2).mean(axis=0) + values[:, :2].var(axis=0))
    return np.array([bottom, top, bottom_spread, top_spread, left, right])


def fit_ruling(
    boxes: npt.NDArray[np.int32],
    probabilities: Floats,
    placement: Placement,
    height: float,
    params: PlacementParams = STANDARD.placement,
) -> Ruling | None:
    """Fit the baseline and x-height of a line to the class probabilities of its glyphs.

    Expectation maximisation: what each glyph is, given where the lines run, then where the lines run, given
    what each glyph is (weighted least squares on tops and bottoms). This converges to a local optimum, so it
    is started twice: from all likely classes of each glyph, and from the lowest of these. The second result
    is used where it is clearly likelier.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
    probabilities : float array, shape (N, C)
        Class probabilities from the shapes alone.
    placement : Placement
    height : float
        Of the line's ordinary letters, in pixels.
    params : PlacementParams

    Returns
    -------
    Ruling or None
        None where fewer than two glyphs say anything.
    """
    known = placement.known
    if len(boxes) < 2 or not known.any():
        return None
    likely = np.where(known, probabilities, -1)
    kept = np.argsort(-likely, axis=1)[:, : min(params.candidates, int(known.sum()))]
    shape = np.take_along_axis(likely, kept, axis=1)
    shape = np.where(shape > params.least_probability, shape, 0)
    if (shape.sum(axis=1) > params.least_certainty).sum() < 2:
        return None
    bottom, top = placement.bottom[kept], placement.top[kept]
    spread = [np.maximum(params.spread, s[kept]) for s in (placement.bottom_spread, placement.top_spread)]
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    low, high = boxes[:, 3].astype(float), boxes[:, 1].astype(float)
    centre, width = float(x.mean()), max(float(np.ptp(x)), height)
    across = (x - centre) / width
    columns = np.stack([np.ones_like(across), across], axis=1)
    sides = [(y, place, s**-2.0) for y, place, s in zip((low, high), (bottom, top), spread, strict=True)]
    pull = np.diag([0.0, params.level_pull, params.size_pull]) + 1e-6 * np.eye(3)
    usual = np.array([0.0, 0.0, params.x_height * height])
    best, found = -np.inf, None
    for weight in (shape, _lowest(shape, top, params)):
        for _ in range(params.rounds):
            offset, slope, unit = _solve(columns, sides, weight, pull, usual)
            unit = min(max(unit, params.smallest * height), params.largest * height)
            miss = _miss(offset + slope * across, unit, low, high, bottom, top, spread)
            fits = shape * np.exp(-0.5 * np.minimum(miss, params.outlier))
            total = fits.sum(axis=1, keepdims=True)
            weight = np.where(total > 1e-9, fits / np.maximum(total, 1e-12), 0) * shape.sum(
                axis=1, keepdims=True
            )
            if weight.sum() < 0.5:
                break
        else:
            likelihood = float(np.log(np.maximum(total, 1e-9) / unit**2).sum())
            if likelihood > best + (params.gain if found is not None else 0.0):
                best = likelihood
                found = Ruling(
                    offset - slope * centre / width, slope / width, unit, _scatter(weight, miss, params)
                )
    return found


def _lowest(shape: Floats, top: Floats, params: PlacementParams) -> Floats:
    """Return the probabilities with all mass moved to the lowest likely class: c of c and C."""
    likely = shape > params.lookalike_share * shape.max(axis=1, keepdims=True)
    lowest = np.where(likely, top, np.inf).min(axis=1, keepdims=True)
    kept = np.where(likely & (top < lowest + params.spread), shape, 0)
    return np.asarray(
        kept * shape.sum(axis=1, keepdims=True) / np.maximum(kept.sum(axis=1, keepdims=True), 1e-12)
    )


def _solve(
    columns: Floats,
    sides: Sequence[tuple[Floats, Floats, Floats]],
    weight: Floats,
    pull: Floats,
    usual: Floats,
) -> tuple[float, float, float]:
    """Solve weighted least squares for (offset, slope, x-height).

    For each side of the N glyphs, the equations are ``y = offset + slope * x - x_height * place``, one for
    each likely class. Only their sums over the classes are needed.

    Parameters
    ----------
    columns : float array, shape (N, 2)
        Ones, and the x of each glyph.
    sides : sequence of (float array (N,), float array (N, K), float array (N, K))
        For bottoms and for tops: the measured y, the places of the classes, and the inverse variances.
    weight : float array, shape (N, K)
    pull, usual : float arrays, shapes (3, 3) and (3,)
        The prior: its precision, and its mean, which is level and of the usual x-height.
    """
    normal, right = pull.copy(), pull @ usual
    for y, place, precision in sides:
        each = weight * precision
        total, lean = each.sum(axis=1), np.einsum("nk,nk->n", each, place)
        normal[:2, :2] += columns.T @ (columns * total[:, None])
        normal[:2, 2] -= columns.T @ lean
        normal[2, 2] += np.einsum("nk,nk,nk->", each, place, place)
        right += [*(columns.T @ (total * y)), -(lean @ y)]
    normal[2, :2] = normal[:2, 2]
    offset, slope, unit = np.linalg.solve(normal, right)
    return float(offset), float(slope), float(unit)


def _miss(
    base: Floats,
    unit: float,
    low: Floats,
    high: Floats,
    bottom: Floats,
    top: Floats,
    spread: Sequence[Floats],
) -> Floats:
    below = ((base - low)[:, None] / unit - bottom) / spread[0]
    above = ((base - high)[:, None] / unit - top) / spread[1]
    return np.asarray(below**2 + above**2)


def _scatter(weight: Floats, miss: Floats, params: PlacementParams) -> float:
    """Return the root mean square deviation of letters from their places, in standard deviations.

    It is shrunk towards 1, as if some letters more had the usual deviation, and at least 1.
    """
    squares = 0.5 * float((weight * np.minimum(miss, params.outlier)).sum())
    mean = (squares + params.usual_letters) / (float(weight.sum()) + params.usual_letters)
    return float(np.clip(np.sqrt(mean), 1, params.most_scatter))


def place_scores(
    boxes: npt.NDArray[np.int32],
    ruling: Ruling,
    placement: Placement,
    params: PlacementParams = STANDARD.placement,
) -> Floats:
    """Return the log-likelihood of each glyph's place for each class, (N, C), at most 0.

    Classes of unknown place, such as the reject class, get a constant score.
    """
    x = (boxes[:, 0] + boxes[:, 2]) / 2
    base = ruling.baseline(x)
    spread = [np.maximum(params.spread, s) for s in (placement.bottom_spread, placement.top_spread)]
    low, high = boxes[:, 3].astype(float), boxes[:, 1].astype(float)
    miss = _miss(base, ruling.x_height, low, high, placement.bottom, placement.top, spread)
    miss /= ruling.scatter**2
    scores = -0.5 * np.minimum(miss, 2 * params.most_deviation * params.most_deviation)
    return np.where(np.isnan(scores), params.unknown, scores)
