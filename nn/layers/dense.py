"""The fully connected layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Shape, at_least
from nn.layers.weighted import Weighted
from nn.onnx_graph import Graph


@dataclass
class Dense(Weighted):
    """``y = x W + b`` with x (N, D), W (D, units), b (units,), y (N, units).

    `sigma` is the standard deviation of the initializer "normal", 0 of which makes all weights zero.
    Backward: ``dW = x^T dy``, ``db = sum_n dy``, ``dx = dy W^T``; of one sample ``x^T dy`` is an outer
    product, which BLAS is slow at.
    """

    name = "dense"

    units: int
    bias: bool = True
    initializer: str = "he"
    sigma: float = 0.0

    def __post_init__(self) -> None:
        at_least("units", self.units, 1)
        at_least("sigma", self.sigma, 0)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        if len(shape) != 1:
            raise ValueError(f"takes vectors, not inputs of shape {shape}; put a flatten layer before it")
        self.make_params((shape[0], self.units), self.units, shape[0], self.units, rng)
        return (self.units,)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        weight = self.params["weight"]
        y = x @ weight
        if self.bias:
            y += self.params["bias"]

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            gradients = {"weight": x.T * dy if len(x) == 1 else x.T @ dy}
            if self.bias:
                gradients["bias"] = dy.sum(axis=0)
            return (dy[:0] if self.first else dy @ weight.T), gradients

        return y, backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Gemm", x, *(graph.constant(array) for array in self.params.values()))

    def multiplications(self, shape: Shape) -> int:
        return shape[0] * self.units
