"""Texts that leave something out: what the loss then is, and its gradient."""

import numpy as np
import pytest

from nn.ctc import ctc_loss
from nn.training.left_out import LEFT_OUT, merge, merged_classes

CLASSES = ("", " ", "a", "A", "b", "B", "1", ".", "ß")


def classes_of(text):
    return [CLASSES.index(character) for character in text]


def loss_and_gradient(logits, kind, text):
    counts_as = merged_classes(CLASSES)[[LEFT_OUT.index(kind)]]
    merged, share = merge(logits, counts_as)
    losses, gradient = ctc_loss(merged, np.array([logits.shape[1]]), np.array([classes_of(text)]))
    return losses[0], np.take_along_axis(gradient, counts_as[:, None], axis=2) * share


def some_logits(frames):
    return np.random.default_rng(3).normal(size=(1, frames, len(CLASSES)))


def probability(logits, wanted):
    """The probability of all ways of frames whose text is wanted, told one by one."""
    p = np.exp(logits[0])
    p /= p.sum(axis=1, keepdims=True)
    total = 0.0
    for way in np.ndindex(*(len(CLASSES),) * len(p)):
        text = "".join(
            CLASSES[here] for here, before in zip(way, (0, *way[:-1]), strict=True) if here != before
        )
        total += p[np.arange(len(p)), way].prod() if text in wanted else 0.0
    return total


def test_what_counts_as_what():
    counts_as = dict(zip(LEFT_OUT, merged_classes(CLASSES).tolist(), strict=True))
    assert counts_as[""] == list(range(len(CLASSES)))
    assert counts_as["case"] == [0, 1, 3, 3, 5, 5, 6, 7, 8]
    assert counts_as["marks"] == [0, 0, 2, 3, 4, 5, 6, 0, 8]
    assert counts_as["case and marks"] == [0, 0, 3, 3, 5, 5, 6, 0, 8]


def test_nothing_left_out_is_the_loss_itself():
    logits = some_logits(6)
    plain = ctc_loss(logits, np.array([6]), np.array([classes_of("aB.")]))
    loss, gradient = loss_and_gradient(logits, "", "aB.")
    np.testing.assert_allclose(loss, plain[0][0], rtol=1e-12)
    np.testing.assert_allclose(gradient, plain[1], atol=1e-12)


def test_without_case_every_case_counts():
    logits = some_logits(3)
    loss, _ = loss_and_gradient(logits, "case", "AB")
    assert np.exp(-loss) == pytest.approx(probability(logits, {"ab", "aB", "Ab", "AB"}), rel=0.2)
    assert np.exp(-loss) > probability(logits, {"ab", "aB", "Ab", "AB"})  # "aAB" is one A of no case, too


@pytest.mark.parametrize("kind", LEFT_OUT)
@pytest.mark.parametrize("text", ["A", "AB1", "1AAB"])
def test_the_gradient_is_that_of_finite_differences(kind, text):
    logits = some_logits(7)
    _, gradient = loss_and_gradient(logits, kind, text)
    expected = np.zeros_like(logits)
    for place in np.ndindex(*logits.shape):
        moved = [logits.copy(), logits.copy()]
        moved[0][place] += 1e-5
        moved[1][place] -= 1e-5
        expected[place] = (
            loss_and_gradient(moved[0], kind, text)[0] - loss_and_gradient(moved[1], kind, text)[0]
        ) / 2e-5
    np.testing.assert_allclose(gradient, expected, atol=1e-7)
