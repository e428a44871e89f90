import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.ctc import NOTHING, ctc_loss, frames_for, greedy


def collapsed(path):
    return [label for label, _ in itertools.groupby(path) if label]


def summed(logits, text):
    """The probability of a text, by every path there is."""
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    frames, classes = logits.shape
    return sum(
        np.prod(probabilities[np.arange(frames), path])
        for path in itertools.product(range(classes), repeat=frames)
        if collapsed(path) == text
    )


def rows(texts):
    width = max(map(len, texts))
    return np.array([[*text, *[NOTHING] * (width - len(text))] for text in texts], np.int64)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 3), max_size=3))
def test_loss_is_the_sum_over_all_alignments(seed, text):
    logits = 2 * np.random.default_rng(seed).normal(size=(1, 6, 4))
    loss, _ = ctc_loss(logits, np.array([6]), np.array([text], np.int64).reshape(1, -1))
    assert np.exp(-loss[0]) == pytest.approx(summed(logits[0], text), rel=1e-9, abs=1e-12)


def test_gradient_and_lengths():
    rng = np.random.default_rng(3)
    logits, lengths = rng.normal(size=(3, 9, 5)), np.array([9, 7, 5])
    labels = rows([[1, 1, 2], [3], [2, 4]])
    losses, gradient = ctc_loss(logits, lengths, labels)
    slopes = np.zeros_like(logits)
    for place in np.ndindex(logits.shape):
        for sign in (1, -1):
            moved = logits.copy()
            moved[place] += sign * 1e-5
            slopes[place] += sign * ctc_loss(moved, lengths, labels)[0].sum() / 2e-5
    np.testing.assert_allclose(gradient, slopes, atol=1e-8)
    assert not gradient[1, 7:].any() and not gradient[2, 5:].any()
    alone = ctc_loss(logits[1:2, :7], lengths[1:2], labels[1:2, :1])
    assert losses[1] == pytest.approx(alone[0][0])


def test_long_unlikely_texts_stay_finite():
    rng = np.random.default_rng(0)
    logits = (30 * rng.normal(size=(2, 500, 60))).astype(np.float32)
    losses, gradient = ctc_loss(logits, np.array([500, 400]), rng.integers(1, 60, (2, 80)))
    assert losses.dtype == gradient.dtype == np.float32
    assert np.isfinite(losses).all() and np.isfinite(gradient).all() and (losses > 100).all()


@pytest.mark.parametrize("text", [[1, 1], [1, 2, 1], [1, 1, 1], [2, 2]])
def test_of_a_text_that_cannot_fit_nothing_is_learned(text):
    logits = np.random.default_rng(0).normal(size=(2, 3, 3)).astype(np.float32)
    labels = rows([text, [1]])
    losses, gradient = ctc_loss(logits, np.array([2, 3]), labels)
    assert losses[0] > 1e20 and not gradient[0].any()
    assert losses[1] < 10 and gradient[1].any() and losses.dtype == gradient.dtype == np.float32


def test_the_fewest_frames_for_a_text():
    assert frames_for(rows([[], [3], [1, 2, 1], [1, 1, 2], [2, 2, 2]])).tolist() == [0, 1, 3, 4, 5]


def test_greedy_leaves_out_repeats_blanks_and_what_lies_beyond_the_end():
    path = np.array([[0, 1, 1, 0, 1, 2, 2, 0], [3, 3, 0, 3, 1, 1, 1, 1]])
    logits = np.eye(4)[path]
    assert greedy(logits, np.array([8, 4])) == [[1, 1, 2], [3, 3]]
