"""Convolution over pictures."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    each; that of dX is a GEMM for each place in the kernel, in one call. ``X`` is by far the largest
    array there is: its memory serves for dX too, and then for the next batch.
    """

    filters: int
    kernel: int = 3
    stride: int = 1
    padding: str = "same"
    bias: bool = True
    initializer: str = "he"
    sigma: float = 0.0
    spare: list[Array] = field(init=False, default_factory=list, repr=False)

    def __post_init__(self) -> None:
        for name in ("filters", "kernel", "stride"):
            at_least(name, getattr(self, name), 1)
        at_least("sigma", self.sigma, 0)

    def build(self, shape: Shape, rng: np.random.Generator) -> Shape:
        out = output_shape(shape, self.kernel, self.stride, self.padding)
        inputs, outputs = self.kernel**2 * shape[2], self.kernel**2 * self.filters
        weight = (self.kernel, self.kernel, shape[2], self.filters)
        self.params = {"weight": draw(self.initializer, self.sigma, weight, inputs, outputs, rng)}
        if self.bias:
            self.params["bias"] = np.zeros(self.filters, np.float32)
        return (*out, self.filters)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        margins = [pads(size, self.kernel, self.stride, self.padding) for size in x.shape[1:3]]
        padded = pad(x, margins[0], margins[1])
        seen = windows(padded, self.kernel, self.stride)
        weight = self.params["weight"].reshape(-1, self.filters)
        matrix = self._copied(seen)
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
                self.spare.append(matrix)
                return dy[:0], gradients
            places = weight.reshape(self.kernel**2, -1, self.filters).transpose(0, 2, 1)
            dwindows = np.matmul(dy, places, out=matrix.reshape(self.kernel**2, len(dy), -1))
            dx = add_windows(
                dwindows.reshape(self.kernel, self.kernel, *seen.shape[:3], -1), shape, self.stride
            )
            self.spare.append(matrix)
            return crop(dx, margins[0], margins[1]), gradients

        return y.reshape(*seen.shape[:3], self.filters), backprop

    def _copied(self, seen: Array) -> Array:
        """Return the windows as a matrix, in memory that a former batch has done with if it fits."""
        shape = (seen[..., 0, 0, 0].size, seen[0, 0, 0].size)
        matrix = self.spare.pop() if self.spare else None
        if matrix is None or matrix.shape != shape or matrix.dtype != seen.dtype:
            matrix = np.empty(shape, seen.dtype)
        np.copyto(matrix.reshape(seen.shape), seen)
        return matrix

    def multiplications(self, shape: Shape) -> int:
        height, width = output_shape(shape, self.kernel, self.stride, self.padding)
        return height * width * self.kernel**2 * shape[2] * self.filters
