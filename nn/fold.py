"""Folds a network for fast prediction: equal results from fewer layers."""

from __future__ import annotations

from collections.abc import Iterable

from nn.layers.activations import ReLU
from nn.layers.conv2d import Conv2D
from nn.layers.fused_conv2d import FusedConv2D
from nn.layers.layer import Layer
from nn.layers.max_pool2d import MaxPool2D
from nn.layers.weighted import Weighted


def fold(layers: Iterable[Layer]) -> list[Layer]:
    """Return `layers` without those that only train, normalization folded into the layer before it.

    For ``y = x W + b`` followed by ``z = y factor + offset``: ``z = x (W factor) + (b factor + offset)``. A
    2-D convolution is fused with the ReLU and the pooling after it, in either order. The given layers are not
    changed; a batch normalization that follows neither a convolution nor a dense layer is kept.
    """
    folded: list[Layer] = []
    for layer in layers:
        if layer.only_trains:
            continue
        before, affine = folded[-1] if folded else None, layer.affine()
        if affine is not None and isinstance(before, Weighted):
            folded[-1] = before.scaled(*affine)
        else:
            folded.append(layer.folded(fold))
    return _fused(folded)


def _fused(layers: list[Layer]) -> list[Layer]:
    """Return `layers` with each 2-D convolution fused with what follows it."""
    fused: list[Layer] = []
    for layer in layers:
        before = fused[-1] if fused else None
        if type(layer) is Conv2D:
            fused.append(FusedConv2D(layer))
        elif isinstance(before, FusedConv2D) and type(layer) is ReLU and not before.rectified:
            fused[-1] = FusedConv2D(before.convolution, before.pool, rectified=True)
        elif isinstance(before, FusedConv2D) and isinstance(layer, MaxPool2D) and before.pool is None:
            fused[-1] = FusedConv2D(before.convolution, layer, before.rectified)
        else:
            fused.append(layer)
    return fused
