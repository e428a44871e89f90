"""Weights of a network that begins alike."""

import numpy as np
import pytest

from nn.errors import ModelError
from nn.sequence import SequenceModel
from nn.training.warm_start import between, start_from

CLASSES = ("", " ", "a")
BEFORE = [
    {"type": "max_pool2d", "kernel": 4, "columns": 2},
    {"type": "columns"},
    {"type": "conv1d", "filters": 6, "kernel": 3, "bias": False},
    {"type": "batch_norm"},
    {"type": "relu"},
]
BLOCK = {
    "type": "residual",
    "layers": [{"type": "conv1d", "filters": 6, "kernel": 3}, {"type": "batch_norm", "start": 0.0}],
}
LAST = {"type": "conv1d", "filters": 3, "kernel": 1}


def network(layers, seed, classes=CLASSES):
    model = SequenceModel(layers, (8, 16, 1), classes, seed=seed)
    rng = np.random.default_rng(seed)
    for name, array in model.state.items():
        array[...] = rng.uniform(0.5, 1.5, array.shape) if name.count(".") == 1 else array
    return model


def test_a_deeper_network_begins_with_what_the_other_knew():
    other, model = network([*BEFORE, LAST], 1), network([*BEFORE, BLOCK, BLOCK, LAST], 2)
    strips = [np.random.default_rng(0).integers(0, 255, (8, 21), np.uint8)]
    assert np.abs(model.read(strips)[0] - other.read(strips)[0]).max() > 0.1
    assert start_from(model, other) == 6
    np.testing.assert_allclose(model.read(strips)[0], other.read(strips)[0], rtol=1e-4, atol=1e-5)
    assert not np.shares_memory(model.weights["2.weight"], other.weights["2.weight"])


def test_the_same_network_takes_all_and_another_end_is_left_alone():
    other, same = network([*BEFORE, LAST], 1), network([*BEFORE, LAST], 2)
    assert start_from(same, other) == 6
    wider = [*BEFORE[:4], {"type": "tanh"}, {"type": "conv1d", "filters": 8}, LAST]
    assert start_from(network(wider, 3), other) == 4


@pytest.mark.parametrize(
    ("layers", "classes"), [([*BEFORE, LAST], ("", " ", "b")), ([BEFORE[1], *BEFORE[2:], LAST], CLASSES)]
)
def test_what_is_another_network_is_refused(layers, classes):
    with pytest.raises(ModelError, match="is another network, or knows other classes"):
        start_from(network(layers, 1, classes), network([*BEFORE, LAST], 1))


def test_frozen_layers_stay_as_they_are_and_the_others_learn():
    model = network([*BEFORE, BLOCK, LAST], 1)
    model.freeze(5)
    x = np.random.default_rng(0).random((3, 8, 16, 1), np.float32)
    logits, back = model.forward(x.copy(), np.random.default_rng(0))
    gradients = back(np.ones_like(logits))
    params, state = model.learning
    assert gradients.keys() == params.keys() | state.keys() and all(name[0] in "56" for name in gradients)
    inside = network([*BEFORE, BLOCK, LAST], 1)
    hidden = x.copy()
    for layer in inside.layers[:5]:
        hidden, _ = layer.forward(hidden, None)
    for layer in inside.layers[5:]:
        hidden, _ = layer.forward(hidden, np.random.default_rng(0))
    np.testing.assert_allclose(logits, hidden, rtol=1e-4, atol=1e-5)
    with pytest.raises(ModelError, match="frozen = 7: must leave one of the 7 layers"):
        model.freeze(7)


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_weights_between_the_first_and_the_last(share):
    other, model = network([*BEFORE, LAST], 1), network([*BEFORE, BLOCK, LAST], 2)
    start_from(model, other)
    first = {name: array.copy() for name, array in model.weights.items()}
    last = {name: array + 1 for name, array in first.items()}
    model.set_weights(last)
    between(model, other, share)
    same = [name for name in first if not name.startswith("5.")]
    for name in same:
        np.testing.assert_allclose(model.weights[name], first[name] + share, rtol=1e-5, atol=1e-6)
