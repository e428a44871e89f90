"""A network split before its last layer: the features of a glyph, and the last layer's weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.errors import ModelError
from nn.fold import fold
from nn.layers import Dense, Layer
from nn.layers.activations import LeakyReLU, Mish, ReLU, Sigmoid, Swish, Tanh, TanhExp
from nn.model import Sequential, through

ACTIVATIONS = (ReLU, LeakyReLU, Sigmoid, Tanh, Swish, Mish, TanhExp)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class LastLayer:
    """The last layer of a network, and the layers before it.

    Attributes
    ----------
    body : tuple of Layer
        From pictures to features (N, D): all layers up to the activation before the last layer.
    activations : tuple of Layer
        From features to the input of the last layer.
    dense : Dense
    """

    body: tuple[Layer, ...]
    activations: tuple[Layer, ...]
    dense: Dense

    def features(self, images: npt.NDArray[Any]) -> Floats:
        """Return the features, float32 (N, D), of pictures: uint8 or, in [0, 1], float (N, 28, 28)."""
        return through(self.body, images[..., None], len(self.dense.params["weight"]))

    def inputs(self, features: Floats) -> Floats:
        """Return the input of the last layer, with a 1 appended for the bias: float32 (N, D + 1)."""
        seen = features.copy()
        for layer in self.activations:
            seen = layer.forward(seen, None)[0]
        return np.hstack([seen, np.ones((len(seen), 1), np.float32)])

    @property
    def matrix(self) -> Floats:
        """The weights above the bias, (D + 1, C): the logits are ``inputs @ matrix``."""
        weight = self.dense.params["weight"]
        return np.vstack([weight, self.dense.params.get("bias", np.zeros(weight.shape[1], np.float32))])


def take_apart(model: Sequential) -> LastLayer:
    """Split a network; its layers are not changed.

    Raises
    ------
    ModelError
        Its last layer is not dense, or has no bias.
    """
    layers = fold(model.layers)
    last = layers.pop()
    if last is not model.layers[-1] or not isinstance(last, Dense) or not last.bias:
        raise ModelError("its last layer is not dense with a bias; such a network cannot learn from letters")
    cut = len(layers)
    while cut and isinstance(layers[cut - 1], ACTIVATIONS):
        cut -= 1
    return LastLayer(tuple(layers[:cut]), tuple(layers[cut:]), last)
