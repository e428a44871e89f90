"""Margins: bars and frames of one colour at the edges of a picture that are not its paper.

They are removed before light, polarity, size and noise are measured, as they would distort all of these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD, CleanParams, Margins
from pipelines.median import median, medians

_CHUNK = 64
"""Rows that are tested at a time: for most pictures the first rows already show that there is no margin."""
_SIDES = _TOP, _BOTTOM, _LEFT, _RIGHT = range(4)

Pixels = npt.NDArray[np.uint8]
Depths = tuple[int, int, int, int]
"""Pixels from the top, the bottom, the left and the right."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """The margins of one colour.

    Attributes
    ----------
    depths : tuple of int
        0 for sides that have none.
    drawn : bool
        Whether it is no margin but a drawn outline that something inside is joined to.
    """

    depths: Depths
    drawn: bool = False


def find_margins(pixels: Pixels, params: CleanParams = STANDARD) -> Depths:
    """Return the depth of the margins: rows from the top and the bottom, columns from the left and the right.

    A margin has one colour over a whole side, and ends along a straight line where another ground begins.
    Margins may be nested. The paper around text is no margin, as it continues between the letters; neither is
    anything that letters are joined to, nor an upright bar that may itself be a letter.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)
    params : CleanParams
        Its `margins` are used.

    Returns
    -------
    tuple of four int
        Top, bottom, left, right.

    Examples
    --------
    >>> page = np.full((60, 80), 250, np.uint8)
    >>> page[20:40, 30:34] = 0
    >>> find_margins(np.pad(page, ((9, 9), (0, 0))))
    (9, 9, 0, 0)
    >>> find_margins(page)
    (0, 0, 0, 0)
    """
    numbers, found = params.margins, [(0, 0, 0, 0)]
    for _ in range(numbers.nested):
        inner = _within(pixels, found[-1])
        ring = _find_ring(inner, numbers)
        if ring.drawn:
            return found[max(0, len(found) - 2)]
        if not any(ring.depths):
            break
        top, bottom, left, right = (a + b for a, b in zip(found[-1], ring.depths, strict=True))
        found.append((top, bottom, left, right))
        rest = _within(pixels, found[-1])
        if min(rest.shape[:2]) < numbers.least or not _holds_something(rest, numbers):
            is_letter = rest.size < numbers.solid * inner.size
            return found[max(0, len(found) - (2 if is_letter else 3))]
    return found[-1]


def _within(pixels: Pixels, depths: Depths) -> Pixels:
    top, bottom, left, right = depths
    return pixels[top : len(pixels) - bottom, left : pixels.shape[1] - right]


def _from_side(pixels: Pixels, side: int) -> Pixels:
    """Return a view whose first row is the outermost row of a side."""
    turned = pixels if side in (_TOP, _BOTTOM) else pixels.swapaxes(0, 1)
    return turned if side in (_TOP, _LEFT) else turned[::-1]


def _find_ring(pixels: Pixels, numbers: Margins) -> _Ring:
    """Return the outermost ring of margins that have one colour."""
    outermost = [_from_side(pixels, side)[0] for side in _SIDES]
    colours = [medians(row).astype(np.float32) for row in outermost]
    spreads = [_distances(row, colour) for row, colour in zip(outermost, colours, strict=True)]
    drawn, tried = False, set[tuple[float, ...]]()
    for side in sorted(_SIDES, key=lambda side: float(spreads[side].mean())):
        tolerance = float(np.clip(numbers.noise * median(spreads[side]), numbers.flat, numbers.noisy))
        looked_for = (*np.ravel(colours[side]).tolist(), tolerance)
        if spreads[side].max() <= tolerance and looked_for not in tried:
            tried.add(looked_for)
            ring = _ring_of(pixels, colours[side], tolerance, numbers)
            if any(ring.depths):
                return ring
            drawn |= ring.drawn
    return _Ring((0, 0, 0, 0), drawn)


def _distances(pixels: Pixels, colour: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return by how many levels pixels differ from a colour, in the channel that differs most."""
    if not colour.ndim:
        return np.asarray(np.abs(pixels - colour))
    difference = np.asarray(np.abs(pixels[..., 0] - colour[0]))
    for channel in range(1, len(colour)):
        np.maximum(difference, np.abs(pixels[..., channel] - colour[channel]), out=difference)
    return difference


def _ring_of(pixels: Pixels, colour: npt.NDArray[np.float32], tolerance: float, numbers: Margins) -> _Ring:
    """Return the margins of a colour; sides without one are dropped until the others agree."""
    flat = [_flat_rows(pixels, colour, tolerance)]
    if flat[_TOP] == len(pixels):
        return _Ring((0, 0, 0, 0))
    flat += [_flat_rows(_from_side(pixels, side), colour, tolerance) for side in _SIDES[1:]]
    depths = list(flat)
    shares = [0.0 for _ in _SIDES]
    for _ in range(numbers.rounds):
        before = list(depths)
        for side in _SIDES:
            if depths[side]:
                shares[side], depths[side] = _side_of(pixels, colour, tolerance, side, flat, depths, numbers)
        if depths == before:
            break
    if all(flat) and not all(depths):
        depths = _round_bars(pixels, colour, tolerance, flat, numbers) or depths
    top, bottom, left, right = depths
    if not any(depths):
        return _Ring((0, 0, 0, 0), sum(share > 0.5 for share in shares) >= numbers.drawn_sides)
    if not top and not bottom and _may_be_letters(pixels, depths, colour, numbers):
        return _Ring((0, 0, 0, 0))
    return _Ring((top, bottom, left, right))


def _side_of(
    pixels: Pixels,
    colour: npt.NDArray[np.float32],
    tolerance: float,
    side: int,
    flat: list[int],
    depths: list[int],
    numbers: Margins,
) -> tuple[float, int]:
    """Return the largest share of another colour in a row of a side's margin, and the margin's depth or 0."""
    start, stop = depths[_LEFT:] if side < _LEFT else depths[:_LEFT]
    rows = _from_side(pixels, side)
    seen = numbers.rims * numbers.rim
    rows = rows[flat[side] : flat[side] + seen, start : rows.shape[1] - stop]
    share, depth = _end(_distances(rows, colour) > tolerance, flat[side], numbers)
    return share, flat[side] + depth if depth >= 0 else 0


def _round_bars(
    pixels: Pixels, colour: npt.NDArray[np.float32], tolerance: float, flat: list[int], numbers: Margins
) -> list[int] | None:
    """Return the depths of a frame around two bars, if its colour continues between them as paper."""
    for bars in ((_TOP, _BOTTOM), (_LEFT, _RIGHT)):
        depths = list(flat)
        for side in bars:
            depths[side] = _side_of(pixels, colour, tolerance, side, flat, flat, numbers)[1]
        top, bottom, left, right = depths
        if all(depths) and any(_find_ring(_within(pixels, (top, bottom, left, right)), numbers).depths):
            return depths
    return None


def _flat_rows(rows: Pixels, colour: npt.NDArray[np.float32], tolerance: float) -> int:
    """Return how many rows, from the first, have the colour throughout."""
    for start in range(0, len(rows), _CHUNK):
        other = (_distances(rows[start : start + _CHUNK], colour) > tolerance).any(axis=1)
        if other.any():
            return start + int(other.argmax())
    return len(rows)


def _end(other: npt.NDArray[np.bool_], depth: int, numbers: Margins) -> tuple[float, int]:
    """Return the largest share of another colour in a row, and the row at which the margin ends, or -1.

    Parameters
    ----------
    other : bool array, shape (rows, W)
        The rows of the margin, `depth` pixels deep; True where the colour is another.
    """
    if not other.size:
        return 0.0, -1
    shares = other.mean(axis=1)
    rim = max(2, min(numbers.rim, depth))
    for row in np.flatnonzero(shares[:rim] >= numbers.clear).tolist():
        same = np.flatnonzero(np.diff(~other[row], prepend=False, append=False))
        longest = int((same[1::2] - same[::2]).max(initial=0))
        beyond = shares[min(row + numbers.rim, len(shares) - 1) :]
        if longest <= max(1.0, numbers.joined * depth) and beyond.mean() > 0.5:
            few = np.flatnonzero(shares[:row] < numbers.mostly)
            return float(shares[row]), int(few[-1]) + 1 if len(few) else 0
    return float(shares[:rim].max()), -1


def _may_be_letters(
    pixels: Pixels, depths: list[int], colour: npt.NDArray[np.float32], numbers: Margins
) -> bool:
    """Return whether upright bars may be strokes of letters: what is next to them is as high as they are."""
    least, most = numbers.thinnest_stroke * len(pixels), numbers.widest_stroke * len(pixels)
    if not any(least <= depth <= most for depth in depths):
        return False
    inner = _within(pixels, (0, 0, depths[_LEFT], depths[_RIGHT]))
    paper = medians(inner.reshape(-1, *colour.shape)).astype(np.float32)
    ink = _distances(inner, colour) < _distances(inner, paper)
    return bool(ink.any(axis=1).mean() > numbers.full)


def _holds_something(pixels: Pixels, numbers: Margins) -> bool:
    """Return whether there is more than one colour."""
    step = max(1, round((pixels.shape[0] * pixels.shape[1] / numbers.sample) ** 0.5))
    sample = pixels[::step, ::step]
    colour = medians(sample.reshape(-1, *pixels.shape[2:])).astype(np.float32)
    return int((_distances(sample, colour) > numbers.noisy).sum()) >= numbers.something
