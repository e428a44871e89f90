"""A sequence of layers as one layer: the base of layers with layers inside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from nn.errors import ModelError
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape
from nn.onnx_graph import Graph

DEEPEST = 6


@dataclass
class Chain(Layer):
    """``y = f(x)``, with f the `layers` one after another, as tables or as layers; of none, ``y = x``.

    Parameters and state are those of the layers, named "{index}.{name}". Among them may be others with layers
    inside, up to `DEEPEST` inside each other.
    """

    name = "chain"
    draws: ClassVar[bool] = True

    layers: list[Any]
    inner: list[Layer] = field(init=False, default_factory=list, repr=False)
    shapes: list[Shape] = field(init=False, default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.layers = tables_of("layers", self.layers)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        from nn.model import build  # it knows all layers, including this one

        try:
            self.inner, self.shapes = build(self.layers, shape, rng)
        except ModelError as error:
            raise ValueError(f"inside, {error}") from error
        self._gather()
        return self.shapes[-1]

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
        y, backprops = x, []
        for layer in self.parts():
            y, backprop = layer.forward(y, training)
            backprops.append(backprop)

        def back(dy: Array) -> tuple[Array, Gradients]:
            gradients: Gradients = {}
            for index in reversed(range(len(backprops))):
                dy, found = backprops.pop()(dy)
                gradients |= {f"{index}.{name}": gradient for name, gradient in found.items()}
            return dy, gradients

        return y, back

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        for layer, before in zip(self.parts(), self.shapes, strict=False):
            x = layer.onnx(graph, x, before)
        return x

    def multiplications(self, shape: Shape) -> int:
        return sum(
            layer.multiplications(before) for layer, before in zip(self.inner, self.shapes, strict=False)
        )


def tables_of(name: str, layers: Sequence[Mapping[str, Any] | Layer]) -> list[dict[str, Any]]:
    """Return the layers that a setting of this name holds, as tables; ValueError if they cannot be."""
    if not isinstance(layers, list | tuple):
        raise ValueError(f"{name}: must be a list of layers")
    tables: list[dict[str, Any]] = []
    for layer in layers:
        if not isinstance(layer, dict | Layer):
            raise ValueError(f"{name}: must be tables of layers")
        tables.append(layer.table() if isinstance(layer, Layer) else dict(layer))
    if depth(tables) > DEEPEST:
        raise ValueError(f"{name}: layers with others inside are nested more than {DEEPEST} deep")
    return tables


def depth(layers: Sequence[Any]) -> int:
    """Return how deep layers with these `layers` inside are nested, at most one more than `DEEPEST`."""
    levels, level = 0, list(layers)
    while level and levels <= DEEPEST:
        levels += 1
        level = [each for table in level if isinstance(table, dict) for each in _inside(table)]
    return levels


def _inside(table: dict[str, Any]) -> list[Any]:
    """Return what a layer's table names as layers inside it."""
    branches = table.get("branches")
    chains = [table.get("layers"), *(branches if isinstance(branches, list | tuple) else ())]
    return [each for chain in chains if isinstance(chain, list | tuple) for each in chain]
