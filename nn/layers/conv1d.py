"""Convolution along a sequence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Shape, at_least
from nn.layers.weighted import SequenceConvolution
from nn.layers.windows import pads, stretches
from nn.onnx_graph import Graph


@dataclass
class Conv1D(SequenceConvolution):
    """``y[n,t,f] = b[f] + sum_{i,c} x[n, t*stride + i*dilation, c] W[i,c,f]``, with zeros about the ends.

    x (N, T, C), W (kernel, C, filters), b (filters,), y (N, ceil(T / stride), filters). Forward and backward
    are those of `Conv2D`, by the matrix of all windows.
    """

    name = "conv1d"

    filters: int
    kernel: int = 3
    stride: int = 1
    dilation: int = 1
    bias: bool = True
    initializer: str = "he"
    sigma: float = 0.0

    def __post_init__(self) -> None:
        at_least("filters", self.filters, 1)
        super().__post_init__()

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        channels = self.channels_of(shape)
        inputs, outputs = self.kernel * channels, self.kernel * self.filters
        weight = (self.kernel, channels, self.filters)
        self.make_params(weight, self.filters, inputs, outputs, rng)
        return -(-shape[0] // self.stride), self.filters

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        n, length, channels = x.shape
        before, after = pads(length, self.extent, self.stride, "same")
        padded = x
        if before + after:
            padded = np.zeros((n, before + length + after, channels), x.dtype)
            padded[:, before : before + length] = x
        out = -(-length // self.stride)
        matrix = self._windows(padded).reshape(n * out, -1)
        y = matrix @ self.params["weight"].reshape(-1, self.filters)
        if self.bias:
            y += self.params["bias"]
        shape = padded.shape

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dy = dy.reshape(-1, self.filters)
            gradients = {"weight": (matrix.T @ dy).reshape(self.params["weight"].shape)}
            if self.bias:
                gradients["bias"] = dy.sum(axis=0)
            if self.first:
                return dy[:0], gradients
            dx = np.zeros(shape, dy.dtype)
            for i, place in enumerate(self.params["weight"]):
                start = i * self.dilation
                stop = start + (out - 1) * self.stride + 1
                dx[:, start : stop : self.stride] += (dy @ place.T).reshape(n, out, channels)
            return dx[:, before : before + length], gradients

        return y.reshape(n, out, self.filters), backprop

    def _windows(self, padded: Array) -> Array:
        """Return what each place of the result is made of, (N, out, kernel, C)."""
        if self.extent == 1:
            return padded[:, :: self.stride]
        return np.ascontiguousarray(stretches(padded, self.kernel, self.stride, self.dilation))

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return self.onnx_conv(graph, x, shape, self.params["weight"])

    def multiplications(self, shape: Shape) -> int:
        return -(-shape[0] // self.stride) * self.kernel * shape[1] * self.filters
