"""A convolution fused with the pooling and the ReLU after it, for predicting only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.conv2d import Conv2D
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape
from nn.layers.max_pool2d import MaxPool2D


@dataclass
class FusedConv2D(Layer):
    """The composition of `Conv2D`, `ReLU` and `MaxPool2D`, computed faster; it cannot be trained.

    Bias and ReLU are applied after the pooling, to a half or a quarter of the numbers. The result is
    bit-equal, as neither changes which number is the largest.

    Attributes
    ----------
    convolution : Conv2D
    pool : MaxPool2D or None
    rectified : bool
        Whether there is a ReLU.
    """

    name = "fused_conv2d"

    convolution: Conv2D
    pool: MaxPool2D | None = None
    rectified: bool = False

    def __post_init__(self) -> None:
        self.params = self.convolution.params

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y = self.convolution.without_bias(x)
        if self.pool is not None:
            y = self.pool.forward(y, None)[0]
        if self.convolution.bias:
            y += self.params["bias"]
        if self.rectified:
            np.maximum(y, 0, out=y)
        return y, _no_way_back

    def multiplications(self, shape: Shape) -> int:
        return self.convolution.multiplications(shape)


def _no_way_back(dy: Array) -> tuple[Array, Gradients]:
    raise NotImplementedError("a network made quick for predicting cannot be trained")
