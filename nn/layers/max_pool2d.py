"""Max pooling over pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape, at_least
from nn.layers.windows import output_shape


@dataclass
class MaxPool2D(Layer):
    """``y[n,h,w,c] = max_{i,j} x[n, h*k+i, w*k+j, c]`` over windows of `kernel` that do not overlap.

    x (N, H, W, C), y (N, H // kernel, W // kernel, C); rows and columns left over are dropped.
    Backward: dy goes to the first place in the window that holds the maximum, in reading order.
    """

    kernel: int = 2

    def __post_init__(self) -> None:
        at_least("kernel", self.kernel, 1)

    def build(self, shape: Shape, rng: np.random.Generator) -> Shape:
        return (*output_shape(shape, self.kernel, self.kernel, "valid"), shape[2])

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        kernel = self.kernel
        height, width = x.shape[1] // kernel, x.shape[2] // kernel
        whole = x[:, : height * kernel, : width * kernel]
        places = [(i, j) for i in range(kernel) for j in range(kernel)]
        y = whole[:, ::kernel, ::kernel].copy()
        for i, j in places[1:]:
            np.maximum(y, whole[:, i::kernel, j::kernel], out=y)

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dx = np.zeros(x.shape, dy.dtype)
            inner = dx[:, : height * kernel, : width * kernel]
            left = np.ones(y.shape, bool)
            for i, j in places:
                here = whole[:, i::kernel, j::kernel] == y
                here &= left
                left ^= here
                np.multiply(dy, here, out=inner[:, i::kernel, j::kernel])
            return dx, {}

        return y, backprop
