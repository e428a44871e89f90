"""Warm start: initial weights from a network that may differ in some layers."""

from __future__ import annotations

from nn.errors import ModelError
from nn.layers import Layer
from nn.model import Sequential


def start_from(model: Sequential, other: Sequential) -> int:
    """Copy the weights of the first and last layers that `model` and `other` share; return their number.

    So a network can be made deeper and keep what it has learned: new layers in the middle should be the
    identity at first (`BatchNorm.start` = 0 at the end of a residual block).

    Raises
    ------
    ModelError
        If the two have different classes, or not even the first layer is equal.
    """
    first, last, least = 0, 0, min(len(model.layers), len(other.layers))
    while first < least and _alike(model, other, first):
        first += 1
    if model.classes != other.classes or model.input_shape[0] != other.input_shape[0] or not first:
        raise ModelError("the model to start from is another network, or knows other classes")
    while last < least - first and _alike(model, other, -1 - last):
        last += 1
    pairs = [*zip(model.layers[:first], other.layers, strict=False)]
    pairs += zip(
        model.layers[len(model.layers) - last :], other.layers[len(other.layers) - last :], strict=True
    )
    for mine, theirs in pairs:
        for name, array in (mine.params | mine.state).items():
            array[...] = (theirs.params | theirs.state)[name]
    model.changed()
    return len(pairs)


def between(model: Sequential, other: Sequential, share: float) -> None:
    """Move `model`, fine-tuned from `other`, back towards it: a `share` of the change is kept.

    This keeps most of what it has learned, and restores most of what it has forgotten. New layers return to
    the identity only if they end with a normalization that starts at 0.

    References
    ----------
    Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022, section 3.
    """
    began = type(model)(model.architecture, model.input_shape, model.classes)
    start_from(began, other)
    first = began.weights
    model.set_weights(
        {name: first[name] + share * (array - first[name]) for name, array in model.weights.items()}
    )


def _alike(one: Sequential, other: Sequential, index: int) -> bool:
    """Return whether the layers at an index (negative: from the end) have equal settings and shapes."""
    return one.architecture[index] == other.architecture[index] and (
        _shapes(one.layers[index]) == _shapes(other.layers[index])
    )


def _shapes(layer: Layer) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in (layer.params | layer.state).items()}
