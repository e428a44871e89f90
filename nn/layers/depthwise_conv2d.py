"""Convolution of each channel on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Shape, at_least
from nn.layers.weighted import PictureConvolution
from nn.layers.windows import CACHED, chunks, crop, output_shape, pad, pads, portions
from nn.onnx_graph import Graph
from nn.threads import for_each

RUN = 1280
"""Numbers in NumPy's inner loop, so few that the nearest cache holds them and their weights."""


@dataclass
class DepthwiseConv2D(PictureConvolution):
    """``y[n,h,w,c] = b[c] + sum_{i,j} x[n, h*s+i, w*s+j, c] W[i,j,c]``.

    x (N, H, W, C), W (kernel, kernel, C), b (C,), y (N, Ho, Wo, C). Backward:
    ``dW[i,j,c] = sum_{n,h,w} x[n, h*s+i, w*s+j, c] dy[n,h,w,c]`` and dx is the sum of the overlapping
    windows ``dy[n,h,w,c] W[i,j,c]``. There is no GEMM in it, for each channel has its own small kernel: the
    way back is taken place by place of the kernel. Weights are repeated along the row of a picture, so that
    NumPy's inner loop is over several pixels and not the channels of one, of which there may be few.
    """

    name = "depthwise_conv2d"

    kernel: int = 3
    stride: int = 1
    padding: str = "same"
    bias: bool = True
    initializer: str = "he"
    sigma: float = 0.0

    def __post_init__(self) -> None:
        for name in ("kernel", "stride"):
            at_least(name, getattr(self, name), 1)
        at_least("sigma", self.sigma, 0)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        out = output_shape(shape, self.kernel, self.stride, self.padding)
        weight, area = (self.kernel, self.kernel, shape[2]), self.kernel**2
        self.make_params(weight, shape[2], area, area, rng)
        return (*out, shape[2])

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        margins = [pads(size, self.kernel, self.stride, self.padding) for size in x.shape[1:3]]
        padded = pad(x, margins[0], margins[1])
        height, width = output_shape(x.shape[1:], self.kernel, self.stride, self.padding)
        y = np.empty((len(x), height, width, x.shape[3]), x.dtype)
        runs = self._runs(width)

        def weigh(part: tuple[slice, slice]) -> None:
            samples, rows = part
            seen = slice(rows.start * self.stride, (rows.stop - 1) * self.stride + self.kernel)
            self._weigh(padded[samples, seen], runs, y[samples, rows])
            if self.bias:
                y[samples, rows] += self.params["bias"]

        for_each(weigh, portions(len(x), height, CACHED // (width * x.shape[3]), 1))

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            rows = np.repeat(self.params["weight"][:, :, None], width, axis=2)
            dweight, dx = np.zeros_like(rows), np.zeros_like(padded)
            for some in chunks(dy):
                dpart, part = dy[some], np.empty_like(dy[some])
                ones = np.ones(len(dpart) * height, dy.dtype)
                for i, j, place in self._places(padded[some], height, width):
                    np.multiply(place, dpart, out=part)
                    dweight[i, j] += (ones @ part.reshape(len(ones), -1)).reshape(width, -1)
                if not self.first:
                    for i, j, place in self._places(dx[some], height, width):
                        place += np.multiply(dpart, rows[i, j], out=part)
            gradients = {"weight": dweight.sum(axis=2)}
            if self.bias:
                gradients["bias"] = dy.sum(axis=(0, 1, 2))
            return (dy[:0] if self.first else crop(dx, margins[0], margins[1])), gradients

        return y, backprop

    def _runs(self, width: int) -> list[tuple[slice, Array]]:
        """Return which columns of a result are divided into runs, and the weights repeated along a run.

        Where each window begins one pixel after the one before, a run of them beside each other is one run of
        numbers. Runs are as long as is fastest, and there is a shorter one at the end of each row.
        """
        weight = self.params["weight"]
        longest = min(max(RUN // weight.shape[2], 1), width) if self.stride == 1 else 1
        whole = width // longest * longest
        sizes = [(slice(0, whole), longest), (slice(whole, width), width - whole)]
        return [(columns, np.tile(weight, size)) for columns, size in sizes if columns.start < columns.stop]

    def _weigh(self, padded: Array, runs: list[tuple[slice, Array]], y: Array) -> None:
        """Write to `y` what comes out of `padded` without padding, before the bias is added."""
        for columns, weight in runs:
            made = y[:, :, columns].reshape(*y.shape[:2], -1, weight.shape[2])
            sample, row, column, channel = padded.strides
            shape = (*made.shape[:3], *weight.shape)
            step = column * self.stride * (weight.shape[2] // y.shape[3])
            strides = (sample, row * self.stride, step, row, column, channel)
            first = padded[:, :, columns.start * self.stride :]
            seen = np.lib.stride_tricks.as_strided(first, shape, strides, writeable=False)
            np.einsum("nhbijr,ijr->nhbr", seen, weight, out=made)

    def _places(self, padded: Array, height: int, width: int) -> Iterator[tuple[int, int, Array]]:
        """Give each place (i, j) of the kernel with the view (N, Ho, Wo, C) of what it sees."""
        for i, j in np.ndindex(self.kernel, self.kernel):
            rows = slice(i, i + (height - 1) * self.stride + 1, self.stride)
            columns = slice(j, j + (width - 1) * self.stride + 1, self.stride)
            yield i, j, padded[:, rows, columns]

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return self.onnx_conv(graph, x, shape, self.params["weight"][:, :, None], group=shape[2])

    def multiplications(self, shape: Shape) -> int:
        height, width = output_shape(shape, self.kernel, self.stride, self.padding)
        return height * width * self.kernel**2 * shape[2]
