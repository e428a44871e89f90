"""From pictures to vectors."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from nn.layers.layer import Array, Backprop, Layer, Shape


@dataclass
class Flatten(Layer):
    """(N, H, W, C) to (N, H W C); backward the other way."""

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        return (prod(shape),)

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        return x.reshape(len(x), -1), lambda dy: (dy.reshape(x.shape), {})
