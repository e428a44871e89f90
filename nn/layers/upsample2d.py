"""Upsampling of pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape, at_least
from nn.layers.windows import output_shape
from nn.onnx_graph import Graph


@dataclass
class Upsample2D(Layer):
    """``y[n, h*k+i, w*k+j, c] = x[n,h,w,c]`` for all i, j < k: every pixel `scale` times as high and wide.

    x (N, H, W, C), y (N, H * scale, W * scale, C). Backward:
    ``dx[n,h,w,c] = sum_{i,j} dy[n, h*k+i, w*k+j, c]``.
    """

    name = "upsample2d"

    scale: int = 2

    def __post_init__(self) -> None:
        at_least("scale", self.scale, 1)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        height, width = output_shape(shape, 1, 1, "valid")
        return height * self.scale, width * self.scale, shape[2]

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        n, height, width, channels = x.shape
        scale = self.scale
        blocks = (n, height, scale, width, scale, channels)

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            return dy.reshape(blocks).sum(axis=(2, 4)), {}

        y = np.broadcast_to(x[:, :, None, :, None], blocks).copy()
        return y.reshape(n, height * scale, width * scale, channels), backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        scales = graph.constant(np.array([1, 1, self.scale, self.scale]))
        return graph.add("Resize", x, "", scales, mode="nearest", coordinate_transformation_mode="asymmetric")
