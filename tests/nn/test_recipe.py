from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import ndimage

from nn.errors import ModelError
from nn.model import Sequential
from nn.recipe import RECIPES, find_recipe, parse_recipe, read_recipe, read_tables, recipe_of
from nn.training.augment import Augment, augment, positions
from nn.training.sweep import versions
from nn.training.trainer import Batch, Trainer

GOOD = {"input_shape": [8, 8, 1], "layers": [{"type": "flatten"}, {"type": "dense", "units": "classes"}]}


NAMES = sorted(path.stem for path in RECIPES.glob("*.toml"))
CLASSES = {"": 62, "letters": 26, "merged": 47, "digits": 10, "digits_or_none": 11}


def network(recipe):
    classes = recipe.classes or [str(number) for number in range(CLASSES[recipe.task])]
    return Sequential(recipe.architecture(len(classes)), recipe.input_shape, classes)


@pytest.mark.parametrize("name", NAMES)
def test_the_recipes_that_come_along_train(name):
    recipe = read_recipe(find_recipe(name))
    model = network(recipe)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (8, *recipe.input_shape[:2]), np.uint8)
    pictures = augment(images, recipe.augment, rng)[..., None]
    before = {key: array.copy() for key, array in model.params.items()}
    with ThreadPoolExecutor(recipe.train.threads) as pool:
        trainer = Trainer(model, recipe, 10, pool)
        for _ in range(2):
            loss, _ = trainer.step(Batch(pictures.copy(), np.arange(8)))
            assert np.isfinite(loss)
    assert all((model.params[key] != array).any() for key, array in before.items())
    assert recipe_of(model) is None


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("perceptron_sigmoid", [20_410]),
        ("perceptron_softmax", [20_410]),
        ("one_hidden", [n for n in (51_930, 103_834, 207_642, 415_258) for _ in range(6)]),
        ("two_hidden", [n for n in (436_442, 470_938, 539_930) for _ in range(4)]),
        ("three_hidden", [401_920 + 512 * 256 + 256 + 256 * 128 + 128 + 128 * 26 + 26] * 3),
        ("squared_error", [785 * 47 + 48 * 47]),
        ("dropout", [785 * 512 + 513 * 512 + 513 * 47]),
        ("two_wide", [785 * 256 + 257 * 256 + 257 * 47]),
        ("scans", [257 * 128 + 129 * 64 + 65 * 32 + 33 * 11]),
        ("scans_adam", [257 * 128 + 129 * 64 + 65 * 32 + 33 * 11]),
        ("scans_deeper", [257 * 256 * 3 + 257 * 11]),
        ("separable_cnn", [25 + 16 + 200 + 144 + 785 * 256 + 257 * 256 + 257 * 47]),
    ],
)
def test_parameters_are_as_many_as_in_the_reports(name, counts):
    path = find_recipe(name)
    tables = read_tables(path)
    found = versions(tables, tables.get("sweep", {}), name)
    assert [network(version.recipe).parameters for version in found] == counts


def test_every_recipe_begins_with_what_it_is():
    for name in NAMES:
        first = find_recipe(name).read_text("utf-8").splitlines()[0]
        assert first.startswith("# ") and first.endswith(".")


def test_a_recipe_is_found_by_path(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("input_shape = [8, 8, 1]\nlayers = [{type = 'flatten'}]\n[train]\nepochs = 3\n")
    assert read_recipe(find_recipe(str(path))).train.epochs == 3
    with pytest.raises(ModelError, match=r"none: no such recipe; there are .*mlp.*reader"):
        find_recipe("none")
    path.write_text("input_shape = [8,")
    with pytest.raises(ModelError, match=r"mine\.toml: "):
        read_recipe(path)


def test_a_recipe_says_only_what_differs_from_the_one_it_extends(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'extends = "base.toml"\n[optimizer]\nrate = 0.5\n[schedule]\ntype = "constant"\n[train]\nepochs = 3\n'
    )
    (tmp_path / "base.toml").write_text(
        'extends = "one_hidden"\nreported = "80"\ninput_shape = [8, 8, 1]\n'
        '[schedule]\ntype = "one_cycle"\nwarmup = 0.1\n[sweep]\n"train.epochs" = [1]\n'
    )
    recipe, first = read_recipe(tmp_path / "mine.toml"), read_recipe(find_recipe("one_hidden"))
    assert (recipe.layers, recipe.task, recipe.input_shape) == (first.layers, first.task, (8, 8, 1))
    assert recipe.optimizer == {"type": "sgd", "rate": 0.5, "momentum": 0.0}
    assert recipe.schedule == {"type": "constant"}  # of another type, whose settings say nothing here
    assert (recipe.train.epochs, recipe.train.batch_size) == (3, 0)
    tables = read_tables(tmp_path / "mine.toml")
    assert not {"reported", "sweep", "extends"} & tables.keys()


@pytest.mark.parametrize(
    ("extends", "expected"),
    [
        ("3", "extends = 3: must be the name or the path of a recipe"),
        ('"none"', "extends = none: no such recipe; there are "),
        ('"mine.toml"', "extends = 'mine.toml': the recipe extends itself"),
        ('"other.toml"', "extends = 'mine.toml': the recipe extends itself"),
    ],
)
def test_a_recipe_that_extends_what_it_cannot_is_named(tmp_path, extends, expected):
    (tmp_path / "mine.toml").write_text(f"extends = {extends}\n")
    (tmp_path / "other.toml").write_text('extends = "mine.toml"\n')
    with pytest.raises(ModelError) as caught:
        read_recipe(tmp_path / "mine.toml")
    assert str(caught.value).startswith(str(tmp_path)) and expected in str(caught.value)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"trian": {}}, "trian = {}: unknown key; known are input_shape"),
        ({"train": {"epoch": 3}}, "[train]: epoch = 3: unknown key; known are epochs"),
        ({"train": {"epochs": 0}}, "[train]: epochs = 0: must be at least 1"),
        ({"train": {"epochs": "3"}}, "[train]: epochs = '3': must be a whole number"),
        ({"train": {"ema": 1.0}}, "[train]: ema = 1.0: must be"),
        ({"train": {"batch_size": -1}}, "[train]: batch_size = -1: must be at least 0"),
        ({"train": {"one_of_each": True, "balance": 1}}, "[train]: balance = 1: must be 0 where one_of_each"),
        (
            {"train": {"batch_size": 1}, "layers": [{"type": "batch_norm"}]},
            "[train]: batch_size = 1: must be at least 2 where a layer is batch_norm",
        ),
        ({"train": {"loss": "hinge"}}, "[train]: loss = 'hinge': must be one of cross_entropy, binary"),
        ({"train": 3}, "train = 3: must be"),
        ({"augment": {"rotation": -3}}, "[augment]: rotation = -3"),
        ({"augment": []}, "augment = []: must be"),
        ({"optimizer": "sgd"}, "optimizer = 'sgd': must be a table"),
        ({"task": "words"}, "task = 'words': must be one of '', 'letters'"),
        ({"task": 3}, "task = 3: must be a string"),
        ({"layers": []}, "layers = []: must hold"),
        ({"layers": ["flatten"]}, "layers: 'flatten': must be a table"),
        ({"input_shape": [28, 28]}, "input_shape = [28, 28]: must be height, width and channels"),
        ({"classes": ["a", "a"]}, "classes = ['a', 'a']: must be"),
    ],
)
def test_mistakes_are_named(change, expected):
    with pytest.raises(ModelError) as caught:
        parse_recipe(GOOD | change, "mine.toml")
    assert str(caught.value).startswith("mine.toml: ") and expected in str(caught.value)


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ("[{type='dense', units=3}]", "layer 1 (dense): takes vectors, not inputs of shape (8, 8, 1)"),
        ("[{type='flatten'}, {type='dens', units=3}]", "layer 2 (dens): type = 'dens': must be one of leaky"),
        ("[{type='flatten'}, {type='dense', units=3, unit=1}]", "layer 2 (dense): unit = 1: unknown key"),
        (
            "[{type='flatten'}, {type='dense', units=3}]",
            "layer 2 (dense): units = 3: the last layer gives",
        ),
        (
            "[{type='columns'}, {type='conv1d', filters=2}]",
            "is a network that reads lines, not one that",
        ),
    ],
)
def test_errors_of_layers_name_the_recipe_and_the_layer(tmp_path, layers, expected):
    path = tmp_path / "mine.toml"
    path.write_text(f"input_shape = [8, 8, 1]\nlayers = {layers}\n")
    with pytest.raises(ModelError) as caught:
        read_recipe(path).network(Sequential, ("a", "b"))
    assert str(caught.value).startswith(f"{path}: {expected}")


@pytest.mark.parametrize("table", ["[optimizer]", "[schedule]"])
def test_errors_of_the_optimizer_and_the_schedule_name_the_recipe(tmp_path, table):
    path = tmp_path / "mine.toml"
    layers = "[{type='flatten'}, {type='dense', units='classes'}]"
    path.write_text(f"input_shape = [8, 8, 1]\nlayers = {layers}\n{table}\ntype = 'other'\n")
    with pytest.raises(ModelError) as caught:
        read_recipe(path)
    assert str(caught.value).startswith(f"{path}: {table}: type = 'other'")


def test_elastic_distortion_is_as_strong_as_reported():
    """Drawn evenly from -u/2 to u/2 and smoothed by sigma: u = 8 and sigma = 2 on 16x16 pixels."""
    settings = read_recipe(find_recipe("scans_deeper")).augment
    moved = positions((400, 16, 16), settings, np.random.default_rng(0))
    moved -= positions((400, 16, 16), Augment(), np.random.default_rng(0))
    noise = np.random.default_rng(1).uniform(-4, 4, (2, 400, 16, 16))
    expected = ndimage.gaussian_filter(noise, 2, axes=(2, 3), mode="constant")
    assert moved.std() == pytest.approx(expected.std(), rel=0.03)
