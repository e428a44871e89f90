"""Reproduced reports: their data, training, and the page."""

import re

import numpy as np
import pytest

import nn.gallery.paper
from nn.data import Samples, write_npz
from nn.errors import ModelError
from nn.gallery.paper import verdict
from nn.model import Sequential
from nn.paper import names, read_paper
from nn.recipe import RECIPES
from nn.training.retrace import retrace, rows_like
from nn.training.silent import Silent
from tests.nn.commands.test_cli import run
from tests.nn.conftest import strokes


@pytest.fixture
def characters() -> Samples:
    """Strokes called "A", "b", "1" and "2"."""
    samples = strokes(160, 8)
    labels = np.array([{"-": "A", "|": "b", "/": "1", "": "2"}[text] for text in samples.labels.tolist()])
    return Samples(samples.images, labels, samples.split)


@pytest.mark.parametrize("name", names())
def test_every_row_is_a_recipe_that_can_be_trained(name):
    paper = read_paper(name)
    runs = [row.version.name for row in paper.rows()]
    assert len(set(runs)) >= len(runs) - (name == "S3") and all("/" not in run for run in runs)
    for row in paper.rows():
        assert (RECIPES / f"{row.recipe}.toml").is_file() and row.command().startswith("nn train ")
        assert 0 < row.reported.get("test", 1) < 100
        parameters = row.reported.get("parameters")
        if parameters is not None:
            classes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            assert row.version.recipe.network(Sequential, classes).parameters == parameters


def test_names_are_asked_for(capsys):
    assert names() == ["S0", "S1", "S2", "S3", "S4"]
    assert run("paper") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "S0  Letters in NumPy: 41 networks, EMNIST Letters, 80/20 of train" and len(lines) == 5
    with pytest.raises(ModelError, match="S9: no such report; there are S0, S1"):
        read_paper("S9")
    with pytest.raises(ModelError, match="--only nothing: no row of S0 has this in its name"):
        rows_like(read_paper("s0"), ["nothing"])


def test_a_page_has_what_was_reported_beside_what_is_reached(tmp_path, characters, capsys, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.setattr(nn.gallery.paper, "weights", lambda model: [("Weights", "drawn in reports too")])
    write_npz(tmp_path / "data.npz", characters)
    out = tmp_path / "runs"
    few = ["--epochs", 2, "--epoch-size", 64, "--errors", 2]
    command = ["paper", "S4", "--data", tmp_path / "data.npz", "--out", out]
    assert run(*command, *few, "--only", "dense") == 0
    captured = capsys.readouterr()
    said = captured.out.splitlines()
    assert said[-1] == str(out / "S4.html") and said[-2] == "without dropout: not run"
    assert re.fullmatch(r"as reported: [\d.]+ %, (reached|not reached: [\d.]+ lower)", said[-5])
    page = (out / "S4.html").read_text("utf-8")
    assert "over 88.00 / " in page and "about 90.00 / –" in page and page.count("not run") == 2
    assert "nn train dropout --set layers.4.rate=0.0 --set layers.7.rate=0.0 --data" in page
    assert page.count("<h2>") == 2 and page.count("<details>") == 1 and "The surest errors" in page
    assert page.count("<h3>Weights</h3>") == 1
    trained = (out / "dropout" / "checkpoint.safetensors").stat().st_mtime_ns
    monkeypatch.setattr(nn.gallery.paper, "image", lambda figure: "<img>")
    assert run("paper", "S4", "--out", out) == 0
    assert (out / "dropout" / "checkpoint.safetensors").stat().st_mtime_ns == trained
    assert "over 88.00 / " in (out / "S4.html").read_text("utf-8")


def test_what_cannot_be_trained_is_said_and_the_others_are(tmp_path, characters):
    paper = read_paper("S3")
    found = retrace(paper, characters, tmp_path, Silent(), ["quarter", "initial"], 1, 40)
    rows = {row.name: row for row in paper.rows()}
    assert "must be a multiple of 2" not in verdict(
        rows["Adam with noise, a quarter of the iterations"], found
    )
    assert verdict(rows["0.25 everywhere"], found) == "nothing reported"
    assert verdict(rows["256-128-64-32-11"], found) == "not run"
    letters = characters.take(np.isin(characters.labels, ["A", "b"]))
    found = retrace(read_paper("S2"), letters, tmp_path, Silent(), ["RMSprop"], 1, 40)
    assert next(iter(found.values())) == "no label belongs to the task 'digits': they are 'A' 'b'"
