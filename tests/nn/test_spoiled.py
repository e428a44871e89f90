"""Model files, recipes and checkpoints with something spoiled in them: one line that names it, or no harm."""

from __future__ import annotations

import copy
import datetime
import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from nn.commands.cli import main
from nn.data import Samples, write_npz
from nn.errors import ModelError
from nn.model import FORMAT, Sequential, read_tensors
from nn.predict import probabilities
from nn.recipe import Recipe, parse_recipe, read_recipe
from nn.training.run_folder import RunFolder
from nn.training.train import train
from ocr.recognition.classify import load_classifier

VALUES: list[Any] = [
    None,
    True,
    -1,
    0,
    3,
    1.5,
    float("nan"),
    float("inf"),
    10**12,
    10**400,
    "",
    "x",
    "a\nb" * 1000,
    "\ud800",
    [],
    [1] * 1000,
    [[]],
    {},
    {"type": "dense"},
]
DEEP = "[" * 100_000
SIDE = 28
LAYERS: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 2, "kernel": 3, "stride": 2},
    {"type": "batch_norm"},
    {"type": "leaky_relu"},
    {"type": "depthwise_conv2d", "kernel": 3},
    {"type": "avg_pool2d", "kernel": 7},
    {"type": "dropout", "rate": 0.1},
    {"type": "flatten"},
    {"type": "dense", "units": 3, "initializer": "glorot"},
]
RECIPE = {
    "input_shape": [8, 8, 1],
    "classes": ["", "a", "b"],
    "task": "",
    "layers": [{"type": "flatten"}, {"type": "dense", "units": "classes", "sigma": 0.1}],
    "optimizer": {"type": "sgd", "rate": 0.1, "momentum": 0.5, "nesterov": True},
    "schedule": {"type": "step", "drop": 0.5, "at": [0.5]},
    "augment": {"rotation": 3, "cutout_size": 3},
    "train": {"epochs": 2, "batch_size": 8, "loss": "cross_entropy", "seed": 1, "threads": 1},
}
TOML = """
input_shape = [8, 8, 1]
layers = [{ type = "batch_norm" }, { type = "flatten" }, { type = "dense", units = "classes" }]
[train]
epochs = 2
batch_size = 32
"""


def spoiled(table: Any, values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield copies of JSON in which one value, list or table is another, or is missing."""
    for path in _paths(table):
        for value in [*values, ...]:
            changed = copy.deepcopy(table)
            inside = changed
            for step in path[:-1]:
                inside = inside[step]
            if value is ...:
                del inside[path[-1]]
            else:
                inside[path[-1]] = value
            yield ".".join(map(str, path)), changed


def _paths(table: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(table, dict | list):
        for key in table if isinstance(table, dict) else range(len(table)):
            yield from _paths(table[key], (*path, key))


def check(error: ModelError, name: object, said: str = "") -> None:
    """Hold that an error is one line of a length that can be read, and names what it is about."""
    text = str(error)
    assert str(name) in text and said in text and "\n" not in text
    assert len(text) < len(str(name)) + 500


@pytest.fixture
def model() -> Sequential:
    settings = {
        "temperature": 1.5,
        "placement": {"a": [0, 1, 0.1, 0.1, 0, 0]},
        "frequencies": {"a": 2.0},
        "training": {"recipe": RECIPE},
    }
    return Sequential(LAYERS, (SIDE, SIDE, 1), ("", "a", "b"), settings)


def description(model: Sequential) -> dict[str, Any]:
    return {
        "architecture": model.architecture,
        "input_shape": list(model.input_shape),
        "classes": list(model.classes),
        "settings": model.settings,
    }


def write(path: Path, tensors: dict[str, np.ndarray], described: str) -> Path:
    save_file(tensors, path, {"format": FORMAT, "model": described})
    return path


def test_a_spoiled_description_is_told_or_does_no_harm(tmp_path: Path, model: Sequential) -> None:
    glyphs, done = np.eye(SIDE, dtype=np.uint8)[None] * 255, 0
    path = tmp_path / "model.safetensors"
    for _, changed in spoiled(description(model), VALUES):
        write(path, model.weights, json.dumps(changed))
        try:
            loaded = Sequential.load(path)
            assert np.isfinite(probabilities(loaded, loaded.predict(glyphs))).all()
        except ModelError as error:
            check(error, path)
        load_classifier.cache_clear()
        try:
            classifier = load_classifier(path)
            assert np.isfinite(classifier.log_probabilities(glyphs)).all()
        except ModelError as error:
            check(error, path)
            done += 1
    assert done > 500


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"settings": {"temperature": "x"}}, "temperature = 'x': must be a number from 0.01 to 100"),
        ({"settings": {"temperature": True}}, "temperature = True"),
        ({"settings": []}, "settings = []: must be a table"),
        ({"classes": "abc"}, "classes = 'abc': must be a list"),
        ({"classes": [["a"], "b", "c"]}, "classes = [['a'], 'b', 'c']"),
        ({"input_shape": [True, 28, 1]}, "input_shape = [True, 28, 1]"),
        ({"input_shape": [28.0, 28, 1]}, "input_shape = [28.0, 28, 1]"),
        ({"input_shape": [10**6, 10**6, 1]}, "input_shape = [1000000, 1000000, 1]"),
        ({"architecture": [{"type": ["dense"]}]}, "layer 1 (['dense']): type = ['dense']: must be one of"),
    ],
)
def test_fields_are_named(tmp_path: Path, model: Sequential, change: dict[str, Any], said: str) -> None:
    path = write(tmp_path / "m", model.weights, json.dumps(description(model) | change))
    with pytest.raises(ModelError) as caught:
        Sequential.load(path)
    check(caught.value, path, said)


@pytest.mark.parametrize("described", [DEEP, '{"a":' * 100_000, "", "{", "9" * 5000, "[]", "null"])
def test_what_is_no_description_is_told(tmp_path: Path, model: Sequential, described: str) -> None:
    path = write(tmp_path / "m", model.weights, described)
    with pytest.raises(ModelError) as caught:
        Sequential.load(path)
    check(caught.value, path, "damaged description")


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ([{"type": "flatten"}, {"type": "dense", "units": 150_000}], "weights 1.bias are (3,), expected"),
        ([{"type": "flatten"}, {"type": "dense", "units": 1_500_000}], "weights: a network has at most"),
        ([{"type": "flatten"}, {"type": "dense", "units": 10**12}], "weights: a network has at most"),
        ([{"type": "conv2d", "filters": 10**9}], "weights: a network has at most"),
        ([{"type": "depthwise_conv2d", "kernel": 10**9 + 1}], "weights: a network has at most"),
        ([{"type": "conv2d", "filters": 1_000_000}], "numbers: a layer gives at most"),
    ],
)
def test_layers_too_large_are_refused_before_they_take_memory(
    tmp_path: Path, layers: list[dict[str, Any]], said: str
) -> None:
    weights = {"1.weight": np.zeros((784, 3), np.float32), "1.bias": np.zeros(3, np.float32)}
    tail = [{"type": "flatten"}] if layers[0]["type"] != "flatten" else []
    units = layers[-1].get("units", 3)
    classes = [str(n) for n in range(units)] if units <= 2_000_000 else ["a", "b"]
    shape = {"input_shape": [28, 28, 1], "settings": {}}
    described = {**shape, "architecture": layers + tail, "classes": classes}
    path = write(tmp_path / "m", weights, json.dumps(described))
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(ModelError) as caught:
        Sequential.load(path)
    check(caught.value, path, said)
    assert time.process_time() - begun < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 1_000_000  # in kB


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("7.weight", lambda a: a * np.float32("nan"), "weights 7.weight hold what is no number"),
        ("7.weight", lambda a: a.astype(np.float64) * 1e300, "weights 7.weight hold what is no number"),
        ("7.bias", lambda a: a.astype(np.int32), "weights 7.bias are int32, expected floats"),
        ("1.variance", lambda a: a * 0 - 1, "weights 1.variance hold a variance below 0"),
        ("7.weight", lambda a: a * 0 + np.float32(3e38), "gives what is no number"),
    ],
)
def test_weights_that_are_no_numbers_are_told(
    tmp_path: Path, model: Sequential, name: str, change: Any, said: str
) -> None:
    weights = {key: change(array) if key == name else array for key, array in model.weights.items()}
    weights["0.weight"] = weights["0.weight"] + 10
    path = write(tmp_path / "m", weights, json.dumps(description(model)))
    glyph = np.full((1, SIDE, SIDE), 255, np.uint8)
    for use in (load_classifier, lambda file: probabilities(*_predicted(file, glyph))):
        with pytest.raises(ModelError) as caught, np.errstate(all="ignore"):
            use(path)
        check(caught.value, path, said)


def _predicted(file: Path, glyph: np.ndarray) -> tuple[Sequential, np.ndarray]:
    model = Sequential.load(file)
    return model, model.predict(glyph)


@pytest.mark.parametrize("c", ["ab", "\ud800", " ", "\n", "\x00"])
def test_a_readers_classes_are_single_characters(tmp_path: Path, model: Sequential, c: str) -> None:
    path = write(tmp_path / "m", model.weights, json.dumps(description(model) | {"classes": ["", "a", c]}))
    Sequential.load(path)
    with pytest.raises(ModelError) as caught:
        load_classifier(path)
    check(caught.value, path, "classes: ")


def test_a_spoiled_recipe_is_told_or_makes_a_network() -> None:
    values = [*VALUES, datetime.date(2026, 1, 1), datetime.time(1), [datetime.date(2026, 1, 1)]]
    refused = 0
    for where, changed in spoiled(RECIPE, values):
        try:
            recipe = parse_recipe(changed, "mine.toml")
            if recipe.classes:
                Sequential(recipe.architecture(len(recipe.classes)), recipe.input_shape, recipe.classes)
        except ModelError as error:
            check(error, "mine.toml" if "does not fit" not in str(error) else "layer", "")
            refused += 1
        except Exception as error:
            raise AssertionError(where) from error
    assert refused > 500


def test_a_recipe_of_deep_tables_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f"layers = {'[' * 20_000}{']' * 20_000}")
    with pytest.raises(ModelError) as caught:
        read_recipe(path)
    check(caught.value, path)


@pytest.fixture
def run(tmp_path: Path, samples: Samples) -> tuple[Recipe, RunFolder]:
    (tmp_path / "mine.toml").write_text(TOML)
    write_npz(tmp_path / "data.npz", samples)
    recipe, folder = read_recipe(tmp_path / "mine.toml"), RunFolder(tmp_path / "run")
    train(recipe, samples, folder, Silent())
    return recipe, folder


class Silent:
    def begin(self, *_: object) -> None: ...

    def step(self, *_: object) -> None: ...

    def epoch(self, *_: object) -> None: ...

    def note(self, *_: object) -> None: ...


def test_a_spoiled_checkpoint_is_told_or_does_no_harm(run: tuple[Recipe, RunFolder]) -> None:
    _, folder = run
    tensors, kept = read_tensors(folder.checkpoint)
    refused = 0
    for _, changed in spoiled(json.loads(kept["checkpoint"]), VALUES):
        save_file(tensors, folder.checkpoint, {"checkpoint": json.dumps(changed)})
        try:
            _, steps, epochs = folder.read_checkpoint()
            assert steps >= 0 and [epoch.epoch for epoch in epochs] == list(range(1, len(epochs) + 1))
        except ModelError as error:
            check(error, folder.checkpoint)
            refused += 1
    assert refused > 100
    save_file(tensors, folder.checkpoint, {"checkpoint": DEEP})
    with pytest.raises(ModelError, match=r"checkpoint\.safetensors"):
        folder.read_checkpoint()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda name, a: a.astype(np.int32), "expected floats"),
        (lambda name, a: a * np.float32("nan"), "no number"),
        (lambda name, a: a[:-1], "expected ("),
        (lambda name, a: a * 0 - 1 if name.endswith(".variance") else a, "a variance below 0"),
    ],
)
def test_a_checkpoint_of_other_weights_is_not_gone_on_with(
    run: tuple[Recipe, RunFolder], change: Any, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, folder = run
    tensors, kept = read_tensors(folder.checkpoint)
    changed = {name: np.ascontiguousarray(change(name, array)) for name, array in tensors.items()}
    save_file(changed, folder.checkpoint, kept)
    before = folder.best.read_bytes()
    here = folder.path.parent
    with pytest.raises(SystemExit) as caught:
        arguments = ["train", here / "mine.toml", "--data", here / "data.npz", "--out", folder.path]
        main([*map(str, arguments), "--epochs", "3", "--resume"])
    told = capsys.readouterr().err
    assert caught.value.code == 4 and told.count("\n") == 1
    assert str(folder.checkpoint) in told and said in told
    assert folder.best.read_bytes() == before
