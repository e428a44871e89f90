"""User-defined layers, losses and optimizers: correct ones pass, in others the fault is named."""

from typing import Any

import numpy as np
import pytest

import nn
from nn.commands.cli import main
from nn.errors import ModelError
from nn.export import to_onnx
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


LOSS = """
import numpy as np

import nn
from nn.losses import log_softmax, softmax, targets


class Mine(nn.Loss):
    name = "{name}"

    def __call__(self, logits, labels, smoothing):
        t, p = targets(logits, labels, smoothing), softmax(logits)
        return {loss}, {gradient}
"""
ENTROPY = {"name": "mine", "loss": "-(t * log_softmax(logits)).sum(axis=1)", "gradient": "p - t"}
SQUARED = {
    "name": "squares",
    "loss": "((p - t) ** 2).sum(axis=1) / 2",
    "gradient": "p * (p - t - ((p - t) * p).sum(axis=1, keepdims=True))",
}


@pytest.mark.parametrize("right", [ENTROPY, SQUARED, ENTROPY | {"name": "cross_entropy"}])
def test_a_loss_that_is_right_passes(tmp_path, capsys, right):
    assert check(tmp_path, LOSS.format(**right), capsys) == (0, "Mine: right\n")


@pytest.mark.parametrize(
    ("right", "changes", "said"),
    [
        (ENTROPY, {"gradient": "p"}, "the gradient lacks the target term, - t"),
        (ENTROPY, {"gradient": "t - p"}, "the gradient is -1 times what it should be: its sign is wrong"),
        (
            ENTROPY,
            {"gradient": "(p - t) / len(p)"},
            "0.25 times what it should be: it is divided by the batch",
        ),
        (
            ENTROPY,
            {"gradient": "p - targets(logits, labels, 0.0)"},
            "with label smoothing of 0.1 uses the target without label smoothing",
        ),
        (ENTROPY, {"gradient": "(p - t) * p * (1 - p)"}, "has an extra factor p (1 - p) of the softmax"),
        (ENTROPY, {"loss": "-(t * log_softmax(logits)).sum()"}, "expected one number per sample, (4,)"),
        (ENTROPY, {"loss": "-(t * np.log(p + 0.1)).sum(axis=1)"}, "the gradient is wrong at"),
        (SQUARED, {"gradient": "(p - t) * p * (1 - p)"}, "- p_k sum_c(d_c p_c) is missing"),
        (
            ENTROPY,
            {
                "name": "cross_entropy",
                "loss": "-2 * (t * log_softmax(logits)).sum(axis=1)",
                "gradient": "2 * (p - t)",
            },
            "the loss is 2 times what it should be",
        ),
    ],
)
def test_the_wrong_term_of_a_loss_is_named(tmp_path, capsys, right, changes, said):
    code, printed = check(tmp_path, LOSS.format(**(right | changes)), capsys)
    assert code == (4 if said else 0) and said in printed


def test_a_loss_must_stand_large_logits(tmp_path, capsys):
    large = "np.log(np.exp(logits).sum(axis=1)) - (t * logits).sum(axis=1)"
    code, printed = check(tmp_path, LOSS.format(**(ENTROPY | {"loss": large})), capsys)
    assert code == 4 and "is not finite for large logits" in printed


OPTIMIZER = """
import numpy as np

import nn


class Mine(nn.Optimizer):
    name = "{name}"
    moment_names = ("mean", "square")

    def __init__(self, params, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.0):
        super().__init__(params, rate, weight_decay)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    def move(self, param, gradient, rate, decay, mean, square):
        g = {g}
        mean += (1 - self.beta1) * (g - mean)
        square += (1 - self.beta2) * (g * g - square)
        m, v = {m}, {v}
        param {move}
"""
ADAM = {
    "name": "adam",
    "g": "gradient + decay * param",
    "m": "mean / (1 - self.beta1**self.steps)",
    "v": "square / (1 - self.beta2**self.steps)",
    "move": "-= rate * m / (np.sqrt(v) + self.epsilon)",
}


def test_an_optimizer_that_is_right_passes_and_is_used_in_recipes(tmp_path, capsys, samples):
    assert check(tmp_path, OPTIMIZER.format(**ADAM), capsys) == (0, "Mine: right\n")
    text = OPTIMIZER.format(**(ADAM | {"name": "my_adam"})) + LOSS.format(**ENTROPY).replace("Mine", "MyLoss")
    code, printed = check(tmp_path, text, capsys, more=["--keep"])
    assert code == 0 and printed.endswith("recipes can use mine, my_adam\n")
    kept.cache_clear()
    layers: list[Any] = [nn.Flatten(), {"type": "dense", "units": "classes"}]
    own, usual = ({"type": kind, "rate": 0.01} for kind in ("my_adam", "adam"))
    mine = nn.Classifier(layers, epochs=3, optimizer=own, train={"loss": "mine"})
    ours = nn.Classifier(layers, epochs=3, optimizer=usual)
    rates = [one.fit(samples.images, samples.labels).predict_proba(samples.images) for one in (mine, ours)]
    np.testing.assert_allclose(rates[0], rates[1], rtol=1e-3, atol=1e-5)
    mine.save(tmp_path / "mine.safetensors")
    again = nn.Classifier.load(tmp_path / "mine.safetensors")
    np.testing.assert_array_equal(again.predict_proba(samples.images), rates[0])
    assert to_onnx(Sequential.load(tmp_path / "mine.safetensors"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"m": "mean"}, "the steps lack the bias correction of the mean, / (1 - beta1^t)"),
        ({"v": "square"}, "the steps lack the bias correction of the square, / (1 - beta2^t)"),
        ({"m": "mean", "v": "square"}, "the steps lack both bias corrections"),
        (
            {"move": "-= rate * m / np.sqrt(v + self.epsilon)"},
            "the steps have epsilon inside the square root",
        ),
        ({"move": "-= rate * m / (v + self.epsilon)"}, "the steps lack the square root"),
        ({"move": "+= rate * m / (np.sqrt(v) + self.epsilon)"}, "moves along the gradient"),
        ({"move": "-= 2 * rate * m / (np.sqrt(v) + self.epsilon)"}, "is 2 times what it should be"),
        ({"g": "gradient"}, "the steps with weight decay leave out weight decay"),
        ({"name": "adamw"}, "AdamW's is separate from the gradient"),
        ({"move": "= param - rate * m"}, "does not change the parameters: they must be updated in place"),
        ({"m": "mean.mean()"}, "is not element-wise"),
        ({"m": "mean / 0"}, "makes parameters infinite or NaN"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
def test_the_wrong_term_of_an_optimizer_is_named(tmp_path, capsys, changes, said):
    code, printed = check(tmp_path, OPTIMIZER.format(**(ADAM | changes)), capsys)
    assert code == 4 and printed.startswith("Mine: wrong\n") and said in printed


@pytest.mark.parametrize(
    ("name", "rule", "said"),
    [
        ("sgd", "self.momentum * velocity + gradient", ""),
        ("sgd", "velocity", "plain momentum: Nesterov's look-ahead is missing"),
        ("sgd", "gradient", "leave out momentum"),
    ],
)
def test_steps_of_gradient_descent_are_held_to_ours(tmp_path, capsys, name, rule, said):
    text = f"""
import nn

class Mine(nn.Optimizer):
    name = "{name}"
    moment_names = ("velocity",)

    def __init__(self, params, rate, weight_decay):
        super().__init__(params, rate, weight_decay)
        self.momentum = 0.9

    def move(self, param, gradient, rate, decay, velocity):
        gradient = gradient + decay * param
        velocity *= self.momentum
        velocity += gradient
        param -= rate * ({rule})
"""
    code, printed = check(tmp_path, text, capsys)
    assert code == (4 if said else 0) and said in printed
