"""Convolution of each channel on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Shape, at_least
from nn.layers.weighted import PictureConvolution
from nn.layers.windows import chunks, crop, output_shape, pad, pads, windows
from nn.onnx_graph import Graph
from nn.threads import for_each


@dataclass
class DepthwiseConv2D(PictureConvolution):
    """``y[n,h,w,c] = b[c] + sum_{i,j} x[n, h*s+i, w*s+j, c] W[i,j,c]``.

    x (N, H, W, C), W (kernel, kernel, C), b (C,), y (N, Ho, Wo, C). Backward:
    ``dW[i,j,c] = sum_{n,h,w} x[n, h*s+i, w*s+j, c] dy[n,h,w,c]`` and dx is the sum of the overlapping
    windows ``dy[n,h,w,c] W[i,j,c]``. There is no GEMM in it, for each channel has its own small kernel: the
    way back is taken place by place of the kernel. Weights are repeated along a row of the picture, so that
    NumPy's inner loop is a whole row and not the channels of one pixel, of which there may be few.
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
        seen, weight = self._windows(padded, width)
        y = np.empty((len(x), height, width, x.shape[3]), x.dtype)
        parts, made = (seen[0], y[0]) if len(y) == 1 else (seen, y)

        def weigh(some: slice) -> None:
            np.einsum(
                "...ijr,ijr->...r", parts[some], weight, out=made[some].reshape(*parts[some].shape[:-3], -1)
            )

        for_each(weigh, chunks(made))
        if self.bias:
            y += self.params["bias"]

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

    def _windows(self, padded: Array, width: int) -> tuple[Array, Array]:
        """Return a view of what each place sees, and the weights, with kernel, kernel, and C last.

        Where each window begins one pixel after the one before, a row of them is one run of numbers: it
        takes the place of C, and weights are repeated along it.
        """
        weight = self.params["weight"]
        seen = windows(padded, self.kernel, self.stride)
        if self.stride > 1:
            return seen, weight
        samples, rows, _, i, j, item = seen.strides
        shape = (*seen.shape[:2], self.kernel, self.kernel, width * seen.shape[5])
        run = np.lib.stride_tricks.as_strided(padded, shape, (samples, rows, i, j, item), writeable=False)
        return run, np.tile(weight, width)

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
