"""The base of layers with a weight and a bias."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from nn.initializers import constant, draw
from nn.layers.layer import Array, Layer, Shape, at_least
from nn.layers.windows import pads
from nn.onnx_graph import Graph


class Weighted(Layer):
    """A layer that is linear in its input; where `bias` is true, it adds a bias to each channel."""

    overwrites = False

    bias: bool
    initializer: str
    sigma: float

    def make_params(
        self, weight: Shape, channels: int, inputs: int, outputs: int, rng: np.random.Generator | None
    ) -> None:
        """Make the weight, of a shape, and the bias, for a number of channels.

        `inputs` and `outputs` are the fan-in and the fan-out.
        """
        self.params = {"weight": draw(self.initializer, self.sigma, weight, inputs, outputs, rng)}
        if self.bias:
            self.params["bias"] = constant(0.0, (channels,), rng)

    def scaled(self, factor: Array, offset: Array) -> Self:
        """Return the layer of ``y factor + offset``: its weight ``W factor``, bias ``b factor + offset``."""
        bias = self.params["bias"] * factor + offset if self.bias else offset
        return self._like({"weight": self.params["weight"] * factor, "bias": bias})

    def without_bias(self) -> Self:
        """Return the layer without its bias."""
        return self._like({"weight": self.params["weight"]})

    def _like(self, params: dict[str, Array]) -> Self:
        """Return a layer with the settings of this one and these parameters."""
        settings: dict[str, Any] = {name: getattr(self, name) for name in self.__match_args__}  # type: ignore
        layer = type(self)(**(settings | {"bias": "bias" in params}))
        layer.params = params
        return layer


class PictureConvolution(Weighted):
    """A convolution over pictures, of square kernels."""

    kernel: int
    stride: int
    padding: str

    def onnx_conv(self, graph: Graph, x: str, shape: Shape, weight: Array, group: int = 1) -> str:
        """Add the node ``Conv`` and return its output; `weight` is (kernel, kernel, C / group, filters)."""
        rows, columns = (pads(size, self.kernel, self.stride, self.padding) for size in shape[:2])
        return graph.add(
            "Conv",
            x,
            graph.constant(weight.transpose(3, 2, 0, 1)),
            *([graph.constant(self.params["bias"])] if self.bias else []),
            group=group,
            pads=[rows[0], columns[0], rows[1], columns[1]],
            kernel_shape=[self.kernel] * 2,
            strides=[self.stride] * 2,
        )


class SequenceConvolution(Weighted):
    """A convolution along sequences, with zeros about the ends."""

    kernel: int
    stride: int
    dilation: int

    def __post_init__(self) -> None:
        for name in ("kernel", "stride", "dilation"):
            at_least(name, getattr(self, name), 1)
        if self.kernel % 2 == 0:
            raise ValueError(f"kernel = {self.kernel}: must be odd")
        at_least("sigma", self.sigma, 0)

    def channels_of(self, shape: Shape) -> int:
        """Return how many channels an input of `shape` has.

        Raises
        ------
        ValueError
            It is no sequence.
        """
        if len(shape) != 2:
            raise ValueError(f"takes sequences (length, channels), not inputs of shape {shape}")
        return shape[1]

    @property
    def extent(self) -> int:
        """How many places of the sequence a window spans."""
        return (self.kernel - 1) * self.dilation + 1

    def onnx_conv(self, graph: Graph, x: str, shape: Shape, weight: Array, group: int = 1) -> str:
        """Add the node ``Conv`` and return its output; `weight` is (kernel, C / group, filters)."""
        return graph.add(
            "Conv",
            x,
            graph.constant(weight.transpose(2, 1, 0)),
            *([graph.constant(self.params["bias"])] if self.bias else []),
            group=group,
            pads=list(pads(shape[0], self.extent, self.stride, "same")),
            kernel_shape=[self.kernel],
            strides=[self.stride],
            dilations=[self.dilation],
        )
