"""A convolution along sequences fused with the ReLU after it, for predicting only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nn.layers.conv1d import Conv1D
from nn.layers.layer import Array, Shape
from nn.layers.predicting import Predicting
from nn.layers.scratch import scratch
from nn.layers.windows import cut, pads, portions
from nn.layers.winograd import TILES, Winograd1D, pays, tiling
from nn.threads import for_each


@dataclass
class FusedConv1D(Predicting):
    """The composition of `Conv1D` and `ReLU`, computed faster; it cannot be trained.

    A convolution of stride and dilation 1 is computed by `Winograd1D` where that is faster.

    Attributes
    ----------
    convolution : Conv1D
    rectified : bool
        Whether there is a ReLU.
    """

    name = "fused_conv1d"

    convolution: Conv1D
    rectified: bool = False
    _forms: dict[int, Winograd1D] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.params = self.convolution.params

    def predicted(self, x: Array) -> Array:
        tiled = self._tiled(*x.shape[:2])
        y = self._by_tiles(x, tiled) if tiled else self.convolution.forward(x, None)[0]
        if self.rectified:
            np.maximum(y, 0, out=y)
        return y

    def _by_tiles(self, x: Array, tiled: Winograd1D) -> Array:
        (samples, length, _), tile, kernel = x.shape, tiled.tile, self.convolution.kernel
        before, _ = pads(length, kernel, 1, "same")
        y = np.empty((samples, length, self.convolution.filters), self.params["weight"].dtype)

        def make(part: tuple[slice, slice]) -> None:
            some, start, tiles = part[0], part[1].start * tile, part[1].stop - part[1].start
            seen = cut(x[some, :, None], start - before, tiles * tile + kernel - 1, 0, 1)[:, :, 0]
            made = scratch("made", (len(seen), tiles, tile, y.shape[2]), y.dtype)
            tiled.convolve(seen, made)
            into = y[some, start : start + tiles * tile]
            bias = self.params.get("bias", 0)
            np.add(made.reshape(len(seen), -1, y.shape[2])[:, : into.shape[1]], bias, out=into)

        for_each(make, portions(samples, -(-length // tile), TILES, 1))
        return y

    def _tiled(self, samples: int, length: int) -> Winograd1D | None:
        """Return the quicker form of the convolution for so many outputs of this length, if there is one."""
        each, weight = self.convolution, self.params["weight"]
        along = tiling(length, each.kernel) if each.stride == each.dilation == 1 else None
        if along is None:
            return None
        if not pays(samples * along.tiles, along.span * along.tiles, each.kernel * length, weight):
            return None
        if along.span not in self._forms:
            self._forms[along.span] = Winograd1D(weight, along.span)
        return self._forms[along.span]

    def multiplications(self, shape: Shape) -> int:
        return self.convolution.multiplications(shape)
