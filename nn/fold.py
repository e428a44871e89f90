"""Folds a network for fast prediction: equal results from fewer layers."""

from __future__ import annotations

from collections.abc import Iterable

from nn.layers.activations import ReLU
from nn.layers.conv1d import Conv1D
from nn.layers.conv2d import Conv2D
from nn.layers.depthwise_conv1d import DepthwiseConv1D
from nn.layers.depthwise_conv2d import DepthwiseConv2D
from nn.layers.fused_conv1d import FusedConv1D
from nn.layers.fused_conv2d import FusedConv2D
from nn.layers.layer import Layer
from nn.layers.max_pool2d import MaxPool2D
from nn.layers.pointwise import Pointwise, is_pointwise
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
    """Return `layers` with each convolution fused with what follows it."""
    fused: list[Layer] = []
    for layer in layers:
        before = fused[-1] if fused else None
        if isinstance(layer, Conv1D | Conv2D) and is_pointwise(layer):
            offset = None
            if isinstance(before, DepthwiseConv1D | DepthwiseConv2D) and before.bias:
                fused[-1], offset = before.without_bias(), before.params["bias"]
            layer = Pointwise([layer], [False], offset)
        elif type(layer) is Conv1D:
            layer = FusedConv1D(layer)
        elif type(layer) is Conv2D:
            layer = FusedConv2D(layer)
        both = _both(fused[-1] if fused else None, layer)
        fused[len(fused) - (both is not None) :] = [both or layer]
    return fused


def _both(before: Layer | None, layer: Layer) -> Layer | None:
    """Return the two layers as one, if they can be."""
    match before, layer:
        case Pointwise(), Pointwise():
            return Pointwise(
                before.convolutions + layer.convolutions, before.rectified + layer.rectified, before.offset
            )
        case Pointwise(), ReLU():
            return Pointwise(before.convolutions, [*before.rectified[:-1], True], before.offset)
        case FusedConv1D(rectified=False), ReLU():
            return FusedConv1D(before.convolution, rectified=True)
        case FusedConv2D(rectified=False), ReLU():
            return FusedConv2D(before.convolution, before.pool, rectified=True)
        case FusedConv2D(pool=None), MaxPool2D():
            return FusedConv2D(before.convolution, layer, before.rectified)
    return None
