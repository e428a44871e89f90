import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from nn.errors import ModelError
from nn.fold import fold
from nn.layers import BatchNorm, Dense, Dropout, Flatten
from nn.layers.fused_conv2d import FusedConv2D
from nn.model import Sequential
from nn.recipe import find_recipe, read_recipe

LAYERS: list[dict[str, Any]] = [
    {"type": "batch_norm"},
    {"type": "conv2d", "filters": 4, "kernel": 3, "bias": False},
    {"type": "batch_norm"},
    {"type": "relu"},
    {"type": "depthwise_conv2d", "kernel": 3},
    {"type": "batch_norm"},
    {"type": "swish"},
    {"type": "flatten"},
    {"type": "dropout", "rate": 0.3},
    {"type": "dense", "units": 6},
    {"type": "batch_norm"},
    {"type": "dense", "units": 3},
]


def unsettled(seed=0):
    """A model whose running statistics and scales are not those of a fresh one."""
    model = Sequential(LAYERS, (6, 6, 1), ("", "a", "é"), {"temperature": 1.5}, seed)
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        for array in [*layer.params.values(), *layer.state.values()]:
            if array.ndim == 1:
                array[...] = rng.uniform(0.5, 2, array.shape)
    return model


def pictures(count=11):
    return np.random.default_rng(5).integers(0, 256, (count, 6, 6), np.uint8)


@pytest.fixture
def path(tmp_path):
    unsettled().save(tmp_path / "model.safetensors")
    return tmp_path / "model.safetensors"


def test_predict_is_the_unfolded_forward_pass():
    model = unsettled()
    x = pictures().astype(np.float32)[..., None] / 255
    np.testing.assert_allclose(model.predict(pictures()), model.forward(x, None)[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("behind", [["relu"], ["max_pool2d"], ["relu", "max_pool2d"], ["max_pool2d", "relu"]])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("count", [1, 7])
def test_a_convolution_with_what_follows_it_in_one_layer_gives_the_same(behind, bias, count):
    conv = {"type": "conv2d", "filters": 5, "bias": bias}
    layers = [conv, *({"type": name} for name in behind), conv, {"type": "flatten"}]
    model = Sequential([*layers, {"type": "dense", "units": 2}], (7, 300, 1), ("a", "b"))
    for layer in model.layers:
        if "bias" in layer.params:
            layer.params["bias"][...] = np.random.default_rng(3).normal(size=layer.params["bias"].shape)
    x = np.random.default_rng(4).random((count, 7, 300, 1), np.float32)
    folded = fold(model.layers)
    assert [type(layer) for layer in folded] == [FusedConv2D, FusedConv2D, Flatten, Dense]
    np.testing.assert_allclose(model.predict(x), model.forward(x, None)[0], rtol=1e-5, atol=1e-5)


def test_folding_leaves_no_dropout_and_only_norms_without_a_layer_before_them():
    kinds = [type(layer) for layer in fold(unsettled().layers)]
    assert Dropout not in kinds and kinds.count(BatchNorm) == 1 and kinds[0] is BatchNorm


def test_predict_takes_bytes_or_floats_and_any_batch_size():
    model = unsettled()
    logits = model.predict(pictures())
    assert logits.dtype == np.float32 and logits.shape == (11, 3)
    floats = (pictures() / 255).astype(np.float32)[..., None]
    before = floats.copy()
    for same in (model.predict(floats), model.predict(pictures(), 1), model.predict(pictures(), 4)):
        np.testing.assert_allclose(same, logits, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(floats, before)
    assert model.predict(pictures(0)).shape == (0, 3)


def test_predict_refuses_pictures_of_another_size():
    with pytest.raises(ValueError, match=r"\(5, 6\)"):
        unsettled().predict(np.zeros((2, 5, 6), np.uint8))


def test_predict_sees_weights_that_were_set():
    model, other = unsettled(), unsettled(1)
    model.predict(pictures())
    model.set_weights(other.weights)
    np.testing.assert_array_equal(model.predict(pictures()), other.predict(pictures()))


def test_a_saved_model_comes_back_the_same(path):
    model, back = unsettled(), Sequential.load(path)
    assert (back.architecture, back.input_shape, back.classes) == (LAYERS, (6, 6, 1), ("", "a", "é"))
    assert back.settings == {"temperature": 1.5}
    np.testing.assert_array_equal(back.predict(pictures()), model.predict(pictures()))
    assert [file.name for file in path.parent.iterdir()] == ["model.safetensors"]


def test_half_precision_is_half_the_size_and_nearly_the_same(tmp_path):
    layers: list[dict[str, Any]] = [{"type": "flatten"}, {"type": "dense", "units": 40}]
    model = Sequential(layers, (28, 28, 1), [str(number) for number in range(40)])
    model.save(tmp_path / "whole")
    model.save(tmp_path / "half", half=True)
    assert (tmp_path / "half").stat().st_size < 0.55 * (tmp_path / "whole").stat().st_size
    back = Sequential.load(tmp_path / "half")
    assert {array.dtype for array in back.weights.values()} == {np.dtype(np.float32)}
    x = np.full((1, 28, 28), 128, np.uint8)
    np.testing.assert_allclose(back.predict(x), model.predict(x), atol=0.02)
    assert np.abs(back.predict(x) - model.predict(x)).max() > 0


def test_a_failed_save_leaves_the_former_file(path):
    before = path.read_bytes()
    model = unsettled()
    model.settings["not json"] = object()
    with pytest.raises(TypeError):
        model.save(path)
    assert path.read_bytes() == before and len(list(path.parent.iterdir())) == 1


def message(path):
    with pytest.raises(ModelError) as caught:
        Sequential.load(path)
    text = str(caught.value)
    assert str(path) in text and "\n" not in text
    return text


def test_missing_file(tmp_path):
    assert "no such file" in message(tmp_path / "none.safetensors")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fraction=st.floats(0, 0.999))
def test_truncated_file(path, tmp_path, fraction):
    data = path.read_bytes()
    (tmp_path / "cut").write_bytes(data[: int(fraction * len(data))])
    assert "damaged" in message(tmp_path / "cut")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_header_is_an_error_or_harmless(path, tmp_path, data):
    raw = bytearray(path.read_bytes())
    length = struct.unpack("<Q", raw[:8])[0]
    raw[data.draw(st.integers(8, 7 + length))] = data.draw(st.integers(0, 255))
    (tmp_path / "damaged").write_bytes(raw)
    try:
        Sequential.load(tmp_path / "damaged")
    except ModelError as error:
        assert str(tmp_path / "damaged") in str(error) and "\n" not in str(error)


def test_files_that_are_something_else(tmp_path):
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"\x89PNG\r\n\x1a\n" * 20)
    assert "safetensors" in message(foreign)
    save_file({"x": np.zeros(3)}, foreign)
    assert "not a model" in message(foreign)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"classes": ["a", "b"]}, "2 classes"),
        ({"classes": ["a", "a", "b"]}, "different"),
        ({"architecture": LAYERS[:-1]}, "6"),
        ({"architecture": [*LAYERS, {"type": "tanh"}, {"type": "attention"}]}, "'attention'"),
        ({"architecture": [*LAYERS[:-2], {"type": "tanh"}, LAYERS[-1]]}, "10.mean"),
        ({"architecture": [*LAYERS[:-1], {"type": "dense", "units": 3, "bias": False}]}, "11.bias"),
        ({"architecture": 5}, "description"),
        ({"input_shape": [7, 6, 1]}, "9.weight"),
        ({"input_shape": None}, "description"),
    ],
)
def test_weights_that_do_not_fit_the_description(path, tmp_path, change, expected):
    model = unsettled()
    for name, value in change.items():
        setattr(model, name, value)
    model.save(tmp_path / "mismatched")
    assert expected in message(tmp_path / "mismatched")


def test_weights_that_are_not_floats(tmp_path):
    model = unsettled()
    names = ("architecture", "input_shape", "classes", "settings")
    description = {name: getattr(model, name) for name in names}
    tensors = {name: array.astype(np.int32) for name, array in model.weights.items()}
    metadata = {"format": "letters-nn 1", "model": json.dumps(description)}
    save_file(tensors, tmp_path / "integers", metadata)
    assert "int32" in message(tmp_path / "integers")


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([{"type": "flaten"}], "layer 1 (flaten): type = 'flaten'"),
        ([{"filters": 3}], "layer 1 (None): type = None"),
        ([{"type": "conv2d", "filtres": 3}], "filtres = 3: unknown key; known are filters, kernel"),
        ([{"type": "conv2d"}], "filters is missing"),
        ([{"type": "conv2d", "filters": "many"}], "filters = 'many': must be a whole number"),
        ([{"type": "conv2d", "filters": 2.5}], "filters = 2.5: must be a whole number"),
        ([{"type": "conv2d", "filters": True}], "filters = True: must be a whole number"),
        ([{"type": "conv2d", "filters": 3, "stride": 0}], "stride = 0: must be at least 1"),
        ([{"type": "conv2d", "filters": 3, "padding": "full"}], "padding = 'full'"),
        ([{"type": "conv2d", "filters": 3, "kernel": 9, "padding": "valid"}], "kernel = 9: larger than"),
        ([{"type": "conv2d", "filters": 3, "initializer": "ones"}], "initializer = 'ones'"),
        ([{"type": "conv2d", "filters": 3, "kernel": 4}], "kernel = 4: must be odd where padding is same"),
        ([{"type": "dropout", "rate": 1}], "rate = 1: must be"),
        ([{"type": "dense", "units": 3}], "flatten"),
        ([{"type": "flatten"}, {"type": "max_pool2d"}], "layer 2 (max_pool2d)"),
        ([{"type": "flatten"}, {"type": "dense", "units": 4}], "layer 2 (dense): units = 4: the last"),
        ([{"type": "flatten"}], "gives (36,), which does not fit 3 classes"),
        ([], "at least one layer"),
    ],
)
def test_architectures_that_cannot_be(layers, expected):
    with pytest.raises(ModelError) as caught:
        Sequential(layers, (6, 6, 1), ("a", "b", "c"))
    assert expected in str(caught.value)


def test_summary_counts_the_bundled_network():
    recipe = read_recipe(find_recipe("reader"))
    model = Sequential(recipe.architecture(62), recipe.input_shape, [str(number) for number in range(62)])
    weights = 25 * 32 + 9 * 32 * 64 + 9 * 64 * 96 + 9 * 96 * 128 + 3200 * 192 + 192 * 62 + 62
    assert model.parameters == weights + 2 * (32 + 64 + 96 + 128 + 192)
    lines = model.summary().splitlines()
    assert lines[1].split() == ["conv2d", "14x14x32", "800", "0.31"]
    assert lines[-1].split() == ["total", f"{model.parameters:,}", "19.74"]
