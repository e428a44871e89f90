import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn.training.order import balanced, in_turn, one_of_each


@given(st.integers(1, 40), st.integers(1, 90), st.integers(0, 99))
def test_in_turn_takes_every_sample_before_any_again(count, size, seed):
    epochs = 3
    taken = np.concatenate([in_turn(count, size, epoch, seed) for epoch in range(epochs)])
    assert len(taken) == epochs * size
    for turn in range(len(taken) // count):
        assert sorted(taken[turn * count :][:count]) == list(range(count))


def test_in_turn_shuffles_anew_each_time():
    first, second, other = in_turn(100, 100, 0, 7), in_turn(100, 100, 1, 7), in_turn(100, 100, 0, 8)
    assert len({tuple(order) for order in (first, second, other)}) == 3
    np.testing.assert_array_equal(first, in_turn(100, 100, 0, 7))


@given(st.floats(0.1, 1), st.integers(0, 99))
def test_balanced_draws_each_class_as_often_as_asked(balance, seed):
    labels = np.repeat([0, 1, 2], [900, 90, 10])
    taken = labels[balanced(labels, balance, 2000, 3, seed)]
    share = np.array([900, 90, 10]) ** (1 - balance)
    expected = 2000 * share / share.sum()
    assert np.abs(np.bincount(taken, minlength=3) - expected).max() < np.sqrt(2000) * 1.5


def test_fully_balanced_draws_evenly_within_a_class_too():
    labels = np.repeat([0, 1], [600, 60])
    taken = balanced(labels, 1.0, 1200, 0, 0)
    counts = np.bincount(taken, minlength=660)
    assert set(counts[:600]) <= {0, 1, 2} and set(counts[600:]) <= {9, 10, 11}
    assert not np.array_equal(np.sort(labels[taken]), labels[taken])


@given(st.integers(0, 9), st.integers(3, 200))
def test_one_of_each_class_and_every_sample_before_any_again(seed, size):
    labels = np.repeat([0, 1, 2], [40, 7, 1])[np.random.default_rng(seed).permutation(48)]
    taken = np.concatenate([one_of_each(labels, size, epoch, seed) for epoch in range(3)])
    assert len(taken) == 3 * (size // 3 * 3)
    np.testing.assert_array_equal(labels[taken].reshape(-1, 3), np.tile([0, 1, 2], (len(taken) // 3, 1)))
    for label, count in enumerate((40, 7, 1)):
        of_one = taken[label::3]
        for turn in range(len(of_one) // count):
            assert len(set(of_one[turn * count :][:count].tolist())) == count
