"""Global average pooling over pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape
from nn.onnx_graph import Graph


@dataclass
class GlobalAvgPool2D(Layer):
    """``y[n,c] = mean_{h,w} x[n,h,w,c]``: x (N, H, W, C), y (N, C).

    Backward: each place gets ``dy / (H W)``.

    References
    ----------
    Lin et al., "Network in network", ICLR 2014, section 3.2.
    """

    name = "global_avg_pool2d"

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        if len(shape) != 3:
            raise ValueError(f"takes pictures (height, width, channels), not inputs of shape {shape}")
        return shape[2:]

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        shape, places = x.shape, x.shape[1] * x.shape[2]

        def backprop(dy: Array) -> tuple[Array, Gradients]:
            return np.broadcast_to((dy / dy.dtype.type(places))[:, None, None], shape).copy(), {}

        return x.mean(axis=(1, 2)), backprop

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("ReduceMean", x, axes=[2, 3], keepdims=0)
