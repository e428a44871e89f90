"""What a finished model is given to remember, and what it is found to mix up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn.data.npz import write_npz
from nn.data.samples import Samples
from nn.errors import DataError
from nn.metrics import confusion as table_of
from nn.model import Sequential
from ocr.learning.learn import learn
from ocr.learning.remember import remember, sparse
from ocr.learning.views import confusion
from training.__main__ import app

LAYERS: list[dict[str, Any]] = [
    {"type": "flatten"},
    {"type": "dense", "units": 6},
    {"type": "relu"},
    {"type": "dense", "units": 3},
]


@pytest.fixture
def model() -> Sequential:
    return Sequential(LAYERS, (28, 28, 1), ("", "a", "b"), {"recipe": "small"})


@pytest.fixture
def glyphs() -> Samples:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (90, 28, 28)).astype(np.uint8)
    labels = np.array(["", "a", "b"])[np.arange(90) % 3]
    return Samples(images, labels, np.repeat(["train", "val"], [60, 30]))


def test_counts_are_sparse_and_complete() -> None:
    assert sparse(table_of(np.eye(3)[[1, 2, 0, 1]], np.array([1, 0, 1, 1]))) == [
        [0, 2, 1],
        [1, 0, 1],
        [1, 1, 2],
    ]


def test_what_is_remembered_is_enough_to_learn_on(model: Sequential, glyphs: Samples, tmp_path: Path) -> None:
    path, data = tmp_path / "model.safetensors", tmp_path / "glyphs.npz"
    model.save(path)
    write_npz(data, glyphs)
    app(["remember", str(path), "--data", str(data), "--out", str(path)], standalone_mode=False)
    finished = Sequential.load(path)
    held_out = glyphs.part("val")
    read = finished.predict(held_out.images).argmax(axis=1)
    found = confusion(finished)
    assert found is not None
    assert sum(count for _, _, count in found.counts) == 30
    right = sum(count for true, read, count in found.counts if true == read)
    assert right == (read == held_out.indices(finished.classes)).sum()
    assert finished.settings["recipe"] == "small"
    made = learn(glyphs.images[:3], ["", "a", "b"], base=path, out=tmp_path / "mine.safetensors")
    assert made.samples == 3


def test_glyphs_to_measure_on_are_needed(model: Sequential, glyphs: Samples) -> None:
    with pytest.raises(DataError, match="val"):
        remember(model, glyphs.part("train"))
    with pytest.raises(DataError, match="class 2"):
        remember(model, glyphs.take((glyphs.split == "val") | (glyphs.labels != "b")))
