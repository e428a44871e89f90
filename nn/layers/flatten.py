"""From pictures to vectors."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from nn.layers.layer import Array, Backprop, Layer, Shape
from nn.onnx_graph import Graph


@dataclass
class Flatten(Layer):
    """(N, H, W, C) to (N, H W C); backward the other way."""

    name = "flatten"

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        return (prod(shape),)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        return x.reshape(len(x), -1), lambda dy: (dy.reshape(x.shape), {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        last = [0, *range(2, len(shape) + 1), 1]
        return graph.add("Flatten", graph.add("Transpose", x, perm=last) if len(shape) > 1 else x)
