"""Max pooling over pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape, at_least
from nn.layers.windows import output_shape
from nn.onnx_graph import Graph


@dataclass
class MaxPool2D(Layer):
    """``y[n,h,w,c] = max_{i,j} x[n, h*k+i, w*l+j, c]`` over windows k high, l wide, that do not overlap.

    x (N, H, W, C), y (N, H // k, W // l, C); rows and columns left over are dropped. k is `kernel`, l is
    `columns`, or k too where that is 0.
    Backward: dy goes to the first place in the window that holds the maximum, in reading order.
    """

    name = "max_pool2d"

    kernel: int = 2
    columns: int = 0

    def __post_init__(self) -> None:
        at_least("kernel", self.kernel, 1)
        at_least("columns", self.columns, 0)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        height, _ = output_shape(shape, self.kernel, self.kernel, "valid")
        _, width = output_shape(shape, self.columns or self.kernel, self.columns or self.kernel, "valid")
        return height, width, shape[2]

    def shape(self, height: int, width: int) -> tuple[int, int]:
        """Return the height and width of what it makes of a picture of this size."""
        return height // self.kernel, width // (self.columns or self.kernel)

    def pool(self, x: Array, y: Array) -> None:
        """Write to `y` the largest number of each window of `x`."""
        first, *others = self._places(x)
        np.maximum(first, others[0] if others else first, out=y)
        for place in others[1:]:
            np.maximum(y, place, out=y)

    def _places(self, x: Array) -> list[Array]:
        """Return views (N, H // k, W // l, C) of `x` with what lies at each place of the windows."""
        high, wide = self.kernel, self.columns or self.kernel
        height, width = self.shape(*x.shape[1:3])
        whole = x[:, : height * high, : width * wide]
        return [whole[:, i::high, j::wide] for i in range(high) for j in range(wide)]

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        places = self._places(x)

        def largest() -> Array:
            y = np.empty(places[0].shape, x.dtype)
            self.pool(x, y)
            return y

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            y, left = largest(), np.ones(dy.shape, bool)
            for place in places:
                here = place == y
                here &= left
                left ^= here
                np.multiply(dy, here, out=place)
            height, width = self.shape(*x.shape[1:3])
            x[:, height * self.kernel :] = 0
            x[:, :, width * (self.columns or self.kernel) :] = 0
            return x, {}

        return largest(), backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        window = [self.kernel, self.columns or self.kernel]
        return graph.add("MaxPool", x, kernel_shape=window, strides=window)
