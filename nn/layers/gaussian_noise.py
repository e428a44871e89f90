"""Gaussian noise on a layer's input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Layer, Shape, at_least
from nn.onnx_graph import Graph


@dataclass
class GaussianNoise(Layer):
    """``y = x + sigma e`` with e from a standard normal distribution; when predicting ``y = x``.

    Backward: ``dx = dy``.
    """

    name = "gaussian_noise"
    draws = True
    only_trains = True

    sigma: float = 0.1

    def __post_init__(self) -> None:
        at_least("sigma", self.sigma, 0)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        if training is not None:
            x += training.standard_normal(x.shape, np.float32) * x.dtype.type(self.sigma)
        return x, lambda dy: (dy, {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return x
