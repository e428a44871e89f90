from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn.errors import DataError, ModelError
from nn.recipe import Recipe, Training, find_recipe, read_recipe
from nn.run_folder import RunFolder
from nn.sequence import SequenceModel
from nn.sequence_train import distance, padded, train_strips
from nn.strip_augment import augment_strip
from nn.strips import Strips

LAYERS = (
    {"type": "conv2d", "filters": 8, "kernel": 3, "bias": False},
    {"type": "batch_norm"},
    {"type": "relu"},
    {"type": "max_pool2d", "kernel": 4, "columns": 2},
    {"type": "columns"},
    {"type": "conv1d", "filters": 24, "kernel": 5, "bias": False},
    {"type": "batch_norm"},
    {"type": "relu"},
    {"type": "conv1d", "filters": "classes", "kernel": 1},
)
RECIPE = Recipe(
    (16, 40, 1),
    LAYERS,
    ("", " ", "-", "|"),
    optimizer={"type": "adamw", "rate": 0.02},
    train=Training(epochs=8, batch_size=16, clip=5.0, ema=0.9),
)


class Quiet:
    def step(self, epoch, step, steps): ...

    def epoch(self, epoch): ...


def written(text):
    """A strip of dashes, bars and blanks."""
    parts = []
    for character in text:
        part = np.zeros((16, 12), np.uint8)
        if character == "-":
            part[7:10, 2:10] = 255
        if character == "|":
            part[2:14, 5:8] = 255
        parts.append(part)
    return np.concatenate(parts, axis=1)


def some_strips(count):
    rng = np.random.default_rng(0)
    texts = []
    for _ in range(count):
        inside = rng.choice(list("-| "), rng.integers(0, 5), p=[0.4, 0.4, 0.2])
        texts.append(" ".join("".join(["-", *inside, "|"]).split()))
    strips = Strips.of([written(text) for text in texts], texts)
    split = np.where(np.arange(count) % 5 == 4, "val", "train")
    return replace(strips, split=split)


def test_strips_of_any_width_give_a_frame_every_stride():
    model = SequenceModel(RECIPE.architecture(4), (16, 40, 1), RECIPE.classes)
    assert model.stride == 2
    strips = [written("-|-"), written("|"), written("-|-")[:, :-1]]
    logits = model.read(strips)
    assert [len(frames) for frames in logits] == [18, 6, 18]
    np.testing.assert_allclose(model.read(strips[1:2])[0], logits[1], rtol=1e-5, atol=1e-5)


def test_what_predicting_says_is_what_the_layers_say():
    model = SequenceModel(RECIPE.architecture(4), (16, 40, 1), RECIPE.classes)
    images, _ = padded([written("-|")], [np.array([2, 3])], np.zeros(1, int), model.stride)
    np.testing.assert_allclose(
        model.forward(images, None)[0][0], model.read([written("-|")])[0], rtol=1e-4, atol=1e-5
    )


def test_a_network_that_gives_no_sequence_is_refused():
    with pytest.raises(ModelError, match="does not fit 4 classes"):
        SequenceModel([{"type": "flatten"}, {"type": "dense", "units": 4}], (16, 40, 1), RECIPE.classes)


def test_training_learns_to_read_and_resumes_to_the_same_weights(tmp_path):
    strips = some_strips(200)
    model = train_strips(RECIPE, strips, RunFolder(tmp_path / "whole"), Quiet())
    history = RunFolder(tmp_path / "whole").read_checkpoint()[2]
    assert history[-1].val_accuracy > 0.95 > history[0].val_accuracy
    assert model.settings["training"]["val_accuracy"] == max(epoch.val_accuracy for epoch in history)
    with pytest.raises(ModelError, match="holds a run"):
        train_strips(RECIPE, strips, RunFolder(tmp_path / "whole"), Quiet())

    class Stop(Quiet):
        def epoch(self, epoch):
            if epoch.epoch == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train_strips(RECIPE, strips, RunFolder(tmp_path / "parts"), Stop())
    again = train_strips(RECIPE, strips, RunFolder(tmp_path / "parts"), Quiet(), resume=True)
    for name, array in model.weights.items():
        np.testing.assert_array_equal(again.weights[name], array)


def test_nothing_to_learn_from(tmp_path):
    strips = some_strips(10)
    only = replace(strips, split=np.full(10, "train"))
    with pytest.raises(DataError, match="none with 'val'"):
        train_strips(RECIPE, only, RunFolder(tmp_path), Quiet())


def test_strips_are_kept_in_a_file(tmp_path):
    strips = Strips.join([some_strips(4), some_strips(3)])
    strips.save(tmp_path / "strips.npz")
    loaded = Strips.load(tmp_path / "strips.npz")
    assert len(loaded) == 7
    for one, other in zip(loaded.apart(), strips.apart(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert loaded.texts.tolist() == strips.texts.tolist()
    np.savez(tmp_path / "other.npz", pixels=strips.pixels)
    (tmp_path / "text.npz").write_text("no archive")
    for name in ("other.npz", "text.npz", "none.npz"):
        with pytest.raises(DataError, match=name):
            Strips.load(tmp_path / name)
    kept: dict[str, Any] = {"widths": strips.widths, "texts": strips.texts, "split": strips.split}
    np.savez(tmp_path / "short.npz", pixels=strips.pixels[:, 1:], **kept)
    with pytest.raises(DataError, match="do not fit"):
        Strips.load(tmp_path / "short.npz")


def test_changed_strips_keep_their_height_and_their_ink():
    strip = written("-|-|")
    changed = [augment_strip(strip, np.random.default_rng(seed)) for seed in range(60)]
    assert {one.shape[0] for one in changed} == {16} and len({one.shape[1] for one in changed}) > 20
    ink = np.array([one.sum() for one in changed]) / strip.sum()
    assert 0.3 < ink.min() < 0.9 and 1.1 < ink.max() < 3
    np.testing.assert_array_equal(changed[7], augment_strip(strip, np.random.default_rng(7)))


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("", "", 0), ("kitten", "sitting", 3), ("abc", "", 3), ("ab", "ba", 2)]
)
def test_distance(one, other, edits):
    first, second = list(one.encode()), list(other.encode())
    assert distance(first, second) == distance(second, first) == edits


def test_the_recipe_that_comes_along_makes_a_network():
    recipe = read_recipe(find_recipe("strips/lines"))
    model = SequenceModel(recipe.architecture(len(recipe.classes)), recipe.input_shape, recipe.classes)
    assert model.stride == 2 and recipe.classes[:2] == ("", " ") and model.parameters < 600_000
