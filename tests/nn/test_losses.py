import numpy as np
import pytest
from scipy.special import expit, log_softmax, softmax

import nn.losses
from nn.losses import LOSSES, OUTPUTS, targets


def shares(z):
    return expit(z) / expit(z).sum(axis=1, keepdims=True)


FORMULAS = {
    "cross_entropy": lambda z, t: -(t * log_softmax(z, axis=1)).sum(axis=1),
    "binary_cross_entropy": lambda z, t: -(t * np.log(expit(z)) + (1 - t) * np.log(1 - expit(z))).sum(axis=1),
    "cross_entropy_sigmoid": lambda z, t: -(t * np.log(shares(z))).sum(axis=1),
    "squared_error": lambda z, t: ((softmax(z, axis=1) - t) ** 2).sum(axis=1) / 2,
    "squared_error_diagonal": lambda z, t: ((softmax(z, axis=1) - t) ** 2).sum(axis=1) / 2,
    "squared_error_sigmoid": lambda z, t: ((expit(z) - t) ** 2).sum(axis=1) / 2,
}
WHOLE = [name for name in LOSSES if name != "squared_error_diagonal"]
LABELS = np.array([0, 1, 2, 3, 4, 0])


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("name", WHOLE)
def test_loss_and_its_gradient(name, smoothing):
    logits = np.random.default_rng(0).normal(size=(6, 5))
    target = (1 - smoothing) * np.eye(5)[LABELS] + smoothing / 5
    loss, gradient = LOSSES[name](logits, LABELS, smoothing)
    np.testing.assert_allclose(targets(logits, LABELS, smoothing), target)
    np.testing.assert_allclose(loss, FORMULAS[name](logits, target))
    for c in range(5):
        step = np.zeros(5)
        step[c] = 1e-6
        ends = [FORMULAS[name](logits + sign * step, target) for sign in (1, -1)]
        np.testing.assert_allclose(gradient[:, c], (ends[0] - ends[1]) / 2e-6, atol=1e-8)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_diagonal_is_how_each_probability_goes_with_its_own_logit(smoothing):
    logits = np.random.default_rng(0).normal(size=(6, 5))
    target = (1 - smoothing) * np.eye(5)[LABELS] + smoothing / 5
    loss, gradient = LOSSES["squared_error_diagonal"](logits, LABELS, smoothing)
    np.testing.assert_allclose(loss, FORMULAS["squared_error_diagonal"](logits, target))
    for c in range(5):
        ends = []
        for sign in (1, -1):
            moved = logits.copy()
            moved[:, c] += sign * 1e-6
            ends.append((softmax(moved, axis=1)[:, c] - target[:, c]) ** 2 / 2)
        np.testing.assert_allclose(gradient[:, c], (ends[0] - ends[1]) / 2e-6, atol=1e-8)


def test_outputs():
    logits = np.random.default_rng(0).normal(size=(6, 5))
    np.testing.assert_allclose(OUTPUTS["cross_entropy"](logits), softmax(logits, axis=1))
    np.testing.assert_allclose(OUTPUTS["binary_cross_entropy"](logits), expit(logits))
    np.testing.assert_allclose(OUTPUTS["cross_entropy_sigmoid"](logits), shares(logits))
    assert LOSSES.keys() == OUTPUTS.keys() == FORMULAS.keys()


@pytest.mark.parametrize(
    ("name", "loss", "gradient"),
    [
        ("cross_entropy", 2e4, [1, -1, 0]),
        ("binary_cross_entropy", 2e4 + np.log(2), [1, -1, 0.5]),
        ("cross_entropy_sigmoid", 1e4 + np.log(1.5), [0, -1, 1 / 6]),
        ("squared_error", 1, [0, 0, 0]),
        ("squared_error_diagonal", 1, [0, 0, 0]),
        ("squared_error_sigmoid", 1.125, [0, 0, 0.125]),
    ],
)
def test_large_logits_do_not_overflow(name, loss, gradient):
    logits = np.array([[1e4, -1e4, 0.0]], np.float32)
    with np.errstate(under="ignore"):
        losses, slope = LOSSES[name](logits, np.array([1]), 0.0)
        np.testing.assert_array_equal(nn.losses.softmax(logits), [[1, 0, 0]])
    assert losses[0] == pytest.approx(loss) and slope.dtype == losses.dtype == np.float32
    np.testing.assert_allclose(slope, [gradient], atol=1e-7)
