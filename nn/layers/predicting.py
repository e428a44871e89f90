"""The base of layers that a network is made of for predicting only."""

from __future__ import annotations

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Layer

WORK = 2**18
"""Numbers that a layer works with at a time, so few that the processor's cache holds them."""


class Predicting(Layer):
    """A layer that cannot be trained: `nn.fold` makes it of others."""

    overwrites = False

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        return self.predicted(x), _no_way_back

    def predicted(self, x: Array) -> Array:
        """Return the output."""
        raise NotImplementedError


def _no_way_back(dy: Array) -> tuple[Array, Gradients]:
    raise NotImplementedError("a network made quick for predicting cannot be trained")
