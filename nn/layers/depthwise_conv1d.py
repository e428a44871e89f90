"""Convolution of each channel of a sequence on its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Shape
from nn.layers.weighted import SequenceConvolution
from nn.layers.windows import chunks, stretches
from nn.onnx_graph import Graph


@dataclass
class DepthwiseConv1D(SequenceConvolution):
    """``y[n,t,c] = b[c] + sum_i x[n, t+i*dilation, c] W[i,c]``, with zeros about the ends: as long as x.

    x and y (N, T, C), W (kernel, C), b (C,). Backward:
    ``dW[i,c] = sum_{n,t} x[n, t+i*dilation, c] dy[n,t,c]``, and dx is the sum of the overlapping
    ``dy[n,t,c] W[i,c]``, taken place by place of the kernel.
    """

    name = "depthwise_conv1d"
    stride: ClassVar[int] = 1  # type: ignore[misc]

    kernel: int = 3
    dilation: int = 1
    bias: bool = True
    initializer: str = "he"
    sigma: float = 0.0

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        channels = self.channels_of(shape)
        self.make_params((self.kernel, channels), channels, self.kernel, self.kernel, rng)
        return shape

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        n, length, channels = x.shape
        weight, margin = self.params["weight"], self.kernel // 2 * self.dilation
        padded = np.zeros((n, length + 2 * margin, channels), x.dtype)
        padded[:, margin : margin + length] = x
        y = np.einsum("ntic,ic->ntc", stretches(padded, self.kernel, 1, self.dilation), weight)
        if self.bias:
            y += self.params["bias"]

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dweight, dx = np.zeros_like(weight), np.zeros_like(padded)
            places = [slice(i * self.dilation, i * self.dilation + length) for i in range(self.kernel)]
            for some in chunks(dy):
                part = np.empty_like(dy[some])
                for i, place in enumerate(places):
                    dweight[i] += np.einsum("ntc,ntc->c", padded[some, place], dy[some])
                    dx[some, place] += np.multiply(dy[some], weight[i], out=part)
            gradients = {"weight": dweight}
            if self.bias:
                gradients["bias"] = dy.sum(axis=(0, 1))
            return dx[:, margin : margin + length], gradients

        return y, backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return self.onnx_conv(graph, x, shape, self.params["weight"][:, None], group=shape[1])

    def multiplications(self, shape: Shape) -> int:
        return shape[0] * self.kernel * shape[1]
