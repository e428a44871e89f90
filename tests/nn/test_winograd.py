"""Layers that only predict give what those that are trained give."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ocr
from nn.fold import fold
from nn.layers import (
    Conv1D,
    Conv2D,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Layer,
    MaxPool2D,
    ReLU,
    Residual,
)
from nn.layers.fused_conv1d import FusedConv1D
from nn.layers.fused_conv2d import FusedConv2D
from nn.layers.pointwise import Pointwise
from nn.layers.winograd import POINTS, Winograd1D, Winograd2D, transforms
from nn.model import build
from nn.sequence import load_network
from nn.threads import all_cores

MODELS = Path(ocr.__file__).parent / "models"


def built(layers: list[Layer], shape: tuple[int, ...], seed: int = 0) -> list[Layer]:
    """Return layers with random weights and biases."""
    rng = np.random.default_rng(seed)
    made, _ = build([layer.table() for layer in layers], shape, rng)
    for layer in made:
        for name, array in layer.params.items():
            if name.endswith("bias"):
                array[...] = rng.standard_normal(array.shape)
    return made


def through(layers: list[Layer], x: np.ndarray) -> np.ndarray:
    for layer in layers:
        x = layer.forward(x, None)[0]
    return x


def compare(layers: list[Layer], x: np.ndarray) -> list[Layer]:
    """Assert that layers give the same folded, and return those."""
    folded = fold(layers)
    expected, before = through(layers, x.copy()), x.copy()
    np.testing.assert_allclose(through(folded, before), expected, atol=1e-4 * np.abs(expected).max(initial=1))
    return folded


@pytest.mark.parametrize(("span", "kernel"), [(6, 3), (7, 3), (6, 5), (7, 5), (10, 7), (10, 9)])
def test_tiles_are_sums_of_products(span: int, kernel: int) -> None:
    a, g, b = transforms(span, kernel)
    rng = np.random.default_rng(0)
    numbers, weights = rng.standard_normal(span), rng.standard_normal(kernel)
    expected = np.correlate(numbers, weights, "valid")
    np.testing.assert_allclose(a @ ((g @ weights) * (b @ numbers)), expected, atol=1e-9)
    assert len(set(POINTS[span])) == span - 1


@given(
    size=st.tuples(*[st.integers(7, 23)] * 2),
    samples=st.integers(1, 9),
    channels=st.sampled_from([1, 2, 30, 70]),
    filters=st.sampled_from([5, 48]),
    kernel=st.sampled_from([1, 2, 3, 5, 7]),
    stride=st.sampled_from([1, 1, 2]),
    padding=st.sampled_from(["same", "valid"]),
    bias=st.booleans(),
    after=st.sampled_from(
        [[], [ReLU()], [MaxPool2D(2)], [MaxPool2D(3), ReLU()], [ReLU(), MaxPool2D(2, 1)], [MaxPool2D(1, 3)]]
    ),
)
def test_pictures(
    size: tuple[int, int],
    samples: int,
    channels: int,
    filters: int,
    kernel: int,
    stride: int,
    padding: str,
    bias: bool,
    after: list[Layer],
) -> None:
    if kernel % 2 == 0:
        padding = "valid"
    convolution = Conv2D(filters, kernel, stride, padding, bias)
    try:
        layers = built([convolution, *after], (*size, channels))
    except ValueError:  # what is pooled is smaller than a window
        return
    x = np.random.default_rng(1).standard_normal((samples, *size, channels)).astype(np.float32)
    compare(layers, x)


@given(
    length=st.integers(1, 150),
    samples=st.integers(1, 5),
    kernel=st.sampled_from([1, 3, 5, 7, 9, 11]),
    stride=st.sampled_from([1, 1, 2]),
    dilation=st.sampled_from([1, 1, 2]),
    bias=st.booleans(),
    bent=st.booleans(),
)
def test_sequences(
    length: int, samples: int, kernel: int, stride: int, dilation: int, bias: bool, bent: bool
) -> None:
    convolution = Conv1D(40, kernel, stride, dilation, bias)
    layers = built([convolution, *([ReLU()] if bent else [])], (length, 30))
    x = np.random.default_rng(1).standard_normal((samples, length, 30)).astype(np.float32)
    compare(layers, x)


@given(
    width=st.integers(1, 50),
    channels=st.sampled_from([3, 64]),
    biases=st.tuples(*[st.booleans()] * 4),
    bent=st.tuples(*[st.booleans()] * 3),
    kernel=st.sampled_from([1, 3]),
)
def test_residuals(
    width: int, channels: int, biases: tuple[bool, ...], bent: tuple[bool, ...], kernel: int
) -> None:
    inner: list[Layer] = [DepthwiseConv2D(kernel, bias=biases[0])]
    for filters, bias, is_bent in zip((70, 20, channels), biases[1:], bent, strict=True):
        inner += [Conv2D(filters, 1, bias=bias), *([ReLU()] if is_bent else [])]
    layers = built([Residual(inner)], (9, width, channels))
    x = np.random.default_rng(1).standard_normal((2, 9, width, channels)).astype(np.float32)
    (folded,) = compare(layers, x)
    assert isinstance(folded, Residual)
    assert [type(layer) for layer in folded.inner] == [DepthwiseConv2D, Pointwise]


def test_residual_of_sequences() -> None:
    inner = [DepthwiseConv1D(5), Conv1D(90, 1), ReLU(), Conv1D(30, 1)]
    layers = built([Residual(inner)], (200, 30))
    x = np.random.default_rng(1).standard_normal((7, 200, 30)).astype(np.float32)
    (folded,) = compare(layers, x)
    assert [type(layer) for layer in folded.inner] == [DepthwiseConv1D, Pointwise]  # type: ignore[attr-defined]


def test_a_residual_leaves_its_input_as_it_is() -> None:
    for inner in ([ReLU(), Conv1D(30, 3)], [Conv1D(30, 1), ReLU()], [Residual([ReLU()])]):
        layers = built([Residual(inner)], (20, 30))
        x = np.random.default_rng(1).standard_normal((7, 20, 30)).astype(np.float32)
        for folded in (layers, fold(layers)):
            given = x.copy()
            through(folded, given)
            np.testing.assert_array_equal(given, x)


def test_large_pictures_are_computed_in_parts_and_in_threads() -> None:
    layers = fold(built([Conv2D(32), ReLU(), MaxPool2D(3), Conv2D(40), DepthwiseConv2D(5)], (300, 211, 16)))
    x = np.random.default_rng(1).standard_normal((1, 300, 211, 16)).astype(np.float32)
    alone = through(layers, x.copy())
    with all_cores():
        np.testing.assert_array_equal(through(layers, x.copy()), alone)


def test_several_threads_at_once() -> None:
    layers = fold(built([Conv2D(24), ReLU(), Conv2D(24, 1), ReLU(), Conv2D(24, 1)], (20, 20, 24)))
    batches = np.random.default_rng(1).standard_normal((12, 3, 20, 20, 24)).astype(np.float32)
    expected = [through(layers, x.copy()) for x in batches]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda x: through(layers, x.copy()), batches))
    np.testing.assert_array_equal(found, expected)


def test_they_cannot_be_trained() -> None:
    for layer in fold(built([Conv2D(8), Conv2D(8, 1)], (8, 8, 8))):
        y, back = layer.forward(np.zeros((1, 8, 8, 8), np.float32), None)
        with pytest.raises(NotImplementedError):
            back(y)


@pytest.mark.parametrize(
    ("name", "shape", "tiled"),
    [("reader", (40, 28, 28, 1), 3), ("lines", (2, 32, 200, 1), 5), ("finder", (1, 128, 96, 1), 1)],
)
def test_the_models_in_the_package(name: str, shape: tuple[int, ...], tiled: int) -> None:
    model = load_network(MODELS / f"{name}.safetensors")
    x = np.random.default_rng(1).random(shape, np.float32)
    folded = fold(model.layers)
    found = through(folded, x.copy())
    np.testing.assert_allclose(found, through(model.layers, x.copy()), atol=1e-4)
    forms = [form for layer in folded for form in getattr(layer, "_forms", {}).values()]
    assert len(forms) == tiled
    assert all(isinstance(form, Winograd1D | Winograd2D) for form in forms)
    assert {type(layer) for layer in folded} & {FusedConv1D, FusedConv2D}
