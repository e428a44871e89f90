"""Warm start: initial weights from a network that may differ in some layers."""

from __future__ import annotations

from difflib import SequenceMatcher

from nn.errors import ModelError
from nn.layers import Layer
from nn.model import Sequential


def start_from(model: Sequential, other: Sequential) -> int:
    """Copy the weights of the layers that `model` and `other` share, in their order; return their number.

    So a network can be made deeper and keep what it has learned: new layers between the old ones should be
    the identity at first (`BatchNorm.start` = 0 at the end of a residual block).

    The classes may differ: in the last layer, then, the weights of common classes are copied, and those of
    other classes keep their initial values.

    Raises
    ------
    ModelError
        If the first layers differ, or no layers with weights are equal.

    References
    ----------
    Chen et al., "Net2Net: accelerating learning via knowledge transfer", ICLR 2016, section 2.3.
    """
    head = model.classes != other.classes
    first, last, least = 0, 0, min(len(model.layers), len(other.layers)) - head
    while first < least and _alike(model, other, first):
        first += 1
    while last < least - first and _alike(model, other, -1 - last - head):
        last += 1
    pairs = [*zip(model.layers[:first], other.layers, strict=False)]
    pairs += [(model.layers[-1 - head - k], other.layers[-1 - head - k]) for k in range(last)]
    ends = len(model.layers) - head - last, len(other.layers) - head - last
    pairs += [(model.layers[k], other.layers[n]) for k, n in _common(model, other, first, ends)]
    known = [name for name in model.classes if name in other.classes] if head else []
    known = known if _same_but_for_classes(model, other) else []
    learned = any(layer.params for layer, _ in pairs) or known
    if model.input_shape[0] != other.input_shape[0] or not first or not learned:
        raise ModelError("the model to start from is another network")
    for mine, theirs in pairs:
        for name, array in (mine.params | mine.state).items():
            array[...] = (theirs.params | theirs.state)[name]
    if known:
        to, of = ([one.classes.index(name) for name in known] for one in (model, other))
        for name, array in model.layers[-1].params.items():
            array[..., to] = other.layers[-1].params[name][..., of]
    model.changed()
    return len(pairs) + bool(known)


def told_of_start(model: Sequential, other: Sequential, layers: int) -> str:
    """Return a sentence on the weights that `start_from` has copied, of this many layers."""
    told = f"starts with the weights of {layers} of {len(model.layers)} layers"
    if model.classes == other.classes:
        return told
    known = sum(name in other.classes for name in model.classes)
    return f"{told}; {known} of its {len(model.classes)} classes are known to the other model"


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


def _common(model: Sequential, other: Sequential, first: int, ends: tuple[int, int]) -> list[tuple[int, int]]:
    """Return index pairs of equal layers from `first` to the `ends` of both, in the same order."""
    mine, theirs = (
        [_kind(each, k) for k in range(first, end)] for each, end in zip((model, other), ends, strict=True)
    )
    blocks = SequenceMatcher(a=mine, b=theirs, autojunk=False).get_matching_blocks()
    return [(first + block.a + k, first + block.b + k) for block in blocks for k in range(block.size)]


def _alike(one: Sequential, other: Sequential, index: int) -> bool:
    """Return whether the layers at an index (negative: from the end) are of the same kind."""
    return _kind(one, index) == _kind(other, index)


def _kind(model: Sequential, index: int) -> tuple[str, str]:
    """Return the settings and the shapes of a layer, to be compared."""
    return str(model.architecture[index]), str(_shapes(model.layers[index]))


def _same_but_for_classes(one: Sequential, other: Sequential) -> bool:
    """Return whether the last layers are equal except for their classes."""
    tables = [
        {name: value for name, value in each.architecture[-1].items() if name not in ("units", "filters")}
        for each in (one, other)
    ]
    sizes = [
        {
            name: shape[:-1]
            for name, shape in _shapes(each.layers[-1]).items()
            if shape[-1] == len(each.classes)
        }
        for each in (one, other)
    ]
    return tables[0] == tables[1] and sizes[0] == sizes[1] and len(sizes[0]) == len(one.layers[-1].params)


def _shapes(layer: Layer) -> dict[str, tuple[int, ...]]:
    return {name: array.shape for name, array in (layer.params | layer.state).items()}
