"""Dropout."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Layer, Shape, fraction
from nn.onnx_graph import Graph


@dataclass
class Dropout(Layer):
    """``y = x m / (1 - rate)`` with m 0 or 1, 0 with probability `rate`; when predicting ``y = x``.

    Backward: ``dx = dy m / (1 - rate)``.

    References
    ----------
    Srivastava et al., "Dropout", JMLR 15, 2014 (the inverted form).
    """

    name = "dropout"
    draws = True
    only_trains = True

    rate: float = 0.5

    def __post_init__(self) -> None:
        fraction("rate", self.rate)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        if training is None or self.rate == 0:
            return x, lambda dy: (dy, {})
        draws = np.frombuffer(training.bytes(2 * x.size), np.uint16).reshape(x.shape)
        mask = (draws >= round(self.rate * 2**16)) * x.dtype.type(1 / (1 - self.rate))
        return np.multiply(x, mask, out=x), lambda dy: (np.multiply(dy, mask, out=dy), {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return x
