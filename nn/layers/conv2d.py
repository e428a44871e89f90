"""Convolution over pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.initializers import draw
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape, at_least
from nn.layers.windows import add_windows, crop, output_shape, pad, pads, windows


@dataclass
class Conv2D(Layer):
    """``y[n,h,w,f] = b[f] + sum_{i,j,c} x[n, h*s+i, w*s+j, c] W[i,j,c,f]``: cross-correlation, as usual.

    x (N, H, W, C), W (kernel, kernel, C, filters), b (filters,), y (N, Ho, Wo, filters).
    With ``X`` the (N Ho Wo, kernel kernel C) matrix of all windows (im2col): ``Y = X W``, and backward
    ``dW = X^T dY``, ``db = sum dY``, ``dX = dY W^T``, whose overlapping windows add up to dx. One GEMM
    each.
    """

    filters: int
    kernel: int = 3
    stride: int = 1
    padding: str = "same"
    bias: bool = True
    initializer: str = "he"

    def __post_init__(self) -> None:
        for name in ("filters", "kernel", "stride"):
            at_least(name, getattr(self, name), 1)

    def build(self, shape: Shape, rng: np.random.Generator) -> Shape:
        out = output_shape(shape, self.kernel, self.stride, self.padding)
        area = self.kernel**2
        weight = (self.kernel, self.kernel, shape[2], self.filters)
        self.params = {"weight": draw(self.initializer, weight, area * shape[2], area * self.filters, rng)}
        if self.bias:
            self.params["bias"] = np.zeros(self.filters, np.float32)
        return (*out, self.filters)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        margins = [pads(size, self.kernel, self.stride, self.padding) for size in x.shape[1:3]]
        padded = pad(x, margins[0], margins[1])
        seen = windows(padded, self.kernel, self.stride)
        weight = self.params["weight"].reshape(-1, self.filters)
        matrix = seen.reshape(-1, weight.shape[0])
        y = matrix @ weight
        if self.bias:
            y += self.params["bias"]
        shape = padded.shape

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dy = dy.reshape(-1, self.filters)
            gradients = {"weight": (matrix.T @ dy).reshape(self.params["weight"].shape)}
            if self.bias:
                gradients["bias"] = dy.sum(axis=0)
            if self.first:
                return dy[:0], gradients
            dx = add_windows((dy @ weight.T).reshape(seen.shape), shape, self.stride)
            return crop(dx, margins[0], margins[1]), gradients

        return y.reshape(*seen.shape[:3], self.filters), backprop

    def multiplications(self, shape: Shape) -> int:
        height, width = output_shape(shape, self.kernel, self.stride, self.padding)
        return height * width * self.kernel**2 * shape[2] * self.filters
