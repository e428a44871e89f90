"""Winograd's convolution: fewer multiplications, as a whole tile of the result is computed at once.

References
----------
Lavin and Gray, "Fast algorithms for convolutional neural networks", CVPR 2016, section 4; on the points:
Barabasz et al., "Error analysis and improving the accuracy of convolutions by Winograd", ACM Transactions on
Mathematical Software 46, 2020.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from nn.layers.layer import Array
from nn.layers.scratch import scratch
from nn.layers.windows import stretches

POINTS = {
    6: (0, 2 / 3, -2 / 3, 3 / 2, -3 / 2),
    7: (1 / 3, -1 / 3, 4 / 5, -4 / 5, 7 / 4, -7 / 4),
    10: (0, 0.35, -0.35, 0.75, -0.75, 1.5, -1.5, 2.15, -2.15),
}
"""For tiles that see so many places along an axis, the points at which polynomials are multiplied: of those
tried the ones with the smallest error. It is some 1e-6 of the result for tiles up to `LARGEST`."""
LARGEST = 5
TRANSFORM = 25
"""A number that a transform makes takes as long as so many multiplications of the product."""
TILES, FEWEST = 192, 16
"""Tiles that are computed at a time, so that the processor's cache holds them; and how many there must be, so
that it pays to read the transformed weights, of which there are several times as many."""


@cache
def transforms(span: int, kernel: int) -> tuple[Array, Array, Array]:
    """Return A (tile, span), G (span, kernel) and B (span, span) for one axis.

    Of `span` numbers d and `kernel` weights g, ``A ((G g) * (B d))`` is the ``tile = span - kernel + 1``
    sums ``y[t] = sum_i d[t + i] g[i]`` (B and A are written transposed in the paper). With the points p of
    `POINTS` and the point at infinity, row i of A holds their i-th powers; G evaluates the polynomial g at
    them, and divides by ``prod(p - q)`` over the other points q; the rows of B are the coefficients of
    ``prod(z - q)`` over those.
    """
    points, tile = np.array(POINTS[span], float), span - kernel + 1
    others = [np.delete(points, i) for i in range(span - 1)]
    last_a, last_g = np.eye(tile)[-1], np.eye(kernel)[-1]
    a = np.column_stack([np.vander(points, tile, increasing=True).T, last_a])
    divisors = [np.prod(p - other) for p, other in zip(points, others, strict=True)]
    g = np.vstack([np.vander(points, kernel, increasing=True) / np.array(divisors)[:, None], last_g])
    b = np.vstack([np.append(np.poly(other)[::-1], 0) for other in others] + [np.poly(points)[::-1]])
    return a, g, b


class Tiling(NamedTuple):
    """How an axis is divided: into `tiles`, each made of `span` places of the input."""

    span: int
    tiles: int


@cache
def tiling(length: int, kernel: int) -> Tiling | None:
    """Return the tiles for an axis of the result that take the fewest products, None if there are none."""
    tiles = {span: span - kernel + 1 for span in POINTS if 1 < span - kernel + 1 <= LARGEST}
    tilings = [Tiling(span, -(-length // tile)) for span, tile in tiles.items()]
    return min(tilings, key=lambda tiling: tiling.span * tiling.tiles, default=None)


def pays(tiles: int, products: int, sums: int, weight: Array) -> bool:
    """Return whether a convolution is faster by tiles.

    Parameters
    ----------
    tiles : int
        Of all samples.
    products, sums : int
        Multiplications for each channel and filter of a sample: by tiles, and without.
    weight : ndarray
        (..., C, filters)
    """
    *_, channels, filters = weight.shape
    return tiles >= FEWEST and products * (1 + TRANSFORM / channels + TRANSFORM / filters) < sums


class Winograd1D:
    """The convolution of sequences, stride 1, with one weight: ``Y = A [(G w) * (B x)]`` by tiles.

    A sum over the channels is in it, so that ``*`` is a matrix product for each of the places of a
    transformed tile. The transforms are matrix products too: those take no longer than one addition of arrays
    that large.

    Parameters
    ----------
    weight : ndarray
        (kernel, C, filters)
    span : int
        How many places a tile sees: a key of `POINTS`.

    Attributes
    ----------
    tile : int
        Length of a tile of the result.
    """

    def __init__(self, weight: Array, span: int) -> None:
        a, g, b = transforms(span, len(weight))
        self.tile = len(a)
        self._weight = np.einsum("ai,icf->acf", g, weight).astype(weight.dtype)
        self._into, self._back = b.astype(weight.dtype), a.astype(weight.dtype)

    def convolve(self, x: Array, y: Array) -> None:
        """Write to `y` (N, tiles, tile, filters) what the convolution, without padding, makes of `x`."""
        span, channels, filters = self._weight.shape
        by_places = scratch("by_places", (span, *y.shape[:2], channels), y.dtype)
        products = scratch("products", (span, *y.shape[:2], filters), y.dtype)
        np.matmul(self._into, stretches(x, span, self.tile, 1), out=np.moveaxis(by_places, 0, 2))
        flat = by_places.reshape(span, -1, channels)
        np.matmul(flat, self._weight, out=products.reshape(span, -1, filters))
        np.matmul(self._back, np.moveaxis(products, 0, 2), out=y)


class Winograd2D:
    """The convolution of pictures, stride 1, with one weight: ``Y = A [(G w G^T) * (B x B^T)] A^T`` by tiles.

    It is `Winograd1D` along rows and columns.

    Parameters
    ----------
    weight : ndarray
        (kernel, kernel, C, filters)
    spans : tuple of int
        How many pixels a tile sees along rows and columns: keys of `POINTS`.

    Attributes
    ----------
    tile : tuple of int
        Height and width of a tile of the result.
    """

    def __init__(self, weight: Array, spans: tuple[int, int]) -> None:
        kernel = len(weight)
        (a_rows, g_rows, b_rows), (a_columns, g_columns, b_columns) = (transforms(s, kernel) for s in spans)
        self.tile = spans[0] - kernel + 1, spans[1] - kernel + 1
        self._weight = np.einsum("ai,bj,ijcf->bacf", g_rows, g_columns, weight).astype(weight.dtype)
        self._into = b_rows.astype(weight.dtype), b_columns.astype(weight.dtype)
        self._back = a_rows.astype(weight.dtype), a_columns.astype(weight.dtype)

    def convolve(self, x: Array, y: Array) -> None:
        """Write to `y`, of whole tiles, what the convolution, without padding, makes of `x`."""
        columns, rows, channels, filters = self._weight.shape
        (high, wide), dtype = self.tile, self._weight.dtype
        samples, height = x.shape[:2]
        down, across = y.shape[1] // high, y.shape[2] // wide
        tiles = samples * down * across

        by_columns = scratch("by_columns", (columns, samples, height, across, channels), dtype)
        np.matmul(self._into[1], stretches(x, columns, wide, 1), out=np.moveaxis(by_columns, 0, 3))
        by_places = scratch("by_places", (rows, samples, down, across * channels), dtype)
        products = scratch("products", (rows, tiles, filters), dtype)
        summed = scratch("summed", (columns, high, tiles * filters), dtype)
        seen = stretches(by_columns.reshape(columns, samples, height, -1), rows, high, 1)
        places, flat = np.moveaxis(by_places, 0, 2), by_places.reshape(rows, tiles, channels)
        for column, weight, half in zip(seen, self._weight, summed, strict=True):
            np.matmul(self._into[0], column, out=places)
            np.matmul(flat, weight, out=products)
            np.matmul(self._back[0], products.reshape(rows, -1), out=half)
        halves = summed.reshape(columns, high, samples, down, across, filters).transpose(2, 3, 1, 4, 0, 5)
        np.matmul(self._back[1], halves, out=y.reshape(samples, down, high, across, wide, filters))
