"""Element-wise non-linearities. Those of the output are in the loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape, at_least
from nn.onnx_graph import Graph


@dataclass
class ReLU(Layer):
    """``y = max(x, 0)``; backward ``dx = dy [y > 0]``."""

    name = "relu"

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y = np.maximum(x, 0, out=x)
        if training is None:
            return y, lambda dy: (dy * (y > 0), {})
        mask = y > 0

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dy *= mask
            return dy, {}

        return y, backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Relu", x)


@dataclass
class LeakyReLU(Layer):
    """``y = max(x, slope x)``; backward ``dx = dy`` where x > 0, else ``slope dy``."""

    name = "leaky_relu"

    slope: float = 0.01

    def __post_init__(self) -> None:
        at_least("slope", self.slope, 0)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        factor = np.where(x > 0, x.dtype.type(1), x.dtype.type(self.slope))
        return x * factor, lambda dy: (dy * factor, {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("LeakyRelu", x, alpha=self.slope)


@dataclass
class Sigmoid(Layer):
    """``y = 1 / (1 + exp(-x))``; backward ``dx = dy y (1 - y)``."""

    name = "sigmoid"

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y = sigmoid(x)
        slope = y * (1 - y)
        return y, lambda dy: (dy * slope, {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Sigmoid", x)


@dataclass
class Tanh(Layer):
    """``y = tanh(x)``; backward ``dx = dy (1 - y^2)``."""

    name = "tanh"

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y = np.tanh(x)
        slope = 1 - y * y
        return y, lambda dy: (dy * slope, {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Tanh", x)


@dataclass
class Swish(Layer):
    """``y = x s`` with ``s = 1 / (1 + exp(-x))``; backward ``dx = dy (s + y (1 - s))``.

    References
    ----------
    Ramachandran et al., "Searching for activation functions", 2017 (beta = 1).
    """

    name = "swish"

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        s = sigmoid(x)
        y = x * s
        slope = s + y * (1 - s)
        return y, lambda dy: (dy * slope, {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Mul", x, graph.add("Sigmoid", x))


@dataclass
class Mish(Layer):
    """``y = x t`` with ``t = tanh(log(1 + e^x))``; backward ``dx = dy (t + x (1 - t^2) s)``.

    s is the logistic function. With ``n = e^x (e^x + 2)``: ``t = n / (n + 2)``, which is 1 to the last
    digit from x = 20 on, so larger exponents are not asked for.

    References
    ----------
    Misra, "Mish: a self regularized non-monotonic activation function", BMVC 2020.
    """

    name = "mish"

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        e = np.exp(np.minimum(x, 20))
        n = e * (e + 2)
        t = n / (n + 2)
        slope = t + x * (1 - t * t) * (e / (1 + e))
        return x * t, lambda dy: (dy * slope, {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Mul", x, graph.add("Tanh", graph.add("Softplus", x)))


@dataclass
class TanhExp(Layer):
    """``y = x t`` with ``t = tanh(e^x)``; backward ``dx = dy (t + x (1 - t^2) e^x)``.

    t is 1 to the last digit from x = 3 on, so exponents beyond 5 are not asked for.

    References
    ----------
    Liu and Di, "TanhExp: a smooth activation function with high convergence speed for lightweight
    neural networks", IET Computer Vision 15, 2021.
    """

    name = "tanh_exp"

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        e = np.exp(np.minimum(x, 5))
        t = np.tanh(e)
        slope = t + x * (1 - t * t) * e
        return x * t, lambda dy: (dy * slope, {})

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Mul", x, graph.add("Tanh", graph.add("Exp", x)))


def sigmoid(x: Array) -> Array:
    """Return the logistic function as ``(1 + tanh(x / 2)) / 2``, which cannot overflow."""
    y: Array = np.tanh(x * 0.5)
    y += 1
    y *= 0.5
    return y
