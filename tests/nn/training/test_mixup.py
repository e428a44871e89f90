import numpy as np
import pytest

from nn.losses import LOSSES
from nn.training.mixup import mixup
from nn.training.trainer import Trainer


def test_pictures_and_labels_are_mixed_alike():
    rng = np.random.default_rng(0)
    pictures = np.eye(6, dtype=np.float32).reshape(6, 1, 6, 1)
    mixed, labels = mixup(pictures, np.arange(6), 0.4, rng)
    assert mixed.dtype == np.float32 and (labels[:, 2] >= 0.5).all()
    for picture, (first, second, share) in zip(mixed[:, 0, :, 0], labels, strict=True):
        expected = np.zeros(6)
        expected[int(first)] += share
        expected[int(second)] += 1 - share
        np.testing.assert_allclose(picture, expected, atol=1e-6)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_of_a_mixed_picture_is_that_of_both(recipe, loss):
    judge = type(
        "Judge", (Trainer,), {"__init__": lambda self, settings: setattr(self, "settings", settings)}
    )
    settings = type(recipe.train)(loss=loss, label_smoothing=0.1)
    logits = np.random.default_rng(1).normal(size=(3, 4))
    labels = np.array([[0, 1, 0.75], [2, 2, 0.6], [3, 0, 1.0]])
    value, _, gradient = judge(settings).judge(logits, labels)
    parts = [LOSSES[loss](logits, labels[:, k].astype(int), 0.1) for k in (0, 1)]
    share = labels[:, 2]
    assert value == pytest.approx((share * parts[0][0] + (1 - share) * parts[1][0]).sum())
    np.testing.assert_allclose(gradient, share[:, None] * parts[0][1] + (1 - share)[:, None] * parts[1][1])
