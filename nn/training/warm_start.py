"""Weights to begin with, from a network that need not be quite the same."""

from __future__ import annotations

from nn.errors import ModelError
from nn.layers import Layer
from nn.model import Sequential


def start_from(model: Sequential, other: Sequential) -> int:
    """Give `model` the weights of the layers that it begins and ends with like `other`; return how many.

    So a network can be made deeper, and learn on with what it knew: what is new between the first layers and
    the last had best do nothing at the beginning (`BatchNorm.start` = 0 at the end of a residual block).

    Raises
    ------
    ModelError
        If the two know other classes, or not even the first layer is alike.
    """
    alike = [
        one == two and _shapes(mine) == _shapes(theirs)
        for one, two, mine, theirs in zip(
            model.architecture, other.architecture, model.layers, other.layers, strict=False
        )
    ]
    first = alike.index(False) if False in alike else len(alike)
    if model.classes != other.classes or model.input_shape[0] != other.input_shape[0] or not first:
        raise ModelError("the model to start from is another network, or knows other classes")
    last = 0
    for one, two, mine, theirs in zip(
        model.architecture[:first:-1], other.architecture[:first:-1], model.layers[::-1], other.layers[::-1], strict=False
    ):
        if one != two or _shapes(mine) != _shapes(theirs):
            break
        last += 1
    pairs = [*zip(model.layers[:first], other.layers, strict=False)]
    pairs += zip(model.layers[len(model.layers) - last :], other.layers[len(other.layers) - last :], strict=True)
    for mine, theirs in pairs:
        for name, array in (mine.params | mine.state).items():
            array[...] = (theirs.params | theirs.state)[name]
    model.changed()
    return len(pairs)


def _shapes(layer: Layer) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in (layer.params | layer.state).items()}
