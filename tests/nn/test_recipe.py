import pytest

from nn.errors import ModelError
from nn.model import Sequential
from nn.recipe import RECIPES, find_recipe, parse_recipe, read_recipe

GOOD = {"input_shape": [8, 8, 1], "layers": [{"type": "flatten"}, {"type": "dense", "units": "classes"}]}


@pytest.mark.parametrize("name", [path.stem for path in RECIPES.glob("*.toml")])
def test_the_recipes_that_come_along_make_networks(name):
    recipe = read_recipe(find_recipe(name))
    model = Sequential(recipe.architecture(47), recipe.input_shape, [str(number) for number in range(47)])
    assert model.input_shape == (28, 28, 1) and model.shapes[-1] == (47,)


def test_a_recipe_is_found_by_path(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("input_shape = [8, 8, 1]\nlayers = [{type = 'flatten'}]\n[train]\nepochs = 3\n")
    assert read_recipe(find_recipe(str(path))).train.epochs == 3
    with pytest.raises(ModelError, match=r"none: no such recipe; there are .*mlp.*reader"):
        find_recipe("none")
    path.write_text("input_shape = [8,")
    with pytest.raises(ModelError, match=r"mine\.toml: "):
        read_recipe(path)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"trian": {}}, "trian = {}: unknown key; known are input_shape"),
        ({"train": {"epoch": 3}}, "[train]: epoch = 3: unknown key; known are epochs"),
        ({"train": {"epochs": 0}}, "[train]: epochs = 0: must be at least 1"),
        ({"train": {"epochs": "3"}}, "[train]: epochs = '3': must be a whole number"),
        ({"train": {"ema": 1.0}}, "[train]: ema = 1.0: must be"),
        ({"train": {"batch_size": 2}}, "batch_size = 2: must be at least 4"),
        ({"train": {"loss": "hinge"}}, "[train]: loss = 'hinge': must be one of cross_entropy, binary"),
        ({"train": 3}, "train = 3: must be"),
        ({"augment": {"rotation": -3}}, "[augment]: rotation = -3"),
        ({"augment": []}, "augment = []: must be"),
        ({"optimizer": "sgd"}, "optimizer = 'sgd': must be a table"),
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
