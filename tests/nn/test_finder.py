from dataclasses import replace

import numpy as np
import pytest

from nn.commands.cli import main
from nn.dense_loss import dense_loss, targets_of, text_scores
from nn.errors import DataError, ModelError, OtherKindError
from nn.finder import HEIGHT, MAPS, FinderModel
from nn.model import Sequential
from nn.recipe import Recipe, Training, find_recipe, read_recipe
from nn.sequence import load_network
from nn.training.crops import Crops
from nn.training.finder_train import train_finder, validated
from nn.training.run_folder import RunFolder
from tests.nn.test_layers import slope

SMALLER = [
    {"type": "conv2d", "filters": 12, "kernel": 3, "stride": 2, "bias": False},
    {"type": "batch_norm"},
    {"type": "relu"},
    {"type": "conv2d", "filters": 12, "kernel": 3},
    {"type": "upsample2d"},
]
LAYERS = (
    {"type": "conv2d", "filters": 8, "kernel": 5, "stride": 4, "bias": False},
    {"type": "batch_norm"},
    {"type": "relu"},
    {"type": "conv2d", "filters": 12, "kernel": 3},
    {"type": "residual", "layers": SMALLER},
    {"type": "conv2d", "filters": "classes", "kernel": 1},
)
RECIPE = Recipe(
    (32, 32, 1),
    LAYERS,
    MAPS,
    optimizer={"type": "adamw", "rate": 0.02},
    train=Training(epochs=8, batch_size=6, clip=5.0, ema=0.9),
)


class Quiet:
    def begin(self, epochs): ...

    def step(self, epoch, step, steps, loss, accuracy): ...

    def epoch(self, epoch): ...

    def note(self, text): ...


class Stop(Quiet):
    def epoch(self, epoch):
        if epoch.epoch == 2:
            raise KeyboardInterrupt


def some_crops(count, side=40):
    """Crops with a dark striped bar each, which is text, and a plain one, which is none."""
    rng = np.random.default_rng(0)
    pictures = np.full((count, side, side), 200, np.uint8)
    text = np.zeros((count, side, side), bool)
    for k in range(count):
        top, left = (int(start) for start in 4 * rng.integers(0, 4, 2))
        pictures[k, top : top + 12, left : left + 24 : 3] = 20
        text[k, top : top + 12, left : left + 24] = True
        pictures[k, side - 10 :] = 60
    places = text[:, ::4, ::4]
    core = places & np.roll(places, 1, axis=1) & np.roll(places, -1, axis=1)
    degrees = np.where(places, 0.0, np.nan)
    targets = targets_of(places, core, np.ones(places.shape), 12.0 * places, degrees)
    return Crops(pictures, targets, np.where(np.arange(count) % 4 == 3, "val", "train"))


def some_targets(rng, shape=(2, 6, 7)):
    text = rng.random(shape) < 0.4
    degrees = np.where(rng.random(shape) < 0.2, np.nan, rng.uniform(-90, 90, shape))
    height = rng.uniform(1, 90, shape) * (rng.random(shape) < 0.8)
    return targets_of(text, text & (rng.random(shape) < 0.5), rng.random(shape), height, degrees)


def test_the_gradient_of_the_loss():
    rng = np.random.default_rng(0)
    maps, targets = rng.normal(0, 2, (2, 6, 7, 5)), some_targets(rng)
    _, gradient = dense_loss(maps, targets)
    np.testing.assert_allclose(
        gradient, slope(lambda: dense_loss(maps, targets)[0], maps), rtol=1e-5, atol=1e-8
    )


def test_what_does_not_count_has_no_gradient():
    rng = np.random.default_rng(1)
    maps, targets = rng.normal(0, 2, (2, 6, 7, 5)), some_targets(rng)
    targets[:, :, :3, 2] = 0
    loss, gradient = dense_loss(maps, targets)
    assert not gradient[:, :, :3].any() and gradient[:, :, 3:, :2].any()
    assert not gradient[..., 2:][targets[..., 0] == 0].any()
    assert not gradient[..., 2][targets[..., 3] == 0].any()
    assert not gradient[..., 3:][targets[..., 4] == 0].any()
    maps[:, :, :3] += 5
    assert dense_loss(maps, targets)[0] == loss
    targets[..., 2] = 0
    loss, gradient = dense_loss(maps, targets)
    assert np.isfinite(loss) and not gradient.any()


def test_what_maps_should_say_costs_next_to_nothing():
    rng = np.random.default_rng(2)
    targets = some_targets(rng)
    inside, core = targets[..., 0] > 0, targets[..., 1] > 0
    height = targets[..., 3] / 24 - HEIGHT
    twice = 2 * np.pi * (targets[..., 4].astype(float) - 1) / 254
    maps = np.stack([40 * inside - 20, 40 * core - 20, height, np.cos(twice), np.sin(twice)], axis=-1)
    assert dense_loss(maps, targets)[0] < 1e-6
    assert dense_loss(-maps, targets)[0] > 40
    found, told, both = text_scores(maps, targets)
    assert found == told == both > 0


def test_heights_and_directions_are_kept_closely():
    heights, degrees = np.array([6.0, 17.0, 200.0, 0.0]), np.array([-90.0, -3.0, 44.0, np.nan])
    targets = targets_of(np.ones(4, bool), np.ones(4, bool), np.ones(4), heights, degrees)
    np.testing.assert_allclose(2 ** (targets[:3, 3] / 24), heights[:3], rtol=0.02)
    np.testing.assert_allclose((targets[:3, 4] - 1.0) * 180 / 254, degrees[:3] % 180, atol=0.5)
    assert targets[3, 3] == targets[3, 4] == 0


def test_a_picture_of_any_size_has_maps_for_all_of_it():
    model = RECIPE.network(FinderModel, MAPS)
    assert model.stride == 4
    picture = np.random.default_rng(0).integers(0, 256, (45, 70), np.uint8)
    maps = model.maps(picture)
    assert maps.shape == (12, 18, 5) and maps.dtype == np.float32
    whole = np.pad(picture, ((0, 19), (0, 26)), mode="edge")
    x = (whole / 255).astype(np.float32)[None, :, :, None]
    np.testing.assert_allclose(maps, model.forward(x, None)[0][0, :12, :18], rtol=1e-4, atol=1e-5)


def test_how_many_cores_there_are_is_not_seen_in_the_maps(monkeypatch):
    depthwise = {"type": "residual", "layers": [{"type": "depthwise_conv2d", "kernel": 5}]}
    model = FinderModel(
        [*RECIPE.architecture(5)[:4], depthwise, *RECIPE.architecture(5)[4:]], (32, 32, 1), MAPS
    )
    picture = np.random.default_rng(0).integers(0, 256, (700, 500), np.uint8)
    found = []
    for count in (1, 2, 5):
        monkeypatch.setattr("nn.threads.cores", lambda count=count: count)
        found.append(model.maps(picture))
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_array_equal(found[0], found[2])


def test_the_network_is_kept_and_known_by_what_it_does(tmp_path):
    model = RECIPE.network(FinderModel, MAPS)
    for half in (False, True):
        model.save(tmp_path / "finder.safetensors", half)
        kept = load_network(tmp_path / "finder.safetensors")
        assert isinstance(kept, FinderModel)
        picture = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
        np.testing.assert_allclose(kept.maps(picture), model.maps(picture), atol=2e-2 * half)
    with pytest.raises(OtherKindError, match="is a network that finds text, not one that names single"):
        Sequential.load(tmp_path / "finder.safetensors")


def test_the_recipe_makes_a_network_that_finds_text():
    recipe = read_recipe(find_recipe("finder/text"))
    model = recipe.network(FinderModel, MAPS)
    assert recipe.classes == MAPS and model.stride == 4 and 2 * model.parameters < 2e6


def test_it_learns_and_is_resumed_bit_for_bit(tmp_path):
    crops = some_crops(96)
    model = train_finder(RECIPE, crops, RunFolder(tmp_path / "whole"), Quiet())
    assert validated(model, crops, np.flatnonzero(crops.split == "val"))[1] > 0.9
    with pytest.raises(ModelError, match="holds a run"):
        train_finder(RECIPE, crops, RunFolder(tmp_path / "whole"), Quiet())
    with pytest.raises(KeyboardInterrupt):
        train_finder(RECIPE, crops, RunFolder(tmp_path / "parts"), Stop())
    again = train_finder(RECIPE, crops, RunFolder(tmp_path / "parts"), Quiet(), resume=True)
    for name, array in model.weights.items():
        np.testing.assert_array_equal(again.weights[name], array)


def test_the_command_trains(tmp_path, capsys):
    recipe = tmp_path / "small.toml"
    recipe.write_text(
        'input_shape = [32, 32, 1]\nclasses = ["text", "core", "height", "cos", "sin"]\n'
        'layers = [{ type = "conv2d", filters = "classes", kernel = 5, stride = 4 }]\n'
        "[train]\nepochs = 1\nbatch_size = 4\n"
    )
    some_crops(8).save(tmp_path / "crops.npz")
    data = ["--data", str(tmp_path / "crops.npz"), "--out", str(tmp_path / "run")]
    with pytest.raises(SystemExit) as caught:
        main(["train-finder", str(recipe), *data])
    said = capsys.readouterr().out
    assert not caught.value.code and "best: epoch 1, F1 of text" in said
    assert isinstance(FinderModel.load(tmp_path / "run" / "best.safetensors"), FinderModel)
    with pytest.raises(SystemExit) as caught:
        main(["train-finder", "strips/lines", *data])
    assert (
        caught.value.code == 4 and "classes must be text, core, height, cos, sin" in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train": Training(loss="squared_error")}, "networks that find text learn without"),
        ({"input_shape": (64, 64, 1)}, r"crops are \(40, 40\), the recipe takes \(64, 64\)"),
        (
            {"layers": ({"type": "conv2d", "filters": 5, "stride": 2},)},
            "have a stride of 4, the network's of 2",
        ),
        (
            {"layers": ({"type": "flatten"}, {"type": "dense", "units": 5})},
            "names single characters, not one",
        ),
    ],
)
def test_what_cannot_be_learned_is_refused(change, message, tmp_path):
    with pytest.raises((ModelError, DataError), match=message):
        train_finder(replace(RECIPE, **change), some_crops(8), RunFolder(tmp_path), Quiet())


def test_crops_are_kept_and_damaged_ones_refused(tmp_path):
    crops = some_crops(6)
    crops.save(tmp_path / "crops.npz")
    kept = Crops.load(tmp_path / "crops.npz")
    np.testing.assert_array_equal(kept.pictures, crops.pictures)
    np.testing.assert_array_equal(kept.targets, crops.targets)
    assert kept.split.tolist() == crops.split.tolist() and kept.stride == 4
    assert len(Crops.join([crops, kept])) == 12
    for name, damaged in (
        ("targets", replace(crops, targets=crops.targets[:, :5])),
        ("size", replace(crops, targets=crops.targets[..., :4])),
        ("split", replace(crops, split=crops.split[:3])),
    ):
        damaged.save(tmp_path / f"{name}.npz")
        with pytest.raises(DataError, match=f"{name}.npz: "):
            Crops.load(tmp_path / f"{name}.npz")
    with pytest.raises(DataError, match="expected crops: pictures, targets and split"):
        Crops.load(tmp_path / "none.npz")
    with pytest.raises(DataError, match="of different sizes"):
        Crops.join([crops, some_crops(4, 48)])
    only = replace(crops, split=np.full(6, "train"))
    with pytest.raises(DataError, match="none with 'val'"):
        train_finder(RECIPE, only, RunFolder(tmp_path), Quiet())
