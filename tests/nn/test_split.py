from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.commands.cli import main
from nn.data import Samples, read_npz, write_npz
from nn.data.split import resplit, stratified
from nn.errors import DataError


def samples(count=3000, groups=100):
    rng = np.random.default_rng(0)
    labels = np.array(list("abc"))[rng.choice(3, count, p=[0.7, 0.2, 0.1])]
    writers = rng.integers(0, groups, count).astype(np.str_)
    return Samples(np.zeros((count, 2, 2), np.uint8), labels, np.full(count, ""), writers)


def share(data, name, label):
    return (data.split[data.labels == label] == name).mean()


@pytest.mark.parametrize(("val", "test"), [(0.1, 0.2), (0.1, 0.0), (0.0, 0.2)])
def test_every_class_is_split_alike(val, test):
    split = resplit(samples(), val, test, 1)
    for label in "abc":
        assert share(split, "val", label) == pytest.approx(val, abs=0.006)
        assert share(split, "test", label) == pytest.approx(test, abs=0.006)
    np.testing.assert_array_equal(split.split, resplit(samples(), val, test, 1).split)
    if val or test:
        assert (split.split != resplit(samples(), val, test, 2).split).any()


@given(st.lists(st.sampled_from("abcd"), min_size=1), st.floats(0, 1), st.integers(0, 99))
def test_strata_are_right_to_less_than_one(texts, fraction, seed):
    labels = np.array(texts)
    taken = stratified(labels, fraction, np.random.default_rng(seed))
    for label in set(texts):
        assert abs(taken[labels == label].sum() - fraction * (labels == label).sum()) < 1


def test_groups_stay_whole():
    split = resplit(samples(), 0.1, 0.2, 1, by_group=True)
    assert split.groups is not None
    parts = {name: set(split.groups[split.split == name]) for name in ("train", "val", "test")}
    assert not parts["train"] & parts["val"] and not parts["test"] & (parts["train"] | parts["val"])
    assert (split.split == "val").mean() == pytest.approx(0.1, abs=0.02)
    assert (split.split == "test").mean() == pytest.approx(0.2, abs=0.02)


def test_splits_that_cannot_be():
    with pytest.raises(DataError, match=r"val = 0\.5 and test = 0\.5"):
        resplit(samples(), 0.5, 0.5, 0)
    bare = Samples(np.zeros((2, 2, 2), np.uint8), np.array(["a", "b"]), np.full(2, ""))
    with pytest.raises(DataError, match="no groups"):
        resplit(bare, 0.1, 0.1, 0, by_group=True)


@pytest.mark.parametrize("task", ["", "letters", "merged"])
def test_what_labels_tell_apart_stays(tmp_path, task):
    write_npz(tmp_path / "in.npz", replace(samples(), task=task))
    with pytest.raises(SystemExit):
        main(["data", "split", "--data", str(tmp_path / "in.npz"), "--out", str(tmp_path / "out.npz")])
    assert read_npz(tmp_path / "out.npz").task == task


def test_the_command(tmp_path, capsys):
    write_npz(tmp_path / "in.npz", samples())
    out = tmp_path / "out.npz"
    with pytest.raises(SystemExit) as caught:
        main(["data", "split", "--data", str(tmp_path / "in.npz"), "--out", str(out), "--by-group"])
    assert not caught.value.code
    assert capsys.readouterr().out.startswith(f"{out}: train 2") and set(read_npz(out).split) == {
        "train",
        "val",
        "test",
    }
