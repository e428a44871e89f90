"""Strokes of one pixel: thinning by Guo and Hall, with a table of neighbourhoods for each of two passes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]

_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""Rows and columns from a pixel to its neighbours: the one above first, then clockwise."""


def _removable() -> tuple[Mask, Mask]:
    """Return, for each pass, whether a pixel with such neighbours is taken away; bit k is neighbour k."""
    codes = np.arange(256)
    above, above_right, right, below_right, below, below_left, left, above_left = (
        (codes >> bit & 1).astype(bool) for bit in range(8)
    )
    sides, corners = (above, right, below, left), (above_right, below_right, below_left, above_left)
    after = (right, below, left, above)
    crossings = sum(~side & (corner | then) for side, corner, then in zip(sides, corners, after, strict=True))
    before = (above_left, above_right, below_right, below_left)
    pairs = sum((corner | side).astype(int) for corner, side in zip(before, sides, strict=True))
    others = sum((side | corner).astype(int) for side, corner in zip(sides, corners, strict=True))
    fewest = np.minimum(pairs, others)
    is_edge = (crossings == 1) & (fewest >= 2) & (fewest <= 3)
    return (
        is_edge & ~((above | above_right | ~below_right) & right),
        is_edge & ~((below | below_left | ~above_left) & left),
    )


_REMOVABLE = _removable()


def thinned(mask: Mask) -> Mask:
    """Return the middle lines of strokes.

    What is connected stays so, and so do holes. Nearly everywhere the lines are one pixel wide.

    Parameters
    ----------
    mask : bool array, shape (H, W)
        Ink = True. Nothing lies beyond its edges.

    References
    ----------
    Z. Guo, R. W. Hall: Parallel thinning with two-subiteration algorithms. Communications of the ACM 32 (3),
    1989, algorithm A1.

    Examples
    --------
    >>> bar = np.zeros((5, 9), bool)
    >>> bar[1:4, 1:8] = True
    >>> int(thinned(bar).sum(axis=0).max())
    1
    """
    height, width = mask.shape
    padded = np.pad(mask, 1)
    kept = padded[1:-1, 1:-1]
    while True:
        before = kept.copy()
        for removable in _REMOVABLE:
            codes = np.zeros((height, width), np.uint8)
            for bit, (down, across) in enumerate(_AROUND):
                there = padded[1 + down : 1 + down + height, 1 + across : 1 + across + width]
                codes |= there.astype(np.uint8) << bit
            kept &= ~removable[codes]
        if (kept == before).all():
            return np.array(kept)
