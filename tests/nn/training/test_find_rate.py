"""The range test of learning rates."""

from dataclasses import replace

import numpy as np
import pytest

import nn
from nn.data import write_npz
from nn.training.find_rate import find_rate, judged
from nn.training.silent import Silent
from nn.training.train import labelled
from tests.nn.commands.test_cli import RECIPE, run


def test_it_suggests_where_the_loss_has_fallen_half_of_its_way():
    rates = np.geomspace(1e-5, 1, 101).tolist()
    x = np.log10(rates)
    found = judged(rates, (3 - 2 / (1 + np.exp(-4 * (x + 2.5))) + 5 * (x > -0.5)).tolist())
    assert found.suggested == pytest.approx(10**-2.5, rel=0.15) and 0.1 < found.least <= 10**-0.5
    assert judged([1e-3, 1e-2, 1e-1, 0.2], [3, 2.9, 2.8, 0.5]).suggested == 0.04


def test_the_rate_that_it_suggests_learns(recipe, samples):
    classes = samples.classes()
    one = replace(recipe, optimizer={"type": "sgd", "momentum": 0.9})
    found = find_rate(one, classes, labelled(one, classes, samples), Silent(), steps=60)
    assert len(found.rates) == len(found.losses) <= 60 and min(found.losses) < found.losses[0]
    assert found.suggested < found.least
    mine = nn.Classifier(recipe, epochs=4, optimizer={"type": "sgd", "rate": found.suggested})
    assert mine.fit(samples.images, samples.labels).score(samples.images, samples.labels) > 0.8
    assert mine.find_rate(samples.images, samples.labels, steps=20).suggested > 0


def test_the_command_prints_and_plots(tmp_path, samples, capsys):
    pytest.importorskip("matplotlib")
    (tmp_path / "mine.toml").write_text(RECIPE)
    write_npz(tmp_path / "data.npz", samples)
    command = ["find-rate", tmp_path / "mine.toml", "--data", tmp_path / "data.npz"]
    assert run(*command, "--plot", tmp_path / "rates.png", "--highest", 100) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["rate", "loss"] and lines[1].split()[0] == "1e-06" and "#" in lines[1]
    assert (
        lines[-1].startswith("suggested: --set optimizer.rate=") and (tmp_path / "rates.png").stat().st_size
    )
    assert run(*command, "--lowest", 1, "--highest", 0.1) == 2
