import csv
import json
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

import nn.training.train
from nn.data import Samples, write_npz
from nn.errors import DataError, ModelError
from nn.losses import LOSSES, softmax_cross_entropy
from nn.metrics import confusion, per_class, reliability, top_k
from nn.model import Sequential
from nn.recipe import read_recipe
from nn.training.augment import Augment
from nn.training.run_folder import RunFolder
from nn.training.train import Validated, train
from nn.training.trainer import Batch, Trainer

TOML = """
input_shape = [8, 8, 1]
layers = [{ type = "flatten" }, { type = "dense", units = "classes" }]
[optimizer]
type = "adamw"
rate = 0.001
[train]
epochs = 4
batch_size = 32
"""


class Watch:
    """Keeps the epochs and interrupts after a given epoch or step."""

    def __init__(self, stop_after=None, stop_at_step=None):
        self.epochs, self.stop_after, self.stop_at_step = [], stop_after, stop_at_step
        self.notes: list[str] = []

    def begin(self, epochs): ...

    def step(self, epoch, step, steps, loss, accuracy):
        if (epoch, step) == self.stop_at_step:
            raise KeyboardInterrupt

    def note(self, text):
        self.notes.append(text)

    def epoch(self, epoch):
        self.epochs.append(epoch)
        if epoch.epoch == self.stop_after:
            raise KeyboardInterrupt


def changed(recipe, **settings):
    return replace(recipe, train=replace(recipe.train, **settings))


def checkpoint(folder):
    return folder.read_checkpoint()[0]


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_it_learns_and_leaves_what_it_says(tmp_path, recipe, samples):
    folder, watch = RunFolder(tmp_path / "run"), Watch()
    model = train(changed(recipe, epochs=8), samples, folder, watch)
    assert {file.name for file in folder.path.iterdir()} == {
        "run.json",
        "environment.json",
        "history.csv",
        "checkpoint.safetensors",
        "best.safetensors",
    }
    assert model.classes == ("", "-", "/", "|")
    test = samples.part("test")
    assert top_k(model.predict(test.images), test.indices(model.classes), 1) > 0.9
    rows = list(csv.DictReader((folder.path / "history.csv").read_text().splitlines()))
    assert [int(row["epoch"]) for row in rows] == list(range(1, 9))
    assert float(rows[0]["gradient 0.weight"]) > 0 and len(watch.epochs[0].gradients) == 2
    environment = json.loads((folder.path / "environment.json").read_text())
    assert environment["numpy"] == np.__version__ and environment["cores"] >= 1
    assert float(rows[-1]["loss"]) < 0.5 * float(rows[0]["loss"])
    description = json.loads((folder.path / "run.json").read_text())
    assert description["recipe"]["train"]["seed"] == 3 and description["data"] == samples.fingerprint()
    best = max(watch.epochs, key=lambda epoch: (epoch.val_accuracy, -epoch.val_loss))
    assert model.settings["training"]["epoch"] == best.epoch
    val = samples.part("val")
    accuracy = top_k(model.predict(val.images), val.indices(model.classes), 1)
    assert accuracy == pytest.approx(best.val_accuracy)
    assert model.settings["training"]["val_accuracy"] == best.val_accuracy


@pytest.mark.parametrize(
    ("settings", "optimizer"),
    [
        ({}, {"type": "adamw", "rate": 0.01}),
        ({"balance": 0.5, "epoch_size": 100, "ema": 0.0}, {"type": "sgd", "rate": 0.05}),
    ],
)
@pytest.mark.parametrize("stop", [{"stop_after": 2}, {"stop_at_step": (3, 2)}])
def test_a_resumed_run_is_the_straight_one_bit_for_bit(tmp_path, recipe, samples, settings, optimizer, stop):
    recipe = replace(changed(recipe, **settings), optimizer=optimizer)
    straight, halted = RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "halted")
    train(recipe, samples, straight, Watch())
    with pytest.raises(KeyboardInterrupt):
        train(recipe, samples, halted, Watch(**stop))
    assert len(halted.read_checkpoint()[2]) == 2
    watch = Watch()
    train(recipe, samples, halted, watch, resume=True)
    assert [epoch.epoch for epoch in watch.epochs] == [3, 4]
    assert_same(checkpoint(straight), checkpoint(halted))
    assert_same(Sequential.load(straight.best).weights, Sequential.load(halted.best).weights)
    histories = [
        [(e.epoch, e.loss, e.accuracy, e.val_loss, e.best) for e in folder.read_checkpoint()[2]]
        for folder in (straight, halted)
    ]
    assert histories[0] == histories[1]


def test_a_finished_run_can_be_given_more_epochs(tmp_path, recipe, samples):
    folder, watch = RunFolder(tmp_path), Watch()
    train(changed(recipe, epochs=1), samples, folder, Watch())
    train(changed(recipe, epochs=2), samples, folder, watch, resume=True)
    assert [epoch.epoch for epoch in watch.epochs] == [2]


def test_a_rate_that_does_not_go_on_as_planned_is_told_of(tmp_path, recipe, samples):
    folder = RunFolder(tmp_path / "run")
    watches = [Watch() for _ in range(4)]
    for watch, epochs in zip(watches, (2, 2, 3, 3), strict=True):
        train(changed(recipe, epochs=epochs), samples, folder, watch, resume=folder.checkpoint.is_file())
    told = "the schedule one_cycle now lasts 3 epochs instead of 2: after 2 epochs the learning rate goes on"
    assert [len(watch.notes) for watch in watches] == [0, 0, 1, 0] and watches[2].notes[0].startswith(told)
    rate = watches[2].epochs[0].rate
    assert f"goes on at {rate:.3g}; the last epoch began at" in watches[2].notes[0]
    folder, watch = RunFolder(tmp_path / "constant"), Watch()
    for epochs in (1, 2):
        recipe = replace(changed(recipe, epochs=epochs), schedule={"type": "constant"})
        train(recipe, samples, folder, watch, resume=folder.checkpoint.is_file())
    assert not watch.notes


def test_one_sample_after_another_and_batches_of_one_each(tmp_path, recipe, samples):
    layers = ({"type": "flatten"}, {"type": "dense", "units": "classes", "initializer": "glorot"})
    recipe = replace(recipe, layers=layers, optimizer={"type": "sgd", "rate": 0.01}, augment=Augment())
    steps = {1: 120, 4: 30, 8: 15, 0: 1}
    for batch_size, count in steps.items():
        folder = RunFolder(tmp_path / str(batch_size))
        one = changed(recipe, batch_size=batch_size, epochs=2, one_of_each=batch_size != 1, epoch_size=120)
        train(one, samples, folder, Watch())
        assert folder.read_checkpoint()[1] == 2 * count
    with pytest.raises(ModelError, match=r"batch_size = 6: must be a multiple of 4, the number of classes"):
        train(changed(recipe, one_of_each=True, batch_size=6), samples, RunFolder(tmp_path / "6"), Watch())


def test_runs_that_cannot_be_resumed(tmp_path, recipe, samples):
    folder = RunFolder(tmp_path / "run")
    with pytest.raises(ModelError, match=r"run\.json"):
        train(recipe, samples, folder, Watch(), resume=True)
    train(changed(recipe, epochs=1), samples, folder, Watch())
    with pytest.raises(ModelError, match="recipe was not the same"):
        train(changed(recipe, seed=4), samples, folder, Watch(), resume=True)
    with pytest.raises(ModelError, match="data was not the same"):
        negative = Samples(255 - samples.images, samples.labels, samples.split)
        train(recipe, negative, folder, Watch(), resume=True)
    folder.checkpoint.write_bytes(folder.checkpoint.read_bytes()[:-10])
    with pytest.raises(ModelError, match=r"checkpoint\.safetensors: damaged"):
        train(recipe, samples, folder, Watch(), resume=True)


def test_a_run_is_not_overwritten(tmp_path, recipe, samples):
    folder = RunFolder(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        train(recipe, samples, folder, Watch(stop_at_step=(1, 1)))
    train(changed(recipe, epochs=1), samples, folder, Watch())
    kept = {file.name: file.read_bytes() for file in folder.path.iterdir()}
    with pytest.raises(ModelError, match="holds a run; resume it"):
        train(changed(recipe, seed=9), samples, folder, Watch())
    assert {file.name: file.read_bytes() for file in folder.path.iterdir()} == kept


KILLED = """
import os, signal, sys
from pathlib import Path
import nn.files, nn.training.run_folder
from nn.commands.cli import main

write, left = Path.write_bytes, [int(sys.argv[1])]

def half(path, content):
    if path.name.startswith(sys.argv[2]):
        left[0] -= 1
        if not left[0]:
            write(path, content[: len(content) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
    return write(path, content)

Path.write_bytes = half
main(sys.argv[3:])
"""


@pytest.mark.parametrize(("save", "name"), [(1, ".checkpoint"), (3, ".checkpoint"), (2, ".best")])
def test_a_run_killed_while_it_saves_comes_to_the_same_weights(tmp_path, recipe, samples, save, name):
    write_npz(tmp_path / "data.npz", samples)
    (tmp_path / "mine.toml").write_text(TOML)
    folders = [RunFolder(tmp_path / "straight"), RunFolder(tmp_path / "killed")]
    common = ["train", str(tmp_path / "mine.toml"), "--data", str(tmp_path / "data.npz"), "--out"]
    train(read_recipe(tmp_path / "mine.toml"), samples, folders[0], Watch())
    command = [sys.executable, "-c", KILLED, str(save), name, *common, str(folders[1].path)]
    killed = subprocess.run(command, capture_output=True, text=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    resumed = folders[1].checkpoint.is_file()
    assert resumed == (save > 1)
    train(read_recipe(tmp_path / "mine.toml"), samples, folders[1], Watch(), resume=resumed)
    assert_same(checkpoint(folders[0]), checkpoint(folders[1]))
    assert_same(*(Sequential.load(folder.best).weights for folder in folders))


def test_early_stopping_keeps_the_best_weights(tmp_path, monkeypatch, recipe, samples):
    script = iter([0.5, 0.7, 0.6, 0.7, 0.8])
    seen = []

    def scripted(trainer, images, labels):
        seen.append({name: array.copy() for name, array in trainer.result().weights.items()})
        return Validated(1.0, next(script))

    monkeypatch.setattr(nn.training.train, "_validated", scripted)
    watch = Watch()
    model = train(changed(recipe, epochs=20, patience=2), samples, RunFolder(tmp_path), watch)
    assert [epoch.best for epoch in watch.epochs] == [True, True, False, False]
    assert_same(model.weights, seen[1])
    assert model.settings["training"]["epoch"] == 2


def test_average_follows_the_weights(recipe, samples):
    with ThreadPoolExecutor(2) as pool:
        model = Sequential(recipe.architecture(4), recipe.input_shape, "abcd")
        trainer = Trainer(model, recipe, 10, pool)
        expected = {name: array.astype(np.float64) for name, array in model.weights.items()}
        for step in range(1, 4):
            images = samples.images[:32, ..., None].astype(np.float32) / 255
            trainer.step(Batch(images, np.arange(32) % 4))
            decay = min(0.9, (1 + step) / (10 + step))
            for name, array in model.weights.items():
                expected[name] = decay * expected[name] + (1 - decay) * array
    for name, array in trainer.result().weights.items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-4, atol=1e-6)


def test_parts_add_up_to_the_gradient_of_the_whole_batch(recipe, samples, monkeypatch):
    layers = ({"type": "flatten"}, {"type": "dense", "units": "classes"})
    recipe = replace(changed(recipe, threads=3), layers=layers)
    images = samples.images[:32, ..., None].astype(np.float32) / 255
    labels = np.arange(32) % 4
    with ThreadPoolExecutor(3) as pool:
        model = Sequential(recipe.architecture(4), recipe.input_shape, "abcd")
        trainer = Trainer(model, recipe, 10, pool)
        logits, backprop = model.forward(images.copy(), np.random.default_rng(0))
        losses, gradient = softmax_cross_entropy(logits, labels, recipe.train.label_smoothing)
        whole = backprop(gradient / 32)
        taken = {}
        monkeypatch.setattr(trainer.optimizer, "step", lambda gradients, *_: taken.update(gradients))
        loss, right = trainer.step(Batch(images.copy(), labels))
    assert loss == pytest.approx(losses.sum(), rel=1e-5)
    assert right == (logits.argmax(axis=1) == labels).sum()
    for name in model.params:
        np.testing.assert_allclose(taken[name], whole[name], rtol=1e-4, atol=1e-6)


def test_large_batches_go_in_more_parts_and_bytes_are_scaled(recipe, samples, monkeypatch):
    layers = ({"type": "flatten"}, {"type": "dense", "units": "classes", "initializer": "glorot"})
    recipe = replace(recipe, layers=layers, optimizer={"type": "sgd", "rate": 0.1})
    places = np.arange(5000) % len(samples)
    labels, images, weights = places % 4, samples.images[places][..., None], []
    with ThreadPoolExecutor(2) as pool:
        for given in (images, images.astype(np.float32) / 255):
            model = Sequential(recipe.architecture(4), recipe.input_shape, "abcd")
            trainer = Trainer(model, recipe, 10, pool)
            sizes: list[int] = []

            def learn(*part, learn=trainer.learn, sizes=sizes):
                sizes.append(len(part[0]))
                return learn(*part)

            monkeypatch.setattr(trainer, "learn", learn)
            trainer.step(Batch(given, labels))
            assert len(sizes) == 5 and sum(sizes) == 5000
            weights.append(model.weights["1.weight"])
    np.testing.assert_allclose(weights[0], weights[1], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_learns_from_whole_epochs(tmp_path, recipe, samples, loss):
    layers = ({"type": "flatten"}, {"type": "dense", "units": "classes", "initializer": "glorot"})
    recipe = changed(recipe, loss=loss, batch_size=0, epochs=60, ema=0.0, label_smoothing=0.0)
    recipe = replace(recipe, layers=layers, schedule={"type": "constant"}, augment=Augment())
    watch = Watch()
    train(replace(recipe, optimizer={"type": "adam", "rate": 0.02}), samples, RunFolder(tmp_path), watch)
    assert watch.epochs[-1].val_accuracy > 0.9
    assert watch.epochs[-1].loss < 0.6 * watch.epochs[0].loss
    assert RunFolder(tmp_path).read_checkpoint()[1] == 60


def test_clipping_and_magnitude_decay(recipe, samples):
    recipe = changed(recipe, clip=0.01, magnitude_decay=0.1, ema=0.0)
    with ThreadPoolExecutor(2) as pool:
        model = Sequential(recipe.architecture(4), recipe.input_shape, "abcd")
        before = {name: array.copy() for name, array in model.params.items()}
        trainer = Trainer(model, replace(recipe, optimizer={"type": "sgd", "rate": 1.0}), 10, pool)
        factor = trainer.factor()
        images = samples.images[:32, ..., None].astype(np.float32) / 255
        trainer.step(Batch(images, np.arange(32) % 4))
    for name, array in model.params.items():
        kept = before[name] * (1 - 0.1 * np.abs(before[name]) if array.ndim > 1 else 1)
        assert np.linalg.norm(array - kept) <= 0.0191 * factor
    assert max(np.abs(array - before[name]).max() for name, array in model.params.items()) > 0


def test_a_run_of_before_a_setting_was_there_is_resumed(tmp_path, recipe, samples):
    folder = RunFolder(tmp_path)
    train(changed(recipe, epochs=1), samples, folder, Watch())
    description = folder.read_description()
    del description["recipe"]["train"]["loss"], description["recipe"]["augment"]["displacement"]
    folder.write_description(description)
    train(changed(recipe, epochs=2), samples, folder, Watch(), resume=True)
    assert len(folder.read_checkpoint()[2]) == 2


def test_what_cannot_be_trained(tmp_path, recipe, samples):
    folder = RunFolder(tmp_path)
    with pytest.raises(DataError, match="no samples with split 'val'"):
        train(recipe, samples.part("train"), folder, Watch())
    with pytest.raises(DataError, match=r"pictures are \(8, 8\)"):
        train(replace(recipe, input_shape=(9, 9, 1)), samples, folder, Watch())
    with pytest.raises(DataError, match=r"'\|'"):
        train(replace(recipe, classes=("-", "/", "")), samples, folder, Watch())
    with pytest.raises(ModelError, match=r"\[optimizer\]: momentun = 0\.9: unknown key"):
        train(replace(recipe, optimizer={"type": "sgd", "momentun": 0.9}), samples, folder, Watch())
    with pytest.raises(ModelError, match=r"\[schedule\]: type = 'linear'"):
        train(replace(recipe, schedule={"type": "linear"}), samples, folder, Watch())
    with pytest.raises(ModelError, match="the loss is"):
        train(replace(recipe, optimizer={"type": "sgd", "rate": 1e30}), samples, folder, Watch())


def test_of_equal_logits_the_first_counts_and_none_counts_beside_nan():
    labels = np.array([0, 1, 2])
    assert [top_k(np.zeros((3, 3)), labels, k) for k in (1, 2, 3)] == pytest.approx([1 / 3, 2 / 3, 1])
    assert top_k(np.full((3, 3), np.nan), labels, 1) == 0


def test_metrics():
    logits = np.array([[3, 2, 1], [1, 3, 2], [1, 2, 3], [3, 1, 2]], np.float32)
    labels = np.array([0, 2, 2, 1])
    assert [top_k(logits, labels, k) for k in (1, 2, 3)] == [0.5, 0.75, 1.0]
    np.testing.assert_array_equal(confusion(logits, labels), [[1, 0, 0], [1, 0, 0], [0, 1, 1]])
    scores = per_class(logits, labels, ("a", "b", "c"))
    assert [(s.text, s.count, s.precision, s.recall) for s in scores] == [
        ("a", 1, 0.5, 1.0),
        ("b", 1, 0.0, 0.0),
        ("c", 2, 1.0, 0.5),
    ]
    assert [round(s.f1, 6) for s in scores] == [0.666667, 0.0, 0.666667]


def test_reliability():
    rates = np.array([[0.95, 0.05], [0.95, 0.05], [0.35, 0.65], [0.45, 0.55]])
    found = reliability(rates, np.array([0, 1, 1, 0]), bins=10)
    assert found.share.tolist() == [0, 0, 0, 0, 0, 0.25, 0.25, 0, 0, 0.5]
    np.testing.assert_allclose(found.sure[[5, 6, 9]], [0.55, 0.65, 0.95])
    assert found.right[[5, 6, 9]].tolist() == [0, 1, 0.5]
    assert found.error == pytest.approx(0.25 * 0.55 + 0.25 * 0.35 + 0.5 * 0.45)


def test_a_run_can_start_from_a_trained_model(tmp_path, recipe, samples):
    first = train(changed(recipe, epochs=6), samples, RunFolder(tmp_path / "first"), Watch())
    watch = Watch()
    slow = replace(changed(recipe, epochs=1), optimizer={**recipe.optimizer, "rate": 1e-9})
    second = train(slow, samples, RunFolder(tmp_path / "second"), watch, start=first)
    same = second.predict(samples.images).argmax(axis=1) == first.predict(samples.images).argmax(axis=1)
    assert same.mean() > 0.95
    other = Sequential([{"type": "flatten"}, {"type": "dense", "units": 2}], recipe.input_shape, ("a", "b"))
    with pytest.raises(ModelError, match="another network"):
        train(slow, samples, RunFolder(tmp_path / "third"), Watch(), start=other)
