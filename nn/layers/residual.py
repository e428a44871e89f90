"""Layers that a connection leads around."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from nn.errors import ModelError
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape
from nn.onnx_graph import Graph

DEEPEST = 6


@dataclass
class Residual(Layer):
    """``y = x + f(x)``, with f the `layers` one after another, which must keep the shape.

    Among them may be others of this kind, up to `DEEPEST` inside each other: with a stride before and
    `nn.layers.upsample2d` behind, what lies between works on a smaller picture (a "U-net" that adds).

    Backward: ``dx = dy + f'(dy)``. Parameters and state are those of the layers, named "{index}.{name}".

    References
    ----------
    He et al., "Deep residual learning for image recognition", CVPR 2016, section 3.2.
    """

    name = "residual"
    draws: ClassVar[bool] = True

    layers: list[dict[str, Any]]
    inner: list[Layer] = field(init=False, default_factory=list, repr=False)
    shapes: list[Shape] = field(init=False, default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.layers, list | tuple) or not self.layers:
            raise ValueError("layers: must be a list of at least one layer")
        for table in self.layers:
            if not isinstance(table, dict):
                raise ValueError("layers: must be tables of layers")
        if _depth(self.layers) > DEEPEST:
            raise ValueError(f"layers: residual layers are nested more than {DEEPEST} deep")

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        from nn.model import build  # which knows all layers, this one too

        try:
            self.inner, self.shapes = build(self.layers, shape, rng)
        except ModelError as error:
            raise ValueError(f"inside, {error}") from error
        if self.shapes[-1] != shape:
            raise ValueError(f"its layers make {self.shapes[-1]} of {shape}: they must keep the shape")
        self._gather()
        return shape

    def folded(self, fold: Callable[[Iterable[Layer]], list[Layer]]) -> Self:
        """Return one like this whose layers inside are folded."""
        other = type(self)(self.layers)
        other.inner, other.shapes = fold(self.parts()), self.shapes
        other._gather()
        return other

    def parts(self) -> list[Layer]:
        """Return the layers inside, with the parameters and the state that this one has."""
        for index, layer in enumerate(self.inner):
            layer.params = {name: self.params[f"{index}.{name}"] for name in layer.params}
            layer.state = {name: self.state[f"{index}.{name}"] for name in layer.state}
        return self.inner

    def _gather(self) -> None:
        for index, layer in enumerate(self.inner):
            self.params |= {f"{index}.{name}": array for name, array in layer.params.items()}
            self.state |= {f"{index}.{name}": array for name, array in layer.state.items()}

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        y, backprops = x.copy(), []
        for layer in self.parts():
            y, backprop = layer.forward(y, training)
            backprops.append(backprop)
        y += x

        def back(dy: Array) -> tuple[Array, Gradients]:
            dx = dy.copy()
            gradients: Gradients = {}
            for index in reversed(range(len(backprops))):
                dx, found = backprops.pop()(dx)
                gradients |= {f"{index}.{name}": gradient for name, gradient in found.items()}
            return dx + dy, gradients

        return y, back

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        y = x
        for layer, before in zip(self.parts(), self.shapes, strict=False):
            y = layer.onnx(graph, y, before)
        return graph.add("Add", x, y)

    def multiplications(self, shape: Shape) -> int:
        return sum(
            layer.multiplications(before) for layer, before in zip(self.inner, self.shapes, strict=False)
        )


def _depth(layers: list[dict[str, Any]]) -> int:
    """Return how deep residual layers with these `layers` are nested, at most one more than `DEEPEST`."""
    depth, level = 0, layers
    while level and depth <= DEEPEST:
        depth += 1
        inside = [table.get("layers") for table in level if isinstance(table, dict)]
        level = [each for found in inside if isinstance(found, list | tuple) for each in found]
    return depth
