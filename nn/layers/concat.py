"""Branches side by side, whose outputs are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from nn.layers.chain import Chain
from nn.layers.layer import Array, Backprop, Gradients, Layer, Shape
from nn.onnx_graph import Graph


@dataclass
class Concat(Layer):
    """``y = [f1(x), f2(x), ...]``: what each of the `branches` makes of x, channels one after another.

    A branch is a list of layers; an empty one hands x on as it is. All must give the same height and width.
    Parameters and state are those of the branches, named "{branch}.{index}.{name}".

    Backward: ``dx = f1'(dy1) + f2'(dy2) + ...`` with dy1, dy2 and so on the channels of dy.

    References
    ----------
    Szegedy et al., "Going deeper with convolutions", CVPR 2015, section 4.
    """

    name = "concat"
    draws: ClassVar[bool] = True

    branches: list[list[dict[str, Any]]]
    chains: list[Chain] = field(init=False, default_factory=list, repr=False)
    widths: list[int] = field(init=False, default_factory=list, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.branches, list | tuple) or len(self.branches) < 2:
            raise ValueError("branches: must be a list of at least two lists of layers")
        self.chains = [Chain(branch) for branch in self.branches]
        self.branches = [chain.layers for chain in self.chains]

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        made = []
        for number, chain in enumerate(self.chains, 1):
            try:
                made.append(chain.build(shape, rng))
            except ValueError as error:
                raise ValueError(f"branch {number}: {error}") from error
        for number, other in enumerate(made, 1):
            if other[:-1] != made[0][:-1]:
                raise ValueError(
                    f"branch {number} gives {other}, branch 1 {made[0]}: only the last number may differ"
                )
        self.widths = [other[-1] for other in made]
        self._gather()
        return (*made[0][:-1], sum(self.widths))

    def folded(self, fold: Callable[[Iterable[Layer]], list[Layer]]) -> Self:
        """Return one like this whose branches are folded."""
        other = type(self)(self.branches)
        other.chains, other.widths = [chain.folded(fold) for chain in self.parts()], self.widths
        other._gather()
        return other

    def parts(self) -> list[Chain]:
        """Return the branches, with the parameters and the state that this layer has."""
        for index, chain in enumerate(self.chains):
            chain.params = {name: self.params[f"{index}.{name}"] for name in chain.params}
            chain.state = {name: self.state[f"{index}.{name}"] for name in chain.state}
        return self.chains

    def _gather(self) -> None:
        for index, chain in enumerate(self.chains):
            self.params |= {f"{index}.{name}": array for name, array in chain.params.items()}
            self.state |= {f"{index}.{name}": array for name, array in chain.state.items()}

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        outputs, backprops = zip(*(chain.forward(x.copy(), training) for chain in self.parts()), strict=True)
        borders = np.cumsum(self.widths)[:-1]

        def back(dy: Array) -> tuple[Array, Gradients]:
            dx, gradients = np.zeros_like(x), Gradients()
            pieces = np.split(dy, borders, axis=-1)
            for index, (through, piece) in enumerate(zip(backprops, pieces, strict=True)):
                more, found = through(piece.copy())
                dx += more
                gradients |= {f"{index}.{name}": gradient for name, gradient in found.items()}
            return dx, gradients

        return np.concatenate(outputs, axis=-1), back

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        return graph.add("Concat", *(chain.onnx(graph, x, shape) for chain in self.parts()), axis=1)

    def multiplications(self, shape: Shape) -> int:
        return sum(chain.multiplications(shape) for chain in self.chains)
