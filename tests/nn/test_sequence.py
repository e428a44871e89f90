from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn.commands.cli import main
from nn.errors import DataError, ModelError, OtherKindError
from nn.model import Sequential
from nn.recipe import Recipe, Training, find_recipe, read_recipe
from nn.sequence import SequenceModel, load_network
from nn.training.augment import Augment
from nn.training.run_folder import RunFolder
from nn.training.sequence_train import padded, train_strips, validated
from nn.training.strip_augment import augment_strip
from nn.training.strips import Strips
from nn.training.warm_start import start_from

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
    def begin(self, epochs): ...

    def step(self, epoch, step, steps, loss, accuracy): ...

    def epoch(self, epoch): ...

    def note(self, text): ...


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


def test_a_deeper_network_is_kept_and_reads_long_strips_in_parts(tmp_path, monkeypatch):
    inside = [
        {"type": "depthwise_conv1d", "kernel": 5, "dilation": 2, "bias": False},
        {"type": "batch_norm"},
        {"type": "conv1d", "filters": 24, "kernel": 1},
    ]
    layers = [
        *RECIPE.architecture(4)[:-1],
        {"type": "residual", "layers": inside},
        RECIPE.architecture(4)[-1],
    ]
    model = SequenceModel(layers, (16, 40, 1), RECIPE.classes)
    rng = np.random.default_rng(0)
    for array in model.weights.values():
        array += rng.uniform(0, 0.3, array.shape).astype(np.float32)
    model.save(tmp_path / "deeper.safetensors")
    kept = SequenceModel.load(tmp_path / "deeper.safetensors")
    strip = rng.integers(0, 255, (16, 300), np.uint8)
    images, _ = padded([strip], [np.array([2])], np.zeros(1, int), 2)
    whole = model.forward(images, None)[0][0]
    np.testing.assert_allclose(kept.read([strip])[0], whole, rtol=1e-3, atol=1e-3)
    assert 6 <= model.reach <= 10
    monkeypatch.setattr("nn.sequence.PART", 20)
    np.testing.assert_allclose(kept.read([strip])[0], whole, rtol=1e-3, atol=1e-3)


def test_networks_of_the_other_kind_are_refused_by_what_they_are(tmp_path):
    lines = SequenceModel(RECIPE.architecture(4), (16, 40, 1), RECIPE.classes)
    lines.save(tmp_path / "lines.safetensors")
    with pytest.raises(OtherKindError, match=r"lines\.safetensors: is a network that reads lines, not"):
        Sequential.load(tmp_path / "lines.safetensors")
    one = Sequential([{"type": "flatten"}, {"type": "dense", "units": 4}], (16, 40, 1), RECIPE.classes)
    one.save(tmp_path / "one.safetensors")
    with pytest.raises(OtherKindError, match=r"one\.safetensors: is a network that names single char"):
        SequenceModel.load(tmp_path / "one.safetensors")
    assert isinstance(load_network(tmp_path / "lines.safetensors"), SequenceModel)
    assert type(load_network(tmp_path / "one.safetensors")) is Sequential
    with pytest.raises(ModelError, match="units = 3: the last layer gives"):
        SequenceModel([{"type": "flatten"}, {"type": "dense", "units": 3}], (16, 40, 1), RECIPE.classes)


def test_a_run_that_learned_lines_has_a_report_and_is_exported(tmp_path, capsys):
    pytest.importorskip("matplotlib")
    pytest.importorskip("onnx")
    folder = RunFolder(tmp_path / "run")
    train_strips(changed(epochs=1), some_strips(20), folder, Quiet())
    for arguments, code in (
        (["report", folder.path], 0),
        (["export", folder.best, "--onnx", tmp_path / "lines.onnx"], 0),
        (["report", folder.path, "--data", tmp_path / "x.npz"], 3),
    ):
        with pytest.raises(SystemExit) as caught:
            main([str(argument) for argument in arguments])
        assert (caught.value.code or 0) == code
    assert "Learning" in (folder.path / "report.html").read_text("utf-8")
    assert capsys.readouterr().err.startswith(f"nn: {tmp_path / 'x.npz'}: expected strips")


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


def changed(**settings):
    return replace(RECIPE, train=replace(RECIPE.train, **settings))


def test_all_strips_at_once_and_batches_larger_than_there_are_strips(tmp_path):
    strips = some_strips(30)
    for batch_size in (0, 1000):
        folder = RunFolder(tmp_path / str(batch_size))
        train_strips(changed(batch_size=batch_size, epochs=2), strips, folder, Quiet())
        assert folder.read_checkpoint()[1] == 2


def test_it_stops_when_it_gets_no_better(tmp_path):
    slow = replace(changed(patience=2, epochs=50), optimizer={"type": "sgd", "rate": 0.0})
    train_strips(slow, some_strips(30), RunFolder(tmp_path), Quiet())
    assert 3 <= len(RunFolder(tmp_path).read_checkpoint()[2]) < 50


def test_more_errors_than_characters_are_none_right(tmp_path):
    model = SequenceModel(RECIPE.architecture(4), (16, 40, 1), RECIPE.classes)
    for array in model.params.values():
        array[...] = 0
    model.params["5.weight"][...] = 1
    last = model.params["8.weight"]
    last[0, :, 2], last[0, :, 3] = 1, -1
    pictures = [np.tile(np.repeat([[0, 255]], 4, axis=1), (16, 12)).astype(np.uint8)]
    loss, right = validated(model, pictures, [np.array([3])], np.zeros(1, int), np.array([0]))
    assert right == 0 and loss > 0


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (changed(loss="squared_error"), r"\[train\]: loss = 'squared_error'"),
        (changed(label_smoothing=0.1), r"\[train\]: label_smoothing = 0\.1"),
        (changed(balance=0.5), r"\[train\]: balance = 0\.5"),
        (replace(RECIPE, augment=Augment(rotation=3)), r"\[augment\]: rotation = 3"),
        (replace(RECIPE, task="digits"), "task = 'digits'"),
    ],
)
def test_what_strips_cannot_be_learned_with_is_refused(tmp_path, recipe, expected):
    with pytest.raises(ModelError, match=expected):
        train_strips(recipe, some_strips(10), RunFolder(tmp_path), Quiet())
    assert not any(tmp_path.iterdir())


def test_another_network_to_start_from_is_refused(tmp_path):
    layers = [{"type": "avg_pool2d"}, *RECIPE.architecture(4)[1:]]
    other = SequenceModel(layers, (16, 40, 1), ("", "a", "-", "|"))
    with pytest.raises(ModelError, match="another network"):
        train_strips(RECIPE, some_strips(10), RunFolder(tmp_path), Quiet(), start=other)


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


def test_the_recipe_that_comes_along_makes_a_network():
    recipe = read_recipe(find_recipe("strips/lines"))
    model = SequenceModel(recipe.architecture(len(recipe.classes)), recipe.input_shape, recipe.classes)
    assert model.stride == 2 and recipe.classes[:2] == ("", " ") and model.parameters < 600_000


def test_the_deeper_recipe_begins_as_the_network_that_it_starts_from():
    plain, deeper = (read_recipe(find_recipe(f"strips/{name}")) for name in ("lines", "lines_deeper"))
    first, model = (recipe.network(SequenceModel, recipe.classes) for recipe in (plain, deeper))
    assert start_from(model, first) == len(first.layers)
    strip = np.random.default_rng(0).integers(0, 255, (32, 90), np.uint8)
    np.testing.assert_allclose(model.read([strip])[0], first.read([strip])[0], rtol=1e-3, atol=1e-4)
    assert model.stride == 2 and model.parameters < 1_000_000 and deeper.train.frozen < len(first.layers)


def test_a_long_strip_is_read_in_parts_that_see_all_they_need(monkeypatch: pytest.MonkeyPatch) -> None:
    from nn import sequence

    layers: list[dict[str, Any]] = [
        {"type": "conv2d", "filters": 3},
        {"type": "relu"},
        {"type": "max_pool2d"},
        {"type": "conv2d", "filters": 4},
        {"type": "max_pool2d", "columns": 1},
        {"type": "columns"},
        {"type": "conv1d", "filters": 5, "kernel": 5},
        {"type": "conv1d", "filters": 3, "kernel": 1},
    ]
    model = sequence.SequenceModel(layers, (16, 32, 1), ("", "a", "b"), seed=4)
    strip = np.random.default_rng(1).integers(0, 256, (16, 401)).astype(np.uint8)
    [whole] = model.read([strip])
    assert 4 <= model.reach < 9
    monkeypatch.setattr(sequence, "PART", 7)
    [parts] = model.read([strip])
    assert parts.shape == whole.shape == (201, 3)
    np.testing.assert_allclose(parts, whole, atol=1e-5)
