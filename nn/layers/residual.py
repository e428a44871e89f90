"""Layers that a connection leads around."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from nn.errors import ModelError
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape


@dataclass
class Residual(Layer):
    """``y = x + f(x)``, with f the `layers` one after another, which must keep the shape.

    Backward: ``dx = dy + f'(dy)``. Parameters and state are those of the layers, named "{index}.{name}".

    References
    ----------
    He et al., "Deep residual learning for image recognition", CVPR 2016, section 3.2.
    """

    draws: ClassVar[bool] = True

    layers: list[dict[str, Any]]
    inner: list[Layer] = field(init=False, default_factory=list, repr=False)
    shapes: list[Shape] = field(init=False, default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.layers, list | tuple) or not self.layers:
            raise ValueError("layers: must be a list of at least one layer")
        for table in self.layers:
            if not isinstance(table, dict) or table.get("type") == "residual":
                raise ValueError("layers: must be tables of layers, none of them residual")

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

    def around(self, inner: list[Layer]) -> Self:
        """Return one like this around other layers, which have their parameters."""
        other = type(self)(self.layers)
        other.inner, other.shapes = inner, self.shapes
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
            gradients: Gradients = {}
            dx = dy.copy()
            for index in reversed(range(len(backprops))):
                dx, found = backprops.pop()(dx)
                gradients |= {f"{index}.{name}": gradient for name, gradient in found.items()}
            return dx + dy, gradients

        return y, back

    def multiplications(self, shape: Shape) -> int:
        return sum(
            layer.multiplications((shape[0], *before[1:]))
            for layer, before in zip(self.inner, self.shapes, strict=False)
        )
