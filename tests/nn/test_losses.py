import numpy as np
import pytest
from scipy.special import log_softmax

from nn.losses import softmax, softmax_cross_entropy


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_loss_and_its_gradient(smoothing):
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(6, 5)), np.array([0, 1, 2, 3, 4, 0])
    target = (1 - smoothing) * np.eye(5)[labels] + smoothing / 5
    loss, gradient = softmax_cross_entropy(logits, labels, smoothing)
    np.testing.assert_allclose(loss, -(target * log_softmax(logits, axis=1)).sum(axis=1))
    np.testing.assert_allclose(gradient, softmax(logits) - target, atol=1e-12)
    np.testing.assert_allclose(gradient.sum(axis=1), 0, atol=1e-12)


def test_large_logits_do_not_overflow():
    logits = np.array([[1e4, -1e4, 0.0]], np.float32)
    loss, gradient = softmax_cross_entropy(logits, np.array([1]))
    assert loss[0] == 2e4 and gradient.dtype == np.float32
    np.testing.assert_array_equal(gradient, [[1, -1, 0]])
    np.testing.assert_array_equal(softmax(logits), [[1, 0, 0]])
