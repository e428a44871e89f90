"""Convolution of each channel on its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.initializers import draw
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape, at_least
from nn.layers.windows import crop, output_shape, pad, pads, windows


@dataclass
class DepthwiseConv2D(Layer):
    """``y[n,h,w,c] = b[c] + sum_{i,j} x[n, h*s+i, w*s+j, c] W[i,j,c]``.

    x (N, H, W, C), W (kernel, kernel, C), b (C,), y (N, Ho, Wo, C). Backward:
    ``dW[i,j,c] = sum_{n,h,w} x[n, h*s+i, w*s+j, c] dy[n,h,w,c]`` and dx is the sum of the overlapping
    windows ``dy[n,h,w,c] W[i,j,c]``, taken place by place of the kernel. There is no GEMM in it: each
    channel has its own small kernel.
    """

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

    def build(self, shape: Shape, rng: np.random.Generator) -> Shape:
        out = output_shape(shape, self.kernel, self.stride, self.padding)
        weight, area = (self.kernel, self.kernel, shape[2]), self.kernel**2
        self.params = {"weight": draw(self.initializer, self.sigma, weight, area, area, rng)}
        if self.bias:
            self.params["bias"] = np.zeros(shape[2], np.float32)
        return (*out, shape[2])

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        margins = [pads(size, self.kernel, self.stride, self.padding) for size in x.shape[1:3]]
        padded = pad(x, margins[0], margins[1])
        seen = windows(padded, self.kernel, self.stride)
        weight = self.params["weight"]
        y = np.einsum("nhwijc,ijc->nhwc", seen, weight)
        if self.bias:
            y += self.params["bias"]

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            dx, dweight, part = np.zeros_like(padded), np.empty_like(weight), np.empty_like(dy)
            height, width = dy.shape[1:3]
            for i, j in np.ndindex(self.kernel, self.kernel):
                rows = slice(i, i + (height - 1) * self.stride + 1, self.stride)
                columns = slice(j, j + (width - 1) * self.stride + 1, self.stride)
                dweight[i, j] = np.einsum("nhwc,nhwc->c", padded[:, rows, columns], dy)
                dx[:, rows, columns] += np.multiply(dy, weight[i, j], out=part)
            gradients = {"weight": dweight}
            if self.bias:
                gradients["bias"] = dy.sum(axis=(0, 1, 2))
            return crop(dx, margins[0], margins[1]), gradients

        return y, backprop

    def multiplications(self, shape: Shape) -> int:
        height, width = output_shape(shape, self.kernel, self.stride, self.padding)
        return height * width * self.kernel**2 * shape[2]
