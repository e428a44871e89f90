"""A picture as the sequence of its columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Layer, Shape
from nn.onnx_graph import Graph


@dataclass
class Columns(Layer):
    """``y[n, w, h*C + c] = x[n, h, w, c]``: x (N, H, W, C), y (N, W, H C)."""

    name = "columns"

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        if len(shape) != 3:
            raise ValueError(f"takes pictures (height, width, channels), not inputs of shape {shape}")
        height, width, channels = shape
        return width, height * channels

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        n, height, width, channels = x.shape

        def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
            dx = dy.reshape(n, width, height, channels).transpose(0, 2, 1, 3)
            return np.ascontiguousarray(dx), {}

        y = np.ascontiguousarray(x.transpose(0, 2, 1, 3))
        return y.reshape(n, width, height * channels), backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        size = graph.constant(np.array([0, shape[0] * shape[2], -1]), np.int64)
        return graph.add("Reshape", graph.add("Transpose", x, perm=[0, 2, 1, 3]), size)
