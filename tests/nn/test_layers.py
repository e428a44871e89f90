from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage
from scipy.special import expit

from nn.errors import ModelError
from nn.layers import (
    LAYERS,
    AvgPool2D,
    BatchNorm,
    Conv1D,
    Conv2D,
    Dense,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Dropout,
    GaussianNoise,
    Layer,
    MaxPool2D,
    Residual,
    Upsample2D,
)
from nn.losses import softmax_cross_entropy
from nn.model import Sequential, build


def correlate(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Correlate where the kernel lies within the array (`scipy.signal` takes long to load)."""
    within = [slice(k // 2, k // 2 + n - k + 1) for n, k in zip(x.shape, kernel.shape, strict=True)]
    return ndimage.correlate(x, kernel, mode="constant")[tuple(within)]


BLOCK = [
    {"type": "depthwise_conv1d", "kernel": 3},
    {"type": "batch_norm"},
    {"type": "conv1d", "filters": 4, "kernel": 1},
    {"type": "tanh"},
    {"type": "dropout", "rate": 0.3},
    {"type": "conv1d", "filters": 3, "kernel": 3, "bias": False},
]
NESTED = [
    {"type": "conv2d", "filters": 4, "stride": 2},
    {"type": "residual", "layers": [{"type": "depthwise_conv2d"}, {"type": "tanh"}]},
    {"type": "conv2d", "filters": 2, "kernel": 1},
    {"type": "upsample2d"},
]
BRANCHES = [
    [{"type": "conv2d", "filters": 2, "kernel": 1}, {"type": "tanh"}],
    [],
    [
        {"type": "conv2d", "filters": 3, "bias": False},
        {"type": "batch_norm"},
        {"type": "dropout", "rate": 0.3},
    ],
]
CASES = [
    ("dense", {"units": 5}, (7,)),
    ("dense", {"units": 5, "bias": False, "initializer": "glorot"}, (7,)),
    ("conv2d", {"filters": 4, "kernel": 3}, (6, 5, 2)),
    ("conv2d", {"filters": 3, "kernel": 3, "padding": "valid", "bias": False}, (5, 6, 2)),
    ("conv2d", {"filters": 3, "kernel": 5, "stride": 2}, (8, 7, 2)),
    ("conv2d", {"filters": 3, "kernel": 2, "stride": 3, "padding": "valid"}, (8, 9, 2)),
    ("conv2d", {"filters": 3, "kernel": 1}, (4, 4, 2)),
    ("depthwise_conv2d", {"kernel": 3}, (5, 6, 3)),
    ("depthwise_conv2d", {"kernel": 3, "stride": 2, "padding": "valid", "bias": False}, (7, 7, 2)),
    ("max_pool2d", {}, (6, 4, 3)),
    ("max_pool2d", {"kernel": 3}, (7, 8, 2)),
    ("max_pool2d", {"columns": 1}, (7, 5, 2)),
    ("conv1d", {"filters": 4, "kernel": 3}, (6, 2)),
    ("conv1d", {"filters": 3, "kernel": 5, "bias": False}, (4, 3)),
    ("conv1d", {"filters": 3, "kernel": 1}, (5, 2)),
    ("conv1d", {"filters": 3, "kernel": 3, "stride": 2}, (7, 2)),
    ("conv1d", {"filters": 3, "kernel": 3, "dilation": 3}, (8, 2)),
    ("depthwise_conv1d", {"kernel": 5}, (7, 3)),
    ("depthwise_conv1d", {"kernel": 3, "dilation": 2, "bias": False}, (4, 3)),
    ("residual", {"layers": BLOCK}, (5, 3)),
    ("residual", {"layers": NESTED}, (4, 6, 2)),
    ("concat", {"branches": BRANCHES}, (4, 3, 2)),
    ("concat", {"branches": [[{"type": "dense", "units": 2}], [{"type": "relu"}]]}, (5,)),
    ("global_avg_pool2d", {}, (3, 4, 5)),
    ("upsample2d", {}, (3, 2, 2)),
    ("upsample2d", {"scale": 3}, (2, 3, 1)),
    ("columns", {}, (4, 5, 3)),
    ("avg_pool2d", {}, (6, 4, 3)),
    ("avg_pool2d", {"kernel": 3}, (7, 8, 2)),
    ("gaussian_noise", {"sigma": 0.3}, (9,)),
    ("batch_norm", {}, (6,)),
    ("batch_norm", {}, (3, 4, 5)),
    ("dropout", {"rate": 0.4}, (9,)),
    ("flatten", {}, (2, 3, 4)),
    ("relu", {}, (8,)),
    ("leaky_relu", {"slope": 0.2}, (8,)),
    ("sigmoid", {}, (8,)),
    ("tanh", {}, (8,)),
    ("swish", {}, (2, 2, 3)),
    ("mish", {}, (2, 2, 3)),
    ("tanh_exp", {}, (2, 2, 3)),
]
ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "sigmoid": expit,
    "tanh": np.tanh,
    "swish": lambda x: x * expit(x),
    "mish": lambda x: x * np.tanh(np.logaddexp(0, x)),
    "tanh_exp": lambda x: x * np.tanh(np.exp(np.minimum(x, 700))),
}


def nested(times: int) -> list[dict[str, Any]]:
    """Residual layers inside each other."""
    layers: list[dict[str, Any]] = [{"type": "relu"}]
    for _ in range(times):
        layers = [{"type": "residual", "layers": layers}]
    return layers


def in_float64(layer: Layer) -> None:
    layer.params = {name: array.astype(np.float64) for name, array in layer.params.items()}
    layer.state = {name: array.astype(np.float64) for name, array in layer.state.items()}


def slope(value, array, step=1e-6):
    """Central differences of the function `value` of no arguments for each element of `array`."""
    slopes = np.empty_like(array)
    for place in np.ndindex(array.shape):
        middle = array[place]
        array[place] = middle + step
        above = value()
        array[place] = middle - step
        slopes[place] = (above - value()) / (2 * step)
        array[place] = middle
    return slopes


def test_every_layer_is_checked():
    assert {name for name, _, _ in CASES} == set(LAYERS)


@pytest.mark.parametrize(("name", "options", "shape"), CASES)
def test_gradient(name, options, shape):
    rng = np.random.default_rng(1)
    layer = LAYERS[name](**options)
    out = layer.build(shape, rng)
    in_float64(layer)
    for array in layer.params.values():
        array += rng.normal(size=array.shape) / 3
    x, weights = rng.normal(size=(4, *shape)), rng.normal(size=(4, *out))

    def value():
        return float((layer.forward(x.copy(), np.random.default_rng(2))[0] * weights).sum())

    y, backprop = layer.forward(x.copy(), np.random.default_rng(2))
    dx, gradients = backprop(weights.copy())
    assert y.shape == weights.shape and y.dtype == dx.dtype == np.float64
    np.testing.assert_allclose(dx, slope(value, x), rtol=1e-5, atol=1e-7)
    assert gradients.keys() == layer.params.keys() | layer.state.keys()
    for key, array in layer.params.items():
        np.testing.assert_allclose(gradients[key], slope(value, array), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("name", "options", "shape"), CASES)
def test_float32_stays_float32_and_batches_are_independent_when_predicting(name, options, shape):
    rng = np.random.default_rng(1)
    layer = LAYERS[name](**options)
    out = layer.build(shape, rng)
    x = rng.standard_normal((5, *shape), np.float32)
    whole = layer.forward(x.copy(), None)[0]
    assert whole.dtype == np.float32 and whole.shape == (5, *out)
    np.testing.assert_allclose(layer.forward(x[2:3].copy(), None)[0], whole[2:3], rtol=1e-5, atol=1e-6)
    y, backprop = layer.forward(x.copy(), rng)
    dx, gradients = backprop(np.ones_like(y))
    assert dx.dtype == np.float32 and all(array.dtype == np.float32 for array in gradients.values())


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=8))
def test_activations_are_right_for_any_finite_input(name, values):
    x = np.array(values, np.float32)
    expected = ACTIVATIONS[name](x.astype(np.float64))
    with np.errstate(under="ignore"):
        y, backprop = LAYERS[name]().forward(x.copy(), None)
        dx, _ = backprop(np.ones_like(y))
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)
    assert np.isfinite(dx).all() and np.abs(dx).max() <= 1.2


def test_gradient_of_a_whole_network():
    rng = np.random.default_rng(3)
    layers: list[dict[str, Any]] = [
        {"type": "conv2d", "filters": 3, "kernel": 3, "bias": False},
        {"type": "batch_norm"},
        {"type": "relu"},
        {"type": "max_pool2d"},
        {"type": "conv2d", "filters": 4, "kernel": 3},
        {"type": "tanh"},
        {"type": "relu"},
        {"type": "flatten"},
        {"type": "dropout", "rate": 0.3},
        {"type": "dense", "units": 3},
    ]
    model = Sequential(layers, (6, 6, 2), ("a", "b", "c"))
    for layer in model.layers:
        in_float64(layer)
    x, labels = rng.normal(size=(5, 6, 6, 2)), np.array([0, 2, 1, 1, 0])

    def value():
        logits = model.forward(x.copy(), np.random.default_rng(4))[0]
        return float(softmax_cross_entropy(logits, labels, 0.1)[0].sum())

    logits, backprop = model.forward(x.copy(), np.random.default_rng(4))
    gradients = backprop(softmax_cross_entropy(logits, labels, 0.1)[1])
    for name, array in model.params.items():
        np.testing.assert_allclose(gradients[name], slope(value, array), rtol=1e-4, atol=1e-7)


def test_nothing_goes_back_to_layers_that_learn_nothing():
    layers: list[dict[str, Any]] = [
        {"type": "avg_pool2d"},
        {"type": "flatten"},
        {"type": "dense", "units": 3},
    ]
    model = Sequential([*layers, {"type": "tanh"}, {"type": "dense", "units": 2}], (4, 4, 1), ("a", "b"))
    assert [layer.first for layer in model.layers] == [False, False, True, False, False]
    x = np.random.default_rng(0).random((5, 4, 4, 1), np.float32)
    _, backprop = model.forward(x.copy(), np.random.default_rng(0))
    gradients = backprop(np.ones((5, 2), np.float32))
    hidden = model.layers[2].forward(x.reshape(5, 2, 2, 2, 2).mean((2, 4)).reshape(5, 4), None)[0]
    slopes = (1 - np.tanh(hidden) ** 2) * model.params["4.weight"].sum(axis=1)
    pooled = x.reshape(5, 2, 2, 2, 2).mean((2, 4)).reshape(5, 4)
    np.testing.assert_allclose(gradients["2.weight"], pooled.T @ slopes, rtol=1e-4)


@pytest.mark.parametrize("stride", [1, 2])
def test_convolution_is_scipys(stride):
    rng = np.random.default_rng(0)
    layer = Conv2D(filters=4, kernel=3, stride=stride, padding="valid")
    layer.build((9, 7, 2), rng)
    in_float64(layer)
    x = rng.normal(size=(2, 9, 7, 2))
    y, _ = layer.forward(x.copy(), None)
    for n in range(2):
        for f in range(4):
            full = correlate(x[n], layer.params["weight"][..., f])[:, :, 0]
            np.testing.assert_allclose(y[n, :, :, f], full[::stride, ::stride], atol=1e-12)


@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (1, 3), (2, 1), (2, 2)])
def test_convolution_along_a_sequence_is_scipys(stride, dilation):
    rng = np.random.default_rng(0)
    layer = Conv1D(filters=4, kernel=3, stride=stride, dilation=dilation)
    assert layer.build((9, 2), rng) == (-(-9 // stride), 4)
    in_float64(layer)
    x, (kernel, _, filters) = rng.normal(size=(2, 9, 2)), layer.params["weight"].shape
    y, _ = layer.forward(x.copy(), None)
    wide = np.zeros(((kernel - 1) * dilation + 1, 2, filters))
    wide[::dilation] = layer.params["weight"]
    padded = np.pad(x, ((0, 0), (dilation, dilation), (0, 0)))
    for n, f in np.ndindex(2, filters):
        full = correlate(padded[n], wide[..., f])[:, 0]
        np.testing.assert_allclose(y[n, :, f], full[::stride], atol=1e-12)


@pytest.mark.parametrize("dilation", [1, 2])
def test_depthwise_convolution_along_a_sequence_is_scipys(dilation):
    rng = np.random.default_rng(0)
    layer = DepthwiseConv1D(kernel=5, dilation=dilation)
    layer.build((7, 3), rng)
    in_float64(layer)
    x = rng.normal(size=(2, 7, 3))
    y, _ = layer.forward(x.copy(), None)
    wide = np.zeros((4 * dilation + 1, 3))
    wide[::dilation] = layer.params["weight"]
    for n, c in np.ndindex(2, 3):
        full = correlate(np.pad(x[n, :, c], 2 * dilation), wide[:, c])
        np.testing.assert_allclose(y[n, :, c], full, atol=1e-12)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "layers: must be a list of at least one layer"),
        ([3], "must be tables of layers"),
        (nested(6), "layers: layers with others inside are nested more than 6 deep"),
        ([{"type": "conv1d", "filters": 4}], r"layer 1 \(residual\): its layers make \(4, 4\) of \(4, 3\)"),
        ([{"type": "conv1d"}], r"layer 1 \(residual\): inside, layer 1 \(conv1d\): filters is missing"),
        ([{"type": "attention"}], "inside, layer 1 .attention.: type = 'attention': must be one of"),
    ],
)
def test_residual_blocks_that_cannot_be_are_refused(layers, message):
    with pytest.raises(ModelError, match=message):
        build([{"type": "residual", "layers": layers}], (4, 3), None)


@pytest.mark.parametrize(
    ("branches", "message"),
    [
        ([[]], "branches: must be a list of at least two lists of layers"),
        ([[], 3], "layers: must be a list of layers"),
        ([[], [{"type": "max_pool2d"}]], r"branch 2 gives \(2, 2, 1\), branch 1 \(4, 4, 1\): only the last"),
        ([[], [{"type": "conv2d"}]], "branch 2: inside, layer 1 .conv2d.: filters is missing"),
        ([[], nested(7)], "nested more than 6 deep"),
        ([[], [{"type": "concat", "branches": [[], nested(6)]}]], "nested more than 6 deep"),
    ],
)
def test_branches_that_cannot_be_are_refused(branches, message):
    with pytest.raises(ModelError, match=message):
        build([{"type": "concat", "branches": branches}], (4, 4, 1), None)


def test_branches_come_one_after_another_and_are_the_same_when_folded():
    rng = np.random.default_rng(0)
    layers: list[dict[str, Any]] = [
        {"type": "concat", "branches": BRANCHES},
        {"type": "global_avg_pool2d"},
        {"type": "dense", "units": 2},
    ]
    model = Sequential(layers, (4, 3, 2), ("a", "b"))
    for array in model.weights.values():
        array[...] = rng.uniform(0.5, 1.5, array.shape)
    x = rng.random((5, 4, 3, 2), np.float32)
    y = model.layers[0].forward(x.copy(), None)[0]
    np.testing.assert_array_equal(y[..., 2:4], x)
    first = model.layers[0].forward(x.copy(), None)[0][..., :2]
    weight, bias = model.params["0.0.0.weight"][0, 0], model.params["0.0.0.bias"]
    np.testing.assert_allclose(first, np.tanh(x @ weight + bias), rtol=1e-5)
    np.testing.assert_allclose(model.predict(x), model.forward(x.copy(), None)[0], rtol=1e-5)


def test_layers_are_the_tables_of_recipes_and_back():
    block = Residual([Conv2D(4), {"type": "relu"}, Conv2D(2, 1, bias=False)])
    assert Conv2D(32, 5).table() == {"type": "conv2d", "filters": 32, "kernel": 5}
    assert block.table()["layers"][1:] == [
        {"type": "relu"},
        {"type": "conv2d", "filters": 2, "kernel": 1, "bias": False},
    ]
    for name, options, shape in CASES:
        layer = LAYERS[name](**cast("dict[str, Any]", options))
        again = LAYERS[name](**{key: value for key, value in layer.table().items() if key != "type"})
        assert again.table() == layer.table() and again.build(shape, None) == layer.build(shape, None)


def test_residual_blocks_inside_each_other_are_as_deep_as_is_said_and_no_deeper():
    layers, _ = build(nested(6), (4, 3), None)
    assert isinstance(layers[0], Residual)


def test_a_picture_is_made_larger_by_repeating_its_pixels():
    x = np.arange(12, dtype=np.float32).reshape(1, 2, 3, 2)
    layer = Upsample2D(scale=2)
    assert layer.build((2, 3, 2), None) == (4, 6, 2)
    np.testing.assert_array_equal(layer.forward(x, None)[0], x.repeat(2, axis=1).repeat(2, axis=2))
    with pytest.raises(ModelError, match="scale = 0: must be at least 1"):
        build([{"type": "upsample2d", "scale": 0}], (4, 4, 1), None)
    with pytest.raises(ModelError, match="takes pictures"):
        build([{"type": "upsample2d"}], (4, 4), None)


def test_a_residual_block_that_starts_at_nothing_hands_on_what_it_gets():
    layer = Residual([{"type": "conv1d", "filters": 3}, {"type": "batch_norm", "start": 0.0}])
    layer.build((5, 3), np.random.default_rng(0))
    x = np.random.default_rng(1).normal(size=(2, 5, 3)).astype(np.float32)
    np.testing.assert_array_equal(layer.forward(x.copy(), None)[0], x)


def test_same_padding_is_a_valid_convolution_of_the_padded_picture():
    rng = np.random.default_rng(0)
    same, valid = (Conv2D(filters=2, kernel=5, stride=2, padding=padding) for padding in ("same", "valid"))
    assert same.build((28, 28, 1), rng) == (14, 14, 2)
    valid.build((31, 31, 1), rng)
    valid.params = same.params
    x = rng.standard_normal((2, 28, 28, 1), np.float32)
    padded = np.pad(x, ((0, 0), (1, 2), (1, 2), (0, 0)))
    np.testing.assert_array_equal(same.forward(x, None)[0], valid.forward(padded, None)[0])


def test_batches_that_overlap_in_time_are_not_mixed():
    rng = np.random.default_rng(0)
    layer = Conv2D(filters=2)
    layer.build((5, 5, 3), rng)
    first, second = rng.standard_normal((2, 4, 5, 5, 3), np.float32)
    dy = rng.standard_normal((4, 5, 5, 2), np.float32)
    alone = layer.forward(first.copy(), rng)[1](dy.copy())[1]["weight"]
    _, back_first = layer.forward(first.copy(), rng)
    _, back_second = layer.forward(second.copy(), rng)
    back_second(dy.copy())
    np.testing.assert_array_equal(back_first(dy.copy())[1]["weight"], alone)


@pytest.mark.parametrize("layer", [Conv2D(filters=3, stride=2), DepthwiseConv2D(kernel=3)])
def test_samples_taken_a_few_at_a_time_add_up(monkeypatch, layer):
    rng = np.random.default_rng(0)
    layer.build((6, 5, 2), rng)
    x, results = rng.standard_normal((7, 6, 5, 2), np.float32), []
    for cached in (1, 200, 2**17):
        monkeypatch.setattr("nn.layers.windows.CACHED", cached)
        y, backprop = layer.forward(x.copy(), None)
        results.append((y, *backprop(y / 9)[:1], backprop(y / 9)[1]["weight"]))
    for other in results[1:]:
        for one, same in zip(results[0], other, strict=True):
            np.testing.assert_allclose(one, same, rtol=1e-4, atol=1e-5)


def test_ties_in_a_pool_send_the_gradient_to_one_place():
    x = np.zeros((1, 4, 4, 1), np.float32)
    _, backprop = MaxPool2D().forward(x, None)
    dx, _ = backprop(np.ones((1, 2, 2, 1), np.float32))
    expected = np.zeros((4, 4))
    expected[::2, ::2] = 1
    np.testing.assert_array_equal(dx[0, :, :, 0], expected)


def test_average_pool_is_the_mean_of_each_window():
    x = np.arange(35, dtype=np.float32).reshape(1, 5, 7, 1)
    y, _ = AvgPool2D().forward(x, None)
    np.testing.assert_array_equal(y[0, :, :, 0], [[4, 6, 8], [18, 20, 22]])


def test_gaussian_noise_has_its_sigma_and_does_nothing_when_predicting():
    x = np.full((200, 500), 3, np.float32)
    y, _ = GaussianNoise(sigma=0.2).forward(x.copy(), np.random.default_rng(0))
    assert abs(y.std() - 0.2) < 0.002 and abs(y.mean() - 3) < 0.002
    np.testing.assert_array_equal(GaussianNoise(sigma=0.2).forward(x.copy(), None)[0], x)


def test_batch_norm_normalizes_and_steps_towards_the_batch():
    rng = np.random.default_rng(0)
    layer = BatchNorm(momentum=0.9)
    layer.build((2, 2, 3), rng)
    x = rng.normal(5, 3, (50, 2, 2, 3)).astype(np.float32)
    y, backprop = layer.forward(x.copy(), rng)
    np.testing.assert_allclose(y.mean((0, 1, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(y.std((0, 1, 2)), 1, atol=1e-4)
    _, steps = backprop(np.ones_like(y))
    np.testing.assert_allclose(steps["mean"], 0.1 * x.mean((0, 1, 2)), rtol=1e-4)
    np.testing.assert_allclose(steps["variance"], 0.1 * (x.var((0, 1, 2)) - 1), rtol=1e-4)
    assert layer.state["mean"].tolist() == [0, 0, 0]


def test_dropout_keeps_the_mean_and_does_nothing_when_predicting():
    x = np.ones((200, 500), np.float32)
    layer = Dropout(rate=0.3)
    y, backprop = layer.forward(x.copy(), np.random.default_rng(0))
    kept = y > 0
    assert 0.69 < kept.mean() < 0.71
    np.testing.assert_allclose(y[kept], 1 / 0.7, rtol=1e-6)
    np.testing.assert_array_equal(backprop(x.copy())[0] > 0, kept)
    assert layer.forward(x, None)[0] is x


@pytest.mark.parametrize(
    ("name", "variance", "reach"),
    [
        ("he", 2 / 400, 4),
        ("he_uniform", 2 / 400, 3**0.5),
        ("glorot", 2 / 500, 3**0.5),
        ("glorot_normal", 2 / 500, 4),
        ("normal", 0.25**2, 4),
    ],
)
def test_initializers_have_their_variance_and_their_shape(name, variance, reach):
    layer = Dense(units=100, initializer=name, sigma=0.25)
    layer.build((400,), np.random.default_rng(0))
    weight = layer.params["weight"] / variance**0.5
    assert weight.dtype == np.float32
    assert abs(weight.var() - 1) < 0.05 and abs(weight.mean()) < 0.02
    assert 0.98 * reach < np.abs(weight).max() < (1.001 if reach < 2 else 1.6) * reach


def test_a_sigma_of_nothing_starts_at_zero():
    layer = Conv2D(filters=2, initializer="normal")
    layer.build((5, 5, 1), np.random.default_rng(0))
    assert not layer.params["weight"].any()


def test_the_gradient_of_one_sample_is_that_of_a_batch_of_one():
    layer, rng = Dense(units=3), np.random.default_rng(0)
    layer.build((5,), rng)
    x, dy = rng.random((1, 5), np.float32), rng.random((1, 3), np.float32)
    _, backprop = layer.forward(x, rng)
    dx, gradients = backprop(dy.copy())
    np.testing.assert_allclose(gradients["weight"], x.T @ dy, rtol=1e-6)
    np.testing.assert_allclose(gradients["bias"], dy[0])
    np.testing.assert_allclose(dx, dy @ layer.params["weight"].T, rtol=1e-6)
