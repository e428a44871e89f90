"""Convolution over pictures."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Shape, at_least
from nn.layers.weighted import PictureConvolution
from nn.layers.windows import Pads, chunks, output_shape, pad, pads, spread, windows
from nn.onnx_graph import Graph
from nn.threads import for_each

FEW = 4
"""Channels of which fewer are few."""


@dataclass
class Conv2D(PictureConvolution):
    """``y[n,h,w,f] = b[f] + sum_{i,j,c} x[n, h*s+i, w*s+j, c] W[i,j,c,f]``: cross-correlation, as usual.

    x (N, H, W, C), W (kernel, kernel, C, filters), b (filters,), y (N, Ho, Wo, filters).
    With ``X`` the (N Ho Wo, kernel kernel C) matrix of all windows (im2col): ``Y = X W``, and backward
    ``dW = X^T dY`` and ``db = sum dY``; dx is the convolution of dy, its strides filled with zeros, with the
    weights turned half around. One GEMM each. ``X`` would be by far the largest array there is, so it is
    made for a few samples at a time, or a few rows of a single one, which the processor's cache holds, and
    made again on the way back.
    """

    name = "conv2d"

    filters: int
    kernel: int = 3
    stride: int = 1
    padding: str = "same"
    bias: bool = True
    initializer: str = "he"
    sigma: float = 0.0

    def __post_init__(self) -> None:
        for name in ("filters", "kernel", "stride"):
            at_least(name, getattr(self, name), 1)
        at_least("sigma", self.sigma, 0)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        out = output_shape(shape, self.kernel, self.stride, self.padding)
        inputs, outputs = self.kernel**2 * shape[2], self.kernel**2 * self.filters
        weight = (self.kernel, self.kernel, shape[2], self.filters)
        self.make_params(weight, self.filters, inputs, outputs, rng)
        return (*out, self.filters)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        margins, padded = self._padded(x)
        y = _convolved(padded, self.params["weight"], self.stride)
        if self.bias:
            y += self.params["bias"]

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            gradients = {"weight": _dweight(padded, dy, self.kernel, self.stride)}
            if self.bias:
                gradients["bias"] = dy.reshape(-1, self.filters).sum(axis=0)
            if self.first:
                return dy[:0], gradients
            turned = self.params["weight"][::-1, ::-1].transpose(0, 1, 3, 2)
            rows, columns = (
                (self.kernel - 1 - before, size + before - (dsize - 1) * self.stride - 1)
                for (before, _), size, dsize in zip(margins, x.shape[1:3], dy.shape[1:3], strict=True)
            )
            return _convolved(pad(spread(dy, self.stride), rows, columns), turned, 1), gradients

        return y, backprop

    def convolve(self, x: Array, y: Array) -> None:
        """Write to `y` what comes out without padding, before the bias is added."""
        _convolve(x, self.params["weight"], self.stride, y)

    def _padded(self, x: Array) -> tuple[list[Pads], Array]:
        """Return the margins that go around the rows and columns of `x`, and `x` with them."""
        margins = [pads(size, self.kernel, self.stride, self.padding) for size in x.shape[1:3]]
        return margins, pad(x, margins[0], margins[1])

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return self.onnx_conv(graph, x, shape, self.params["weight"])

    def multiplications(self, shape: Shape) -> int:
        height, width = output_shape(shape, self.kernel, self.stride, self.padding)
        return height * width * self.kernel**2 * shape[2] * self.filters


def _convolved(x: Array, weight: Array, stride: int) -> Array:
    """Return what a convolution without padding makes of `x` (N, H, W, C): (N, Ho, Wo, filters)."""
    out = ((size - len(weight)) // stride + 1 for size in x.shape[1:3])
    y = np.empty((len(x), *out, weight.shape[3]), np.result_type(x, weight))
    _convolve(x, weight, stride, y)
    return y


def _convolve(x: Array, weight: Array, stride: int, y: Array) -> None:
    """Write to `y` what a convolution without padding makes of `x`."""
    seen, matrix = windows(x, len(weight), stride), weight.reshape(-1, weight.shape[3])
    parts, made = (seen[0], y[0]) if len(seen) == 1 else (seen, y)

    def multiply(some: slice) -> None:
        np.matmul(_rows(parts[some]), matrix, out=made[some].reshape(-1, weight.shape[3]))

    for_each(multiply, chunks(parts))


def _dweight(x: Array, dy: Array, kernel: int, stride: int) -> Array:
    """Return the gradient (kernel, kernel, C, filters) of the weights that made of `x` what `dy` is of."""
    seen = windows(x, kernel, stride)
    total = np.zeros((seen[0, 0, 0].size, dy.shape[3]), dy.dtype)
    for some in chunks(seen):
        total += _rows(seen[some]).T @ dy[some].reshape(-1, dy.shape[3])
    return total.reshape(kernel, kernel, x.shape[3], dy.shape[3])


def _rows(seen: Array) -> Array:
    """Return windows (..., kernel, kernel, C) as a matrix, a window a row.

    Of few channels it is made column by column, whose numbers lie beside each other in a picture.
    """
    if seen.shape[-1] < FEW:
        return np.moveaxis(seen, (-3, -2, -1), (0, 1, 2)).reshape(prod(seen.shape[-3:]), -1).T
    return seen.reshape(-1, prod(seen.shape[-3:]))
