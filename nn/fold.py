"""A network made quick for predicting: the same answers from fewer layers."""

from __future__ import annotations

from collections.abc import Iterable

from nn.layers.layer import Layer
from nn.layers.weighted import Weighted


def fold(layers: Iterable[Layer]) -> list[Layer]:
    """Return `layers` without those that only train, normalization folded into the layer before it.

    For ``y = x W + b`` followed by ``z = y factor + offset``: ``z = x (W factor) + (b factor + offset)``.
    The layers given are not changed; a batch normalization that follows neither a convolution nor a
    dense layer stays as it is.
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
    return folded
