"""A convolution fused with the pooling and the ReLU after it, for predicting only."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import gcd

import numpy as np

from nn.layers.conv2d import Conv2D
from nn.layers.layer import Array, Shape
from nn.layers.max_pool2d import MaxPool2D
from nn.layers.predicting import WORK, Predicting
from nn.layers.scratch import scratch
from nn.layers.windows import cut, output_shape, pads, portions
from nn.layers.winograd import TILES, Winograd2D, pays, tiling
from nn.threads import for_each


@dataclass
class FusedConv2D(Predicting):
    """The composition of `Conv2D`, `ReLU` and `MaxPool2D`, computed faster; it cannot be trained.

    A few samples, or a few rows of one, go through all three at a time, so that the processor's cache holds
    what is in between. Bias and ReLU are applied after the pooling, to a half or a quarter of the numbers:
    neither changes which number is the largest. A convolution of stride 1 is computed by `Winograd2D` where
    that is faster.

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
    _forms: dict[tuple[int, int], Winograd2D] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.params = self.convolution.params

    def predicted(self, x: Array) -> Array:
        convolution, pool = self.convolution, self.pool or MaxPool2D(1)
        kernel, stride, padding = convolution.kernel, convolution.stride, convolution.padding
        height, width = output_shape(x.shape[1:], kernel, stride, padding)
        (top, _), (left, _) = (pads(size, kernel, stride, padding) for size in x.shape[1:3])
        tiled = self._tiled(len(x), height, width)
        high, wide = tiled.tile if tiled else (1, 1)
        down, across = -(-height // high), -(-width // wide)
        columns = (across * wide - 1) * stride + kernel
        y = np.empty((len(x), *pool.shape(height, width), convolution.filters), self.params["weight"].dtype)
        bias = np.tile(self.params.get("bias", 0), y.shape[2])

        def make(part: tuple[slice, slice]) -> None:
            samples, rows = part[0], slice(part[1].start * high, part[1].stop * high)
            size = rows.stop - rows.start
            seen = cut(x[samples], rows.start * stride - top, (size - 1) * stride + kernel, -left, columns)
            into = y[samples, rows.start // pool.kernel : rows.stop // pool.kernel]
            shape = (len(seen), size, across * wide, y.shape[3])
            made = into if into.shape == shape else scratch("made", shape, y.dtype)
            (tiled or convolution).convolve(seen, made)
            if self.pool is not None:
                pool.pool(made[:, : height - rows.start, :width], into)
            elif made is not into:
                into[...] = made[:, : into.shape[1], :width]
            if convolution.bias:
                lines = into.reshape(*into.shape[:2], -1)
                lines += bias
            if self.rectified:
                np.maximum(into, 0, out=into)

        row = across / TILES if tiled else width * kernel**2 * x.shape[3] / WORK
        for_each(make, portions(len(x), down, int(1 / row), pool.kernel // gcd(pool.kernel, high)))
        return y

    def _tiled(self, samples: int, height: int, width: int) -> Winograd2D | None:
        """Return the quicker form of the convolution for so many outputs of this size, if there is one."""
        kernel, weight = self.convolution.kernel, self.params["weight"]
        down, across = tiling(height, kernel), tiling(width, kernel)
        if self.convolution.stride > 1 or down is None or across is None:
            return None
        products = down.span * down.tiles * across.span * across.tiles
        if not pays(samples * down.tiles * across.tiles, products, kernel**2 * height * width, weight):
            return None
        spans = down.span, across.span
        if spans not in self._forms:
            self._forms[spans] = Winograd2D(weight, spans)
        return self._forms[spans]

    def multiplications(self, shape: Shape) -> int:
        return self.convolution.multiplications(shape)
