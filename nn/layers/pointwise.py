"""Convolutions of kernel 1, one after another, for predicting only."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np

from nn.layers.conv1d import Conv1D
from nn.layers.conv2d import Conv2D
from nn.layers.layer import Array, Layer, Shape
from nn.layers.predicting import WORK, Predicting
from nn.layers.scratch import scratch
from nn.threads import for_each


@dataclass
class Pointwise(Predicting):
    """The composition of convolutions of kernel 1 and ReLUs, computed faster; it cannot be trained.

    Each place is on its own, so a few go through all of them at a time, and the processor's cache holds what
    is in between. With ``max(x W + b, 0) V + c = max(x W, -b) V + (b V + c)`` only the last bias is added.

    Attributes
    ----------
    convolutions : list of Conv1D or Conv2D
    rectified : list of bool
        Whether there is a ReLU after each of them.
    offset : ndarray or None
        What is added to each channel of the input.
    """

    name = "pointwise"

    convolutions: list[Conv1D | Conv2D]
    rectified: list[bool]
    offset: Array | None = None

    def __post_init__(self) -> None:
        self._weights, self._biases, offset = [], [], self.offset
        for index, each in enumerate(self.convolutions):
            self.params |= {f"{index}.{name}": array for name, array in each.params.items()}
            weight = each.params["weight"].reshape(-1, each.filters)
            bias = each.params.get("bias", np.zeros(each.filters, weight.dtype))
            offset = bias if offset is None else bias + offset @ weight
            self._weights.append(weight)
            self._biases.append(offset)

    def predicted(self, x: Array) -> Array:
        places = x.reshape(-1, x.shape[-1])
        y = np.empty((len(places), self.filters), x.dtype)
        step = max(WORK // self.widest, 1)
        parts = [slice(start, start + step) for start in range(0, len(places), step)]
        for_each(lambda some: self.apply(places[some], y[some]), parts)
        return y.reshape(*x.shape[:-1], self.filters)

    @property
    def filters(self) -> int:
        """Channels of its output."""
        return self._weights[-1].shape[1]

    @property
    def widest(self) -> int:
        """The most channels there are on the way."""
        return max(max(weight.shape) for weight in self._weights)

    def apply(self, places: Array, y: Array) -> None:
        """Write to `y` (N, filters) what it makes of `places` (N, C)."""
        *before, (last, bias, rectified) = zip(self._weights, self._biases, self.rectified, strict=True)
        for index, (weight, low, is_bent) in enumerate(before):
            inside = scratch(f"places {index % 2}", (len(places), weight.shape[1]), y.dtype)
            places = np.matmul(places, weight, out=inside)
            if is_bent:
                np.maximum(places, -low, out=places)
        np.matmul(places, last, out=y)
        y += bias
        if rectified:
            np.maximum(y, 0, out=y)

    def multiplications(self, shape: Shape) -> int:
        sizes = [shape[-1], *(convolution.filters for convolution in self.convolutions)]
        return prod(shape[:-1]) * sum(a * b for a, b in pairwise(sizes))


def is_pointwise(layer: Layer) -> bool:
    """Return whether a layer is a convolution of kernel 1 and stride 1."""
    return type(layer) in (Conv1D, Conv2D) and layer.kernel == layer.stride == 1  # type: ignore[attr-defined]
