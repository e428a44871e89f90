"""Fine-tuning: other classes, frozen layers, rates by layer, monitors, plateaus and hooks."""

from dataclasses import replace

import numpy as np
import pytest

import nn
from nn.errors import ModelError
from nn.training.monitor import balanced_accuracy, best_of
from nn.training.run_folder import Epoch, RunFolder
from nn.training.train import train
from tests.nn.training.test_train import Watch, changed


def epochs_of(folder):
    return RunFolder(folder).read_checkpoint()[2]


def test_a_network_learns_on_with_another_class(tmp_path, recipe, samples):
    some = samples.take(samples.labels != "/")
    first = train(changed(recipe, epochs=6), some, RunFolder(tmp_path / "first"), Watch())
    watch = Watch()
    head = changed(recipe, epochs=6, frozen=-1, patience=0)
    model = train(head, samples, RunFolder(tmp_path / "second"), watch, start=first)
    assert watch.notes == [
        "starts with the weights of 7 of 7 layers; 3 of its 4 classes are known to the other model"
    ]
    assert model.classes == ("", "-", "/", "|") and watch.epochs[-1].val_accuracy > 0.8
    for name in ("0.weight", "1.scale", "1.variance"):
        np.testing.assert_array_equal(model.weights[name], first.weights[name])


def test_layers_learn_at_rates_of_their_own(tmp_path, recipe, samples):
    plain = replace(
        recipe, optimizer={"type": "sgd", "rate": 0.01, "momentum": 0.0}, schedule={"type": "constant"}
    )
    plain = changed(plain, epochs=1, ema=0.0, batch_size=0)
    before = plain.network(nn.Sequential, ("", "-", "/", "|")).weights
    moved = {}
    for name, settings in (
        ("usual", {}),
        ("decay", {"layer_decay": 0.5}),
        ("rates", {"layer_rates": [0, 1, 2]}),
    ):
        model = train(changed(plain, **settings), samples, RunFolder(tmp_path / name), Watch())
        moved[name] = {key: model.params[key] - before[key] for key in model.params}
    for key, decay, rate in (
        ("0.weight", 0.25, 0),
        ("1.scale", 0.5, 1),
        ("6.weight", 1, 2),
        ("6.bias", 1, 2),
    ):
        np.testing.assert_allclose(moved["decay"][key], decay * moved["usual"][key], rtol=1e-2, atol=1e-7)
        np.testing.assert_allclose(moved["rates"][key], rate * moved["usual"][key], rtol=1e-2, atol=1e-7)
    with pytest.raises(ModelError, match="layer_rates: 2 given, for 3 layers with weights"):
        train(changed(plain, layer_rates=[1, 2]), samples, RunFolder(tmp_path / "few"), Watch())
    with pytest.raises(ValueError, match=r"layer_rates = .*: must be a list of numbers"):
        changed(plain, layer_rates=[-1])


@pytest.mark.parametrize(
    ("monitor", "best"), [("val_accuracy", 1), ("val_loss", 2), ("loss", 3), ("accuracy", 3)]
)
def test_the_best_epoch_is_that_of_what_is_monitored(tmp_path, monkeypatch, recipe, samples, monitor, best):
    script = iter([nn.training.train.Validated(0.5, 0.9), nn.training.train.Validated(0.4, 0.8)] * 2)
    monkeypatch.setattr(nn.training.train, "_validated", lambda *_: next(script))
    learned = iter([(1.0, 0.1), (0.9, 0.2), (0.8, 0.3)])

    def scripted(trainer, batches, steps, number, progress, hooks):
        return Epoch(number, *next(learned), 0, 0, 0.1, 1.0, 1.0, best=False)

    monkeypatch.setattr(nn.training.train, "learn_epoch", scripted)
    train(changed(recipe, epochs=3, monitor=monitor), samples, RunFolder(tmp_path), Watch())
    assert best_of(epochs_of(tmp_path)).epoch == best
    with pytest.raises(ValueError, match="monitor = 'f1': must be one of val_accuracy"):
        changed(recipe, monitor="f1")


def test_classes_count_alike_however_many_samples_they_have(tmp_path, recipe, samples):
    assert balanced_accuracy(np.array([0, 0, 2, 0]), np.array([0, 0, 2, 2])) == 0.75
    model = train(changed(recipe, monitor="val_balanced"), samples, RunFolder(tmp_path), Watch())
    val = samples.part("val")
    labels, found = val.indices(model.classes), model.predict(val.images).argmax(axis=1)
    right = np.mean([(found[labels == k] == k).mean() for k in range(4)])
    assert best_of(epochs_of(tmp_path)).val_balanced == pytest.approx(right)


def test_the_rate_falls_where_nothing_gets_better_and_as_far_if_resumed(
    tmp_path, recipe, samples, monkeypatch
):
    measured = nn.training.train.Validated(1.0, 0.5)
    monkeypatch.setattr(nn.training.train, "_validated", lambda *_: measured)
    one = replace(
        recipe, schedule={"type": "plateau", "drop": 0.5, "patience": 2}, optimizer={"type": "adam"}
    )
    train(changed(one, epochs=6), samples, RunFolder(tmp_path / "whole"), Watch())
    rates = [epoch.rate for epoch in epochs_of(tmp_path / "whole")]
    np.testing.assert_allclose(rates, 0.001 * np.array([1, 1, 1, 0.5, 0.5, 0.25]))
    watch = Watch()
    train(changed(one, epochs=4), samples, RunFolder(tmp_path / "half"), watch)
    train(changed(one, epochs=6), samples, RunFolder(tmp_path / "half"), watch, resume=True)
    assert [epoch.rate for epoch in epochs_of(tmp_path / "half")] == rates and not watch.notes


def test_hooks_watch_change_and_end_training(tmp_path, recipe, samples):
    class Mine(nn.Hook):
        def __init__(self):
            self.began, self.losses, self.norms = 0, [], []

        def begin(self, trainer):
            self.began += 1

        def step(self, trainer, step, loss):
            self.losses.append(loss)
            self.norms.append(float(np.abs(trainer.gradients["6.weight"]).max()))

        def epoch(self, trainer, epoch):
            trainer.optimizer.rate /= 2
            return epoch.epoch == 2

    one, other = Mine(), Mine()
    constant = replace(recipe, schedule={"type": "constant"})
    train(constant, samples, RunFolder(tmp_path), Watch(), hooks=[one, other])
    epochs = epochs_of(tmp_path)
    assert [epoch.rate for epoch in epochs] == [0.01, 0.0025] and one.began == other.began == 1
    assert len(one.losses) == 2 * (150 // 32) and min(one.norms) > 0
    assert np.mean(one.losses[: 150 // 32]) == pytest.approx(epochs[0].loss)
    classifier = nn.Classifier(recipe, epochs=4, hooks=[Mine()]).fit(samples.images, samples.labels)
    assert classifier.n_iter_ == 2
    assert (
        nn.Classifier(recipe, epochs=1, start=classifier.model_).fit(samples.images, samples.labels).n_iter_
        == 1
    )
