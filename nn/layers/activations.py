"""Element-wise non-linearities. Those of the output are in the loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Layer, at_least


@dataclass
class Relu(Layer):
    """``y = max(x, 0)``; backward ``dx = dy [y > 0]``."""

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y = np.maximum(x, 0, out=x)
        mask = y > 0

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dy *= mask
            return dy, {}

        return y, backprop


@dataclass
class LeakyRelu(Layer):
    """``y = max(x, slope x)``; backward ``dx = dy`` where x > 0, else ``slope dy``."""

    slope: float = 0.01

    def __post_init__(self) -> None:
        at_least("slope", self.slope, 0)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        factor = np.where(x > 0, x.dtype.type(1), x.dtype.type(self.slope))
        return x * factor, lambda dy: (dy * factor, {})


@dataclass
class Sigmoid(Layer):
    """``y = 1 / (1 + exp(-x))``; backward ``dx = dy y (1 - y)``."""

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y = sigmoid(x)
        slope = y * (1 - y)
        return y, lambda dy: (dy * slope, {})


@dataclass
class Tanh(Layer):
    """``y = tanh(x)``; backward ``dx = dy (1 - y^2)``."""

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y = np.tanh(x)
        slope = 1 - y * y
        return y, lambda dy: (dy * slope, {})


@dataclass
class Swish(Layer):
    """``y = x s`` with ``s = 1 / (1 + exp(-x))``; backward ``dx = dy (s + y (1 - s))``.

    References
    ----------
    Ramachandran et al., "Searching for activation functions", 2017 (beta = 1).
    """

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        s = sigmoid(x)
        y = x * s
        slope = s + y * (1 - s)
        return y, lambda dy: (dy * slope, {})


@dataclass
class Mish(Layer):
    """``y = x t`` with ``t = tanh(log(1 + e^x))``; backward ``dx = dy (t + x (1 - t^2) s)``.

    s is the logistic function. With ``n = e^x (e^x + 2)``: ``t = n / (n + 2)``, which is 1 to the last
    digit from x = 20 on, so larger exponents are not asked for.

    References
    ----------
    Misra, "Mish: a self regularized non-monotonic activation function", BMVC 2020.
    """

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        e = np.exp(np.minimum(x, 20))
        n = e * (e + 2)
        t = n / (n + 2)
        slope = t + x * (1 - t * t) * (e / (1 + e))
        return x * t, lambda dy: (dy * slope, {})


@dataclass
class TanhExp(Layer):
    """``y = x t`` with ``t = tanh(e^x)``; backward ``dx = dy (t + x (1 - t^2) e^x)``.

    t is 1 to the last digit from x = 3 on, so exponents beyond 5 are not asked for.

    References
    ----------
    Liu and Di, "TanhExp: a smooth activation function with high convergence speed for lightweight
    neural networks", IET Computer Vision 15, 2021.
    """

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        e = np.exp(np.minimum(x, 5))
        t = np.tanh(e)
        slope = t + x * (1 - t * t) * e
        return x * t, lambda dy: (dy * slope, {})


def sigmoid(x: Array) -> Array:
    """Return the logistic function as ``(1 + tanh(x / 2)) / 2``, which cannot overflow."""
    y: Array = np.tanh(x * 0.5)
    y += 1
    y *= 0.5
    return y
