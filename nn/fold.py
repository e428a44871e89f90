"""A network made quick for predicting: the same answers from fewer layers."""

from __future__ import annotations

from collections.abc import Iterable

from nn.layers import (
    BatchNorm,
    Conv1D,
    Conv2D,
    Dense,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Dropout,
    GaussianNoise,
    Layer,
    Residual,
)

Linear = Conv1D | Conv2D | Dense | DepthwiseConv1D | DepthwiseConv2D


def fold(layers: Iterable[Layer]) -> list[Layer]:
    """Return `layers` without dropout and noise, batch normalization folded into the layer before it.

    For ``y = x W + b`` followed by ``z = y factor + offset``: ``z = x (W factor) + (b factor + offset)``.
    The layers given are not changed; a batch normalization that follows neither a convolution nor a
    dense layer stays as it is.
    """
    folded: list[Layer] = []
    for layer in layers:
        before = folded[-1] if folded else None
        if isinstance(layer, Dropout | GaussianNoise):
            continue
        if isinstance(layer, BatchNorm) and isinstance(before, Linear):
            folded[-1] = _scaled(before, layer)
        elif isinstance(layer, Residual):
            folded.append(layer.around(fold(layer.parts())))
        else:
            folded.append(layer)
    return folded


def _scaled(layer: Linear, norm: BatchNorm) -> Layer:
    factor, offset = norm.affine()
    bias = layer.params["bias"] * factor + offset if layer.bias else offset
    settings = {name: getattr(layer, name) for name in layer.__match_args__}
    scaled = type(layer)(**(settings | {"bias": True}))
    scaled.params = {"weight": layer.params["weight"] * factor, "bias": bias}
    return scaled
