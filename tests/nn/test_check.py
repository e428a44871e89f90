"""Layers of one's own, held to numerical gradients: right ones pass, wrong ones are told what is wrong."""

import pytest

from nn.commands.cli import main
from nn.errors import ModelError
from nn.model import Sequential
from nn.plugins import kept


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    kept.cache_clear()
    yield
    kept.cache_clear()


LAYER = """
from dataclasses import dataclass

import numpy as np

import nn


@dataclass
class Mine(nn.Layer):
    name = "{name}"

    def build(self, shape, rng):
        self.params = {{"weight": np.ones((shape[0], 3), np.float32), "bias": np.zeros(3, np.float32)}}
        return (3,)

    def forward(self, x, training):
        weight, bias = self.params["weight"], self.params["bias"]

        def backprop(dy):
            return {dx}, {{"weight": {weight}, "bias": {bias}}}

        return x @ weight + bias, backprop
"""
RIGHT = {"name": "mine", "dx": "dy @ weight.T", "weight": "x.T @ dy", "bias": "dy.sum(axis=0)"}


def check(folder, text, capsys, shape="7", more=()):
    (folder / "mine.py").write_text(text)
    with pytest.raises(SystemExit) as caught:
        main(["check", str(folder / "mine.py"), "--shape", shape, *more])
    printed = capsys.readouterr()
    return caught.value.code or 0, printed.out + printed.err


def test_a_layer_that_is_right_passes(tmp_path, capsys):
    assert check(tmp_path, LAYER.format(**RIGHT), capsys) == (0, "Mine: right\n")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"dx": "-dy @ weight.T"}, "dx, is -1 times what it should be: its sign is wrong"),
        (
            {"weight": "x.T @ dy / len(x)"},
            "weight is 0.25 times what it should be: it is divided by the batch",
        ),
        ({"weight": "dy.T @ x"}, "weight has the shape (3, 7) and not (7, 3): it is transposed"),
        ({"bias": "dy[0]"}, "the gradient of bias is wrong at 3 of 3 places; at (0,) it is"),
        ({"bias": "0 * dy[0]"}, "the gradient of bias is 0 everywhere: its term is missing"),
        ({"dx": "dy @ weight.T[:, ::-1]"}, "is turned around along its axes 1"),
    ],
)
def test_what_is_wrong_is_said_in_words(tmp_path, capsys, changes, said):
    code, printed = check(tmp_path, LAYER.format(**(RIGHT | changes)), capsys)
    assert code == 4 and printed.startswith("Mine: wrong\n") and said in printed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import nothing_of_the_kind", "cannot be run: ModuleNotFoundError"),
        ("x = 1", "no class in it derives from nn.Layer"),
        (LAYER.format(**(RIGHT | {"dx": "dy @ weight"})), "Mine: ValueError: matmul"),
    ],
)
def test_what_cannot_be_checked_is_told(tmp_path, capsys, text, said):
    code, printed = check(tmp_path, text, capsys)
    assert code == 4 and said in printed and printed.count("\n") == 1


def test_it_is_held_to_the_verified_layer_of_its_name(tmp_path, capsys):
    text = """
import numpy as np
import nn

class Mine(nn.Layer):
    name = "tanh"

    def forward(self, x, training):
        y = 2 * np.tanh(x)
        return y, lambda dy: (dy * (2 - y * y / 2), {})
"""
    code, printed = check(tmp_path, text, capsys)
    assert code == 4 and printed.splitlines()[1] == "  what comes out is 2 times what it should be"


def test_a_layer_that_is_kept_is_used_saved_and_loaded(tmp_path, capsys):
    layers = [{"type": "flatten"}, {"type": "mine"}]
    with pytest.raises(ModelError, match="type = 'mine': must be one of"):
        Sequential(layers, (2, 2, 1))
    kept.cache_clear()
    code, printed = check(tmp_path, LAYER.format(**RIGHT), capsys, more=["--keep"])
    assert code == 0 and printed.endswith("mine.py: recipes can use mine\n")
    model = Sequential(layers, (2, 2, 1))
    model.save(tmp_path / "mine.safetensors")
    assert Sequential.load(tmp_path / "mine.safetensors").shapes[-1] == (3,)
    code, printed = check(tmp_path, LAYER.format(**(RIGHT | {"name": "dense"})), capsys, more=["--keep"])
    assert code == 4 and "needs a name of its own" in printed
