"""The base of layers: parameters, a running state, and a forward pass that returns its backward pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from nn.errors import ModelError
from nn.onnx_graph import Graph

Array = npt.NDArray[Any]
Shape = tuple[int, ...]
Gradients = dict[str, Array]
Backprop = Callable[[Array], tuple[Array, Gradients]]


@dataclass
class Layer:
    """The base of all layers: one without parameters that keeps its input's shape.

    A layer's fields are its settings, as a recipe gives them. `build` makes what the settings and the
    input's shape ask for. Arrays are ``(N, H, W, C)`` or ``(N, C)``, of the parameters' dtype.

    Attributes
    ----------
    name : str
        Its name in recipes and model files.
    draws : bool
        Whether it draws random numbers while training.
    only_trains : bool
        Whether it is the identity when predicting, so that it can be left out then.
    overwrites : bool
        Whether it may write to its input.
    needs_batch : bool
        Whether it cannot be trained with one sample at a time.
    params : dict of str to ndarray
        The trained parameters.
    state : dict of str to ndarray
        Further arrays that training updates (the running statistics of batch normalization).
    first : bool
        Whether the gradient of this layer's input is not needed, as nothing is trained before it; it may then
        be empty.
    """

    name: ClassVar[str]
    draws: ClassVar[bool] = False
    only_trains: ClassVar[bool] = False
    overwrites: ClassVar[bool] = True
    needs_batch: ClassVar[bool] = False

    params: dict[str, Array] = field(init=False, default_factory=dict, repr=False)
    state: dict[str, Array] = field(init=False, default_factory=dict, repr=False)
    first: bool = field(init=False, default=False, repr=False)

    def build(self, shape: Shape, rng: np.random.Generator | None) -> Shape:
        """Make the parameters for inputs of `shape` (without N) and return the output's shape.

        Without `rng` they have their shapes, but take no memory and cannot be written to.

        Raises
        ------
        ValueError
            If the layer does not fit an input of this shape.
        """
        return shape

    def forward(self, x: Array, training: np.random.Generator | None) -> tuple[Array, Backprop]:
        """Return the output and a closure ``backprop(dy) -> (dx, gradients)``.

        Parameters
        ----------
        x : ndarray
            A batch.
        training : Generator or None
            The random generator while training; None when predicting.

        Notes ----- Arrays change ownership: a layer may write to the `x` and `dy` that it is given, and keeps
        no reference to what it returns. The closure is called once at most. Neither changes the parameters or
        the state, so parts of one batch may go forward and back in different threads: `gradients` holds an
        entry for each of `params`, to be summed over the parts, and for each of `state` the step towards this
        batch's value, to be averaged over them.
        """
        raise NotImplementedError

    def table(self) -> dict[str, Any]:
        """Return this layer as a table of a recipe: its ``type`` and all settings that are not defaults.

        Examples
        --------
        >>> from nn.layers import Conv2D
        >>> Conv2D(32, 5).table()
        {'type': 'conv2d', 'filters': 32, 'kernel': 5}
        """
        settings = {each.name: getattr(self, each.name) for each in fields(self) if each.init}
        usual = {each.name: each.default for each in fields(self)}
        return {"type": self.name} | {name: v for name, v in settings.items() if v != usual[name]}

    def affine(self) -> tuple[Array, Array] | None:
        """Return (factor, offset), each (C,), if predicting is ``y = x * factor + offset``, else None.

        Such a layer is folded into a `nn.layers.weighted.Weighted` layer before it.
        """
        return None

    def folded(self, fold: Callable[[Iterable[Layer]], list[Layer]]) -> Layer:
        """Return this layer for predicting: layers inside are folded by `fold` (`nn.fold`)."""
        return self

    def onnx(self, graph: Graph, x: str, shape: Shape) -> str:
        """Add what this layer does to `graph` and return the name of its output.

        Parameters
        ----------
        graph : Graph
        x : str
            The input's name in the graph.
        shape : tuple of int
            Of the input, without N, as `build` was given it.

        Raises
        ------
        ModelError
            The layer has no form in ONNX.
        """
        raise ModelError(f"a layer {self.name} cannot be exported: it has no ONNX nodes")

    def multiplications(self, shape: Shape) -> int:
        """Return how many multiply-adds one sample of `shape` takes; element-wise work is not counted."""
        return 0


def at_least(name: str, value: float, low: float) -> None:
    """Raise ValueError naming the setting when `value` is below `low`."""
    if not value >= low:
        raise ValueError(f"{name} = {value}: must be at least {low}")


def fraction(name: str, value: float) -> None:
    """Raise ValueError naming the setting when `value` is not in [0, 1)."""
    if not 0 <= value < 1:
        raise ValueError(f"{name} = {value}: must be at least 0 and less than 1")
