import json
from typing import Any

import numpy as np
import pytest

from nn.commands.cli import main
from nn.errors import ModelError
from nn.export import to_onnx
from nn.finder import MAPS, FinderModel
from nn.layers import LAYERS
from nn.losses import softmax
from nn.model import Sequential
from nn.predict import probabilities
from nn.recipe import RECIPES, find_recipe, read_recipe
from nn.sequence import SequenceModel

TRAINED = {"training": {"recipe": {"input_shape": [9, 8, 2], "layers": [{"type": "flatten"}]}}}
EVERYTHING: list[dict[str, Any]] = [
    {"type": "batch_norm"},
    {"type": "gaussian_noise"},
    {"type": "conv2d", "filters": 4, "kernel": 3, "stride": 2},
    {"type": "leaky_relu", "slope": 0.3},
    {"type": "depthwise_conv2d", "kernel": 5},
    {"type": "mish"},
    {"type": "conv2d", "filters": 4, "kernel": 2, "padding": "valid", "bias": False},
    {"type": "batch_norm"},
    {"type": "tanh_exp"},
    {"type": "flatten"},
    {"type": "dense", "units": 8},
    {"type": "batch_norm"},
    {"type": "swish"},
    {"type": "dropout"},
    {"type": "dense", "units": 8, "bias": False},
    {"type": "sigmoid"},
    {"type": "dense", "units": 5},
    {"type": "tanh"},
    {"type": "relu"},
    {"type": "flatten"},
    {"type": "dense", "units": 3},
]
BRANCHES: list[dict[str, Any]] = [
    {
        "type": "concat",
        "branches": [
            [{"type": "conv2d", "filters": 3}],
            [],
            [{"type": "max_pool2d"}, {"type": "upsample2d"}],
        ],
    },
    {"type": "relu"},
    {"type": "global_avg_pool2d"},
    {"type": "dense", "units": 3},
]
POOLS: list[dict[str, Any]] = [
    {"type": "max_pool2d", "kernel": 2},
    {"type": "avg_pool2d", "kernel": 2},
    {"type": "flatten"},
    {"type": "dense", "units": 3},
]

SEQUENCE: list[dict[str, Any]] = [
    {"type": "max_pool2d", "kernel": 3, "columns": 1},
    {"type": "conv2d", "filters": 3, "kernel": 3},
    {"type": "columns"},
    {"type": "conv1d", "filters": 4, "kernel": 5},
    {"type": "batch_norm"},
    {"type": "relu"},
    {
        "type": "residual",
        "layers": [
            {"type": "depthwise_conv1d", "kernel": 3, "dilation": 2},
            {"type": "batch_norm", "start": 0.5},
            {"type": "relu"},
            {"type": "conv1d", "filters": 4, "kernel": 3, "dilation": 2},
        ],
    },
    {"type": "conv1d", "filters": 2, "kernel": 3, "stride": 2, "bias": False},
    {"type": "flatten"},
    {"type": "dense", "units": 3},
]

SMALLER: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 4, "stride": 2},
    {"type": "upsample2d"},
]
FINDER: list[dict[str, Any]] = [
    {"type": "conv2d", "filters": 4, "kernel": 5, "stride": 2},
    {"type": "residual", "layers": SMALLER},
    {"type": "conv2d", "filters": 5, "kernel": 1},
]


def session(content):
    runtime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    pytest.importorskip("onnx", reason="onnx is not installed")
    return runtime.InferenceSession(content, providers=["CPUExecutionProvider"])


def onnx_of(model):
    pytest.importorskip("onnx", reason="onnx is not installed")
    return to_onnx(model)


def unsettled(model):
    rng = np.random.default_rng(1)
    for array in model.weights.values():
        if array.ndim == 1:
            array[...] = rng.uniform(0.5, 1.5, array.shape)
    return model


def test_every_layer_can_be_exported():
    assert {
        table["type"] for table in EVERYTHING + POOLS + BRANCHES + SEQUENCE + SEQUENCE[6]["layers"] + SMALLER
    } == set(LAYERS)


def test_branches_say_the_same():
    model = unsettled(Sequential(BRANCHES, (8, 6, 2), ("", "a", "é")))
    pictures = np.random.default_rng(0).random((3, 8, 6, 2), np.float32)
    (logits,) = session(onnx_of(model)).run(["logits"], {"pictures": pictures})
    np.testing.assert_allclose(logits, model.predict(pictures), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("layers", [EVERYTHING, POOLS, SEQUENCE])
@pytest.mark.parametrize("loss", ["cross_entropy", "binary_cross_entropy", "cross_entropy_sigmoid"])
def test_onnxruntime_says_the_same(layers, loss):
    training = TRAINED["training"]
    settings = {"temperature": 1.7, "training": {"recipe": training["recipe"] | {"train": {"loss": loss}}}}
    model = unsettled(Sequential(layers, (9, 8, 2), ("", "a", "é"), settings))
    running = session(onnx_of(model))
    for count in (1, 7):
        pictures = np.random.default_rng(0).random((count, 9, 8, 2), np.float32)
        logits, rates = running.run(["logits", "probabilities"], {"pictures": pictures})
        ours = model.predict(pictures)
        np.testing.assert_allclose(logits, ours, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(rates, probabilities(model, ours), atol=1e-4)
    assert json.loads(running.get_modelmeta().custom_metadata_map["classes"]) == ["", "a", "é"]


@pytest.mark.parametrize("name", sorted(path.stem for path in RECIPES.glob("*.toml")))
def test_every_recipe_can_be_exported(name):
    recipe = read_recipe(find_recipe(name))
    model = unsettled(Sequential(recipe.architecture(10), recipe.input_shape, "0123456789"))
    pictures = np.random.default_rng(0).random((3, *recipe.input_shape), np.float32)
    (rates,) = session(onnx_of(model)).run(["probabilities"], {"pictures": pictures})
    assert np.abs(rates - softmax(model.predict(pictures))).max() <= 1e-4


def test_networks_that_read_lines_say_the_same_of_any_width(tmp_path):
    recipe = read_recipe(find_recipe("strips/lines"))
    classes = recipe.classes
    model = SequenceModel(recipe.architecture(len(classes)), recipe.input_shape, classes)
    running = session(onnx_of(unsettled(model)))
    for width in (40, 256, 300):
        strips = list(np.random.default_rng(0).integers(0, 256, (2, 32, width), np.uint8))
        pictures = (np.stack(strips)[..., None] / 255).astype(np.float32)
        logits, rates = running.run(["logits", "probabilities"], {"pictures": pictures})
        assert logits.shape == rates.shape == (2, width // 2, len(classes))
        np.testing.assert_allclose(logits, np.stack(model.read(strips)), rtol=1e-3, atol=1e-3)
        np.testing.assert_allclose(rates.sum(axis=2), 1, atol=1e-4)


def test_networks_that_find_text_say_the_same_of_any_size():
    model = unsettled(FinderModel(FINDER, (64, 64, 1), MAPS))
    running = session(onnx_of(model))
    for height, width in ((64, 64), (32, 96)):
        picture = np.random.default_rng(0).integers(0, 256, (height, width), np.uint8)
        (maps,) = running.run(["maps"], {"pictures": (picture / 255).astype(np.float32)[None, ..., None]})
        np.testing.assert_allclose(maps[0], model.maps(picture), rtol=1e-3, atol=1e-4)


def test_the_command(tmp_path, monkeypatch, capsys):
    model = Sequential(POOLS, (8, 8, 1), ("a", "b", "c"))
    model.save(tmp_path / "model.safetensors")
    out = tmp_path / "model.onnx"
    arguments = ["export", str(tmp_path / "model.safetensors"), "--onnx", str(out)]
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(ModelError, match="needs onnx"):
        to_onnx(model)
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 4 and not out.exists()
    monkeypatch.undo()
    content = onnx_of(model)
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert not caught.value.code and out.read_bytes() == content
    assert capsys.readouterr().out == f"{out}: {len(content)} bytes\n"
