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
        places = [whole[:, i::kernel, j::kernel] for i in range(kernel) for j in range(kernel)]

        def largest() -> Array:
            y = places[0].copy()
            for place in places[1:]:
                np.maximum(y, place, out=y)
            return y

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            y, left = largest(), np.ones(dy.shape, bool)
            for place in places:
                here = place == y
                here &= left
                left ^= here
                np.multiply(dy, here, out=place)
            x[:, height * kernel :] = 0
            x[:, :, width * kernel :] = 0
            return x, {}

        return largest(), backprop
