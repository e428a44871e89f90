"""Batch normalization."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.initializers import constant
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape, fraction
from nn.onnx_graph import Graph


@dataclass
class BatchNorm(Layer):
    """``y = scale * xhat + shift`` with ``xhat = (x - mean) / sqrt(variance + epsilon)``, per channel.

    x and y are (..., C). While training, mean and (biased) variance are those of the batch given, and
    the running ones move towards them by ``1 - momentum``; when predicting they are the running ones.
    A batch that is trained in parts is normalized part by part ("ghost" batches). `start` is what the scale
    is at first: 0 for the last one of a residual block that is to do nothing in the beginning.

    Backward, with M the number of values per channel: ``dshift = sum dy``, ``dscale = sum dy xhat``,
    ``dx = scale / sqrt(variance + epsilon) * (dy - dshift / M - xhat * dscale / M)``.

    References
    ----------
    Ioffe and Szegedy, "Batch normalization", ICML 2015, algorithm 1.
    """

    name = "batch_norm"
    needs_batch = True

    momentum: float = 0.9
    epsilon: float = 1e-5
    start: float = 1.0

    def __post_init__(self) -> None:
        fraction("momentum", self.momentum)
        fraction("epsilon", self.epsilon)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        channels = shape[-1:]
        self.params = {"scale": constant(self.start, channels, rng), "shift": constant(0.0, channels, rng)}
        self.state = {"mean": constant(0.0, channels, rng), "variance": constant(1.0, channels, rng)}
        return shape

    def affine(self) -> tuple[Array, Array]:
        """Return (factor, offset), each (C,): when predicting, ``y = x * factor + offset``."""
        factor = self.params["scale"] / np.sqrt(self.state["variance"] + self.epsilon)
        return factor, self.params["shift"] - self.state["mean"] * factor

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        if training is None:
            factor, offset = self.affine()
            return x * factor + offset, lambda dy: (dy * factor, {})
        rows = x.reshape(-1, x.shape[-1])
        count = len(rows)
        ones = np.ones(count, x.dtype)
        mean = ones @ rows / count
        rows -= mean
        variance = np.einsum("mc,mc->c", rows, rows) / count
        inverse = 1 / np.sqrt(variance + self.epsilon)
        scale = self.params["scale"]
        y = rows * (scale * inverse)
        y += self.params["shift"]

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dx = dy.reshape(rows.shape)
            dshift = ones @ dx
            dscale = np.einsum("mc,mc->c", dx, rows) * inverse
            np.multiply(rows, inverse * dscale / count, out=rows)
            dx -= rows
            dx -= dshift / count
            dx *= scale * inverse
            step = 1 - self.momentum
            return dx.reshape(x.shape), {
                "scale": dscale,
                "shift": dshift,
                "mean": step * (mean - self.state["mean"]),
                "variance": step * (variance - self.state["variance"]),
            }

        return y.reshape(x.shape), backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        named = self.params | self.state
        constants = [graph.constant(named[name]) for name in ("scale", "shift", "mean", "variance")]
        return graph.add("BatchNormalization", x, *constants, epsilon=self.epsilon)
