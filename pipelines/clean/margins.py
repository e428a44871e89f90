"""Bars, frames and margins: what is flat, reaches in from the edges, and is not the paper.

They are set apart before light, polarity, size or noise are judged, as they say nothing of any of these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FLAT, NOISY = 10.0, 16.0
"""Levels by which flat pixels may differ from their colour: at least, and at most, where they are noisy."""
CLEAR, MOSTLY = 0.98, 0.9
"""Shares of the pixels along a margin's inner side that are of another colour: of one row, all but a few, and
of all rows from where the margin ends to there, most."""
RIM = 8
"""Pixels within which one becomes the other: an edge may be soft, and JPEG makes ripples beside it. Farther
in, the margin's colour must not be back, as it is beyond a line that is ruled on paper."""
JOINED = 0.5
"""What joins a margin and is wider than this share of its depth may be the stroke of a letter."""
STROKE = (0.03, 0.25)
"""An upright bar so wide, as a share of the height, may be an I where letters are as high as the picture."""
SOLID = 0.3
"""A plain patch that takes less than this share of what is around it is a letter; more is an empty frame."""
LEAST = 16
"""Pixels, of height and of width, that are left at least: in less, no margin can be told from a letter."""
SOMETHING = 8
"""Pixels of another colour than the rest, without which there is nothing to read."""

_LEVELS, _CHUNK, _SAMPLE = 12, 64, 250_000
_TOP, _BOTTOM, _LEFT, _RIGHT = range(4)

Pixels = npt.NDArray[np.uint8]
Depths = tuple[int, int, int, int]
"""Pixels from the top, the bottom, the left and the right."""


@dataclass(frozen=True, slots=True)
class _Ring:
    """The margins of one colour.

    Attributes
    ----------
    depths : tuple of int
        0 on the sides that have none.
    drawn : bool
        Whether it is no margin, but looks like an outline that something inside is joined to.
    """

    depths: Depths
    drawn: bool = False


def find_margins(pixels: Pixels) -> Depths:
    """Return how far margins reach in: rows from the top and the bottom, columns from the left and the right.

    A margin is of one colour over a whole side, and ends along a straight line where another ground begins.
    Several may be nested. The paper around text is none, as it goes on between the letters; nor is what
    letters are joined to, nor an upright bar that may be a letter itself.

    Parameters
    ----------
    pixels : uint8 array, shape (H, W) or (H, W, 3)

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
    found = [(0, 0, 0, 0)]
    for _ in range(_LEVELS):
        inner = _within(pixels, found[-1])
        ring = _find_ring(inner)
        if ring.drawn:
            return found[max(0, len(found) - 2)]
        if not any(ring.depths):
            break
        top, bottom, left, right = (a + b for a, b in zip(found[-1], ring.depths, strict=True))
        found.append((top, bottom, left, right))
        rest = _within(pixels, found[-1])
        if min(rest.shape[:2]) < LEAST or not _holds_something(rest):
            is_letter = rest.size < SOLID * inner.size
            return found[max(0, len(found) - (2 if is_letter else 3))]
    return found[-1]


def _within(pixels: Pixels, depths: Depths) -> Pixels:
    top, bottom, left, right = depths
    return pixels[top : len(pixels) - bottom, left : pixels.shape[1] - right]


def _from_side(pixels: Pixels, side: int) -> Pixels:
    """Return a view of which the first row is the outermost one of a side."""
    turned = pixels if side in (_TOP, _BOTTOM) else pixels.swapaxes(0, 1)
    return turned if side in (_TOP, _LEFT) else turned[::-1]


def _find_ring(pixels: Pixels) -> _Ring:
    """Return the outermost margins of one colour."""
    outermost = [_from_side(pixels, side)[0] for side in range(4)]
    colours = [np.median(row, axis=0).astype(np.float32) for row in outermost]
    spreads = [_distances(row, colour) for row, colour in zip(outermost, colours, strict=True)]
    drawn, tried = False, set[tuple[float, ...]]()
    for side in sorted(range(4), key=lambda side: float(spreads[side].mean())):
        tolerance = float(np.clip(6 * np.median(spreads[side]), FLAT, NOISY))
        looked_for = (*np.ravel(colours[side]).tolist(), tolerance)
        if spreads[side].max() <= tolerance and looked_for not in tried:
            tried.add(looked_for)
            ring = _ring_of(pixels, colours[side], tolerance)
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


def _ring_of(pixels: Pixels, colour: npt.NDArray[np.float32], tolerance: float) -> _Ring:
    """Return the margins of a colour; sides that have none are left out until all others agree."""
    flat = [_flat_rows(pixels, colour, tolerance)]
    if flat[_TOP] == len(pixels):
        return _Ring((0, 0, 0, 0))
    flat += [_flat_rows(_from_side(pixels, side), colour, tolerance) for side in range(1, 4)]
    depths = list(flat)
    shares = [0.0] * 4
    for _ in range(8):
        before = list(depths)
        for side in range(4):
            if depths[side]:
                start, stop = depths[_LEFT:] if side < _LEFT else depths[:_LEFT]
                rows = _from_side(pixels, side)
                rows = rows[flat[side] : flat[side] + 3 * RIM, start : rows.shape[1] - stop]
                shares[side], depth = _end(_distances(rows, colour) > tolerance, flat[side])
                depths[side] = flat[side] + depth if depth >= 0 else 0
        if depths == before:
            break
    top, bottom, left, right = depths
    if not any(depths):
        return _Ring((0, 0, 0, 0), sum(share > 0.5 for share in shares) >= 3)
    if not top and not bottom and _may_be_letters(pixels, depths, colour):
        return _Ring((0, 0, 0, 0))
    return _Ring((top, bottom, left, right))


def _flat_rows(rows: Pixels, colour: npt.NDArray[np.float32], tolerance: float) -> int:
    """Return how many rows, from the first, are of the colour all along."""
    for start in range(0, len(rows), _CHUNK):
        other = (_distances(rows[start : start + _CHUNK], colour) > tolerance).any(axis=1)
        if other.any():
            return start + int(other.argmax())
    return len(rows)


def _end(other: npt.NDArray[np.bool_], depth: int) -> tuple[float, int]:
    """Return the most of a row that is of another colour, and the row at which the margin ends, or -1.

    Parameters
    ----------
    other : bool array, shape (rows, W)
        The rows inside a margin, `depth` pixels deep: where they are of another colour.
    """
    if not other.size:
        return 0.0, -1
    shares = other.mean(axis=1)
    rim = max(2, min(RIM, depth))
    for row in np.flatnonzero(shares[:rim] >= CLEAR).tolist():
        same = np.flatnonzero(np.diff(~other[row], prepend=False, append=False))
        longest = int((same[1::2] - same[::2]).max(initial=0))
        if longest <= max(1.0, JOINED * depth) and shares[min(row + RIM, len(shares) - 1) :].mean() > 0.5:
            few = np.flatnonzero(shares[:row] < MOSTLY)
            return float(shares[row]), int(few[-1]) + 1 if len(few) else 0
    return float(shares[:rim].max()), -1


def _may_be_letters(pixels: Pixels, depths: list[int], colour: npt.NDArray[np.float32]) -> bool:
    """Tell whether upright bars may be strokes of letters: those beside them fill the height as they do."""
    height = len(pixels)
    if not any(STROKE[0] * height <= depth <= STROKE[1] * height for depth in depths):
        return False
    inner = _within(pixels, (0, 0, depths[_LEFT], depths[_RIGHT]))
    paper = np.median(inner.reshape(-1, *colour.shape), axis=0).astype(np.float32)
    ink = _distances(inner, colour) < _distances(inner, paper)
    return bool(ink.any(axis=1).mean() > 0.8)


def _holds_something(pixels: Pixels) -> bool:
    """Tell whether not all is of one colour."""
    step = max(1, round((pixels.shape[0] * pixels.shape[1] / _SAMPLE) ** 0.5))
    sample = pixels[::step, ::step]
    colour = np.median(sample.reshape(-1, *pixels.shape[2:]), axis=0).astype(np.float32)
    return int((_distances(sample, colour) > NOISY).sum()) >= SOMETHING
