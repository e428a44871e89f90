"""Average pooling over pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape, at_least
from nn.layers.windows import output_shape
from nn.onnx_graph import Graph


@dataclass
class AvgPool2D(Layer):
    """``y[n,h,w,c] = mean_{i,j} x[n, h*k+i, w*k+j, c]`` over windows of `kernel` that do not overlap.

    x (N, H, W, C), y (N, H // kernel, W // kernel, C); rows and columns left over are dropped.
    Backward: each place in the window gets ``dy / kernel^2``.
    """

    name = "avg_pool2d"

    kernel: int = 2

    def __post_init__(self) -> None:
        at_least("kernel", self.kernel, 1)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        return (*output_shape(shape, self.kernel, self.kernel, "valid"), shape[2])

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        kernel = self.kernel
        n, height, width, channels = x.shape[0], x.shape[1] // kernel, x.shape[2] // kernel, x.shape[3]

        def blocks(array: Array) -> Array:
            whole = array[:, : height * kernel, : width * kernel]
            return whole.reshape(n, height, kernel, width, kernel, channels)

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dx = np.zeros_like(x)
            spread = (dy / kernel**2)[:, :, None, :, None]
            dx[:, : height * kernel, : width * kernel] = np.broadcast_to(
                spread, (n, height, kernel, width, kernel, channels)
            ).reshape(n, height * kernel, width * kernel, channels)
            return dx, {}

        return blocks(x).mean(axis=(2, 4)), backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("AveragePool", x, kernel_shape=[self.kernel] * 2, strides=[self.kernel] * 2)
