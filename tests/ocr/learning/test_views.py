"""The views of a network: of the bundled one, and of others."""

from typing import Any

import numpy as np
import pytest

from nn.errors import ModelError
from nn.model import Sequential
from nn.recipe import RECIPES, read_recipe
from ocr.learning import views
from ocr.recognition.classify import BUNDLED

DENSE: list[dict[str, Any]] = [
    {"type": "flatten"},
    {"type": "dense", "units": 5},
    {"type": "relu"},
    {"type": "dense", "units": 3},
]


@pytest.fixture(scope="module")
def bundled():
    return Sequential.load(BUNDLED)


@pytest.fixture
def dense():
    return Sequential(DENSE, (28, 28, 1), ("", "a", "b"))


def test_layers_are_those_of_the_summary(bundled):
    found = views.layers(bundled)
    assert [view.type for view in found] == [table["type"] for table in bundled.architecture]
    assert sum(view.parameters for view in found) == bundled.parameters
    assert found[-1].output == (len(bundled.classes),)
    assert found[0].detail == "32 filters, kernel 5, stride 2"


def test_filters_are_tiles_between_grey(bundled, dense):
    weight = bundled.params["0.weight"]
    picture = views.filters(bundled)
    count, side = weight.shape[3], weight.shape[0]
    assert picture.dtype == np.uint8
    assert picture.size >= count * (side * views.FILTER_SCALE) ** 2
    first = picture[: side * views.FILTER_SCALE : views.FILTER_SCALE, :: views.FILTER_SCALE][:, :side]
    largest = float(np.abs(weight[..., 0]).max())
    shown = (first.astype(float) - 127.5) / 127.5 * largest
    assert shown == pytest.approx(weight[:, :, 0, 0], abs=largest / 200)
    assert views.filters(dense).shape == (
        (2 * 29 - 1) * views.FILTER_SCALE,
        (3 * 29 - 1) * views.FILTER_SCALE,
    )


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_network_of_every_recipe_can_be_looked_at(path):
    recipe = read_recipe(path)
    network = Sequential(recipe.architecture(3), recipe.input_shape, ("a", "b", "c"))
    assert len(views.layers(network)) == len(recipe.layers)
    assert views.filters(network).dtype == np.uint8
    stages = views.activations(network, np.zeros(recipe.input_shape[:2], np.uint8))
    assert stages[-1][1].shape == (3,) and all(views.tiles(numbers).size for _, numbers in stages)


def test_activations_end_in_what_the_network_says(bundled):
    glyph = np.zeros((28, 28), np.uint8)
    glyph[4:24, 12:16] = 255
    stages = views.activations(bundled, glyph)
    assert [name for name, _ in stages][:2] == ["conv2d 1", "conv2d 2"]
    assert stages[-1][0] == "probabilities"
    assert stages[-1][1].sum() == pytest.approx(1, abs=1e-5)
    assert stages[-1][1].argmax() == bundled.predict(glyph[None])[0].argmax()
    assert np.array_equal(glyph, np.where(glyph, 255, 0))
    shapes = set(bundled.shapes)
    assert all(numbers.shape in shapes and numbers.min() >= 0 for _, numbers in stages)


@pytest.mark.parametrize("shape", [(4, 3, 7), (1, 1, 5), (6,), (14, 14, 32)])
def test_tiles_hold_every_number_once(shape):
    numbers = np.random.default_rng(0).random(shape, np.float32)
    picture = views.tiles(numbers)
    greys = np.round(255 * (numbers / numbers.max())).astype(np.uint8)
    assert sorted(picture[picture != views.GAP].tolist()) == sorted(greys[greys != views.GAP].tolist())
    assert max(picture.shape) < 4 * min(picture.shape)


def test_confusion_of_the_bundled_network(bundled):
    found = views.confusion(bundled)
    assert found is not None
    assert found.classes == bundled.classes
    total = sum(count for _, _, count in found.counts)
    right = sum(count for true, read, count in found.counts if true == read)
    assert total > 10_000
    assert 0.8 < right / total < 1


def test_confusion_that_is_missing_or_damaged(dense):
    assert views.confusion(dense) is None
    for table in ([[0, 1]], [[0, 3, 1]], [["x", 1, 1]], 5):
        dense.settings["confusion"] = table
        with pytest.raises(ModelError, match="mixes up"):
            views.confusion(dense)


def test_occlusion_finds_what_tells_a_letter_from_another():
    class OnlyTheLeg:
        """Knows an R by the ink at its lower right, and else takes it for a P."""

        classes = ("P", "R")

        def predict(self, glyphs):
            share = 0.1 + 0.8 * (glyphs[:, 20:24, 20:24].mean(axis=(1, 2)) / 255)
            return np.stack([1 - share, share], axis=1)

    network: Any = OnlyTheLeg()
    glyph = np.zeros((28, 28), np.uint8)
    glyph[4:24, 4:8] = glyph[20:24, 20:24] = 255
    found = views.occlusion(network, glyph, "R")
    assert found.shape == (28, 28) and found[4:16, 4:8].max() == 0
    assert min(np.unravel_index(found.argmax(), found.shape)) >= 18
    assert np.allclose(found, -views.occlusion(network, glyph, "P", "R"), atol=1e-5)
    with pytest.raises(ValueError, match="no 'x'"):
        views.occlusion(network, glyph, "R", "x")
