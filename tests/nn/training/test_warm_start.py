"""Weights of a network that begins alike."""

import numpy as np
import pytest

from nn.errors import ModelError
from nn.sequence import SequenceModel
from nn.training.warm_start import between, start_from, told_of_start

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


def test_new_layers_may_stand_at_several_places():
    plain = [*BEFORE, BEFORE[2], LAST]
    other, model = network(plain, 1), network([*BEFORE, BLOCK, BEFORE[2], BLOCK, LAST], 2)
    strips = [np.random.default_rng(0).integers(0, 255, (8, 21), np.uint8)]
    assert start_from(model, other) == 7
    np.testing.assert_allclose(model.read(strips)[0], other.read(strips)[0], rtol=1e-4, atol=1e-5)


def test_the_same_network_takes_all_and_another_end_is_left_alone():
    other, same = network([*BEFORE, LAST], 1), network([*BEFORE, LAST], 2)
    assert start_from(same, other) == 6
    wider = [*BEFORE[:4], {"type": "tanh"}, {"type": "conv1d", "filters": 8}, LAST]
    assert start_from(network(wider, 3), other) == 4


def test_what_is_another_network_is_refused():
    with pytest.raises(ModelError, match="is another network"):
        start_from(network([BEFORE[1], *BEFORE[2:], LAST], 1), network([*BEFORE, LAST], 1))


def test_of_other_classes_those_that_both_know_are_kept():
    other, model = (
        network([*BEFORE, LAST], 1),
        network([*BEFORE, LAST | {"filters": 4}], 2, ("", "a", "b", "c")),
    )
    before = {name: array.copy() for name, array in model.weights.items()}
    taken = start_from(model, other)
    assert taken == 6
    assert told_of_start(model, other, taken) == (
        "starts with the weights of 6 of 6 layers; 2 of its 4 classes are known to the other model"
    )
    for name in ("2.weight", "3.scale", "3.variance"):
        np.testing.assert_array_equal(model.weights[name], other.weights[name])
    for name in ("5.weight", "5.bias"):
        np.testing.assert_array_equal(model.weights[name][..., :2], other.weights[name][..., [0, 2]])
        np.testing.assert_array_equal(model.weights[name][..., 2:], before[name][..., 2:])


def test_of_none_of_the_classes_only_the_head_begins_anew():
    other, model = network([*BEFORE, LAST], 1), network([*BEFORE, LAST | {"filters": 2}], 2, ("x", "y"))
    head = model.weights["5.weight"].copy()
    assert start_from(model, other) == 5
    np.testing.assert_array_equal(model.weights["5.weight"], head)
    np.testing.assert_array_equal(model.weights["2.weight"], other.weights["2.weight"])


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
    model.freeze(-1)
    assert all(name[0] == "6" for name in model.learning[0])


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
