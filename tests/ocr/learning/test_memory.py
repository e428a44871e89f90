"""What is drawn from a memory is like what was put into it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nn.errors import DataError, ModelError
from nn.model import Sequential
from ocr.learning.last_layer import take_apart
from ocr.learning.memory import LARGEST, Memory
from ocr.recognition.classify import BUNDLED


@pytest.fixture(scope="module")
def memory() -> Memory:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [100, 3000, 20])
    mixed = rng.standard_normal((len(labels), 4)) @ rng.standard_normal((4, 4))
    return Memory.of((mixed + 5 * labels[:, None]).astype(np.float32), labels, 3)


def test_draws_have_the_means_and_the_covariance_that_were_measured(memory: Memory) -> None:
    drawn = memory.draw(20_000, np.random.default_rng(1)).reshape(3, -1, 4)
    assert drawn.mean(axis=1) == pytest.approx(memory.means, abs=0.1)
    for of_class in drawn:
        covariance = memory.spread @ memory.spread.T
        assert np.cov(of_class.T) == pytest.approx(covariance, abs=0.05 * float(np.trace(covariance)))


def test_every_class_weighs_the_same(memory: Memory) -> None:
    labels = np.repeat([0, 1], [1000, 10])
    features = np.where(labels[:, None], 1.0, 3.0) * np.tile([[1.0], [-1.0]], (505, 1)).astype(np.float32)
    found = Memory.of(features.astype(np.float32), labels, 2)
    assert found.spread[0, 0] ** 2 == pytest.approx((3**2 + 1) / 2, rel=0.01)


def test_a_model_file_keeps_it_in_half_precision(memory: Memory) -> None:
    again = Memory.from_table(json.loads(json.dumps(memory.table())))
    assert again.means == pytest.approx(memory.means, rel=1e-3)
    assert again.spread == pytest.approx(memory.spread, rel=1e-3, abs=1e-4)


def test_what_cannot_be_remembered() -> None:
    features = np.zeros((2, LARGEST + 1), np.float32)
    with pytest.raises(ModelError, match="not remembered"):
        Memory.of(features, np.array([0, 1]), 2)
    with pytest.raises(DataError, match="class 2 of 3"):
        Memory.of(features[:, :4], np.array([0, 1]), 3)


def test_the_bundled_memory_is_small_and_read_as_its_classes() -> None:
    model = Sequential.load(BUNDLED)
    table, last = model.settings["memory"], take_apart(model)
    assert len(json.dumps(table)) < 400_000
    drawn = last.inputs(Memory.from_table(table).draw(20, np.random.default_rng(0)))
    read = (drawn @ last.matrix).argmax(axis=1)
    assert np.mean(read == np.repeat(np.arange(len(model.classes)), 20)) > 0.8


def test_a_network_taken_apart_says_the_same() -> None:
    model = Sequential.load(BUNDLED)
    images = np.random.default_rng(0).integers(0, 256, (70, 28, 28)).astype(np.uint8)
    last = take_apart(model)
    assert last.inputs(last.features(images)) @ last.matrix == pytest.approx(model.predict(images), abs=1e-3)
    assert last.features(images[:0]).shape == (0, 192)


@pytest.mark.parametrize(
    "end",
    [
        [{"type": "dense", "units": 2, "bias": False}],
        [{"type": "dense", "units": 2}, {"type": "batch_norm"}],
        [{"type": "dense", "units": 2}, {"type": "relu"}],
    ],
)
def test_a_network_with_another_end_is_refused(end: list[dict[str, object]]) -> None:
    model = Sequential([{"type": "flatten"}, *end], (28, 28, 1), ("a", "b"))
    with pytest.raises(ModelError, match="cannot learn"):
        take_apart(model)
