"""Residual blocks: layers with a skip connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nn.layers.chain import Chain
from nn.layers.layer import Array, Backprop, Gradients, Shape
from nn.onnx_graph import Graph


@dataclass
class Residual(Chain):
    """``y = x + f(x)``, with f the `layers` one after another, which must keep the shape.

    Among them may be others of this kind: with a stride before and `nn.layers.upsample2d` behind, what lies
    between works on a smaller picture (a "U-net" that adds).

    Backward: ``dx = dy + f'(dy)``.

    References
    ----------
    He et al., "Deep residual learning for image recognition", CVPR 2016, section 3.2.
    """

    name = "residual"
    overwrites = False

    layers: list[Any]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.layers:
            raise ValueError("layers: must be a list of at least one layer")

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        made = super().build(shape, rng)
        if made != shape:
            raise ValueError(f"its layers make {made} of {shape}: they must keep the shape")
        return shape

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y, through = super().forward(x.copy() if self.inner[0].overwrites else x, training)
        y += x

        def back(dy: Array) -> tuple[Array, Gradients]:
            dx, gradients = through(dy.copy())
            return dx + dy, gradients

        return y, back

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Add", x, super().onnx(graph, x, shape))
