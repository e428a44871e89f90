import gzip
import struct
from string import ascii_uppercase
from typing import Any

import numpy as np
import pytest

from nn.data import Samples, join, read_emnist, read_npz
from nn.data.emnist import LABELS as EMNIST
from nn.data.emnist import told_apart
from nn.data.idx import read_idx
from nn.data.numbers import read_mapping
from nn.data.read import read
from nn.errors import DataError

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 4, 4), np.uint8)
LABELS = np.array([*"abcabcabc", ""])


def error(function, *arguments):
    with pytest.raises(DataError) as caught:
        function(*arguments)
    text = str(caught.value)
    assert "\n" not in text
    return text


def idx(array):
    return b"\0\0\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def test_npz(tmp_path):
    split = np.array(["train"] * 6 + ["val"] * 2 + ["test"] * 2)
    np.savez(tmp_path / "data.npz", images=IMAGES, labels=LABELS, split=split, source=np.arange(10))
    samples = read_npz(tmp_path / "data.npz")
    np.testing.assert_array_equal(samples.images, IMAGES)
    np.testing.assert_array_equal(samples.labels, LABELS)
    assert len(samples.part("train")) == 6 and samples.part("test").labels.tolist() == ["c", ""]
    assert samples.classes() == ("", "a", "b", "c")


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"labels": LABELS}, "no array 'images'"),
        ({"images": IMAGES}, "no array 'labels'"),
        ({"images": IMAGES / 255, "labels": LABELS}, "expected uint8 (N, H, W)"),
        ({"images": IMAGES[0], "labels": LABELS[:4]}, "expected uint8 (N, H, W)"),
        (
            {"images": IMAGES, "labels": np.arange(10), "classes": np.array(list("abc"))},
            "label 3 of sample 3",
        ),
        ({"images": IMAGES, "labels": np.arange(10), "classes": np.arange(10)}, "classes are int64 (10,)"),
        ({"images": IMAGES, "labels": LABELS, "task": np.array("mixed")}, "task is 'mixed'; expected one of"),
        ({"images": IMAGES, "labels": np.arange(10) / 2}, "labels are float64 (10,); expected str (10,)"),
        ({"images": IMAGES, "labels": LABELS[:9]}, "expected str (10,)"),
        ({"images": IMAGES, "labels": LABELS, "split": np.array(["dev"] * 10)}, "split holds 'dev'"),
    ],
)
def test_npz_with_something_else_in_it(tmp_path, arrays, expected):
    path = tmp_path / "data.npz"
    np.savez(path, **arrays)
    text = error(read_npz, path)
    assert expected in text and str(path) in text


def test_numbers_are_named_by_the_file_or_by_one_beside_it(tmp_path):
    path, numbers = tmp_path / "data.npz", np.arange(17, 27, dtype=np.uint8)
    np.savez(path, images=IMAGES, labels=numbers, classes=np.array(["", *ascii_uppercase]))
    samples = read_npz(path)
    assert "".join(samples.labels) == "QRSTUVWXYZ" and samples.task == "" and not samples.notes
    np.savez(path, images=IMAGES, labels=numbers)
    text = error(read_npz, path)
    assert "labels are numbers, 17 to 26; to say of what, add an array 'classes'" in text
    assert f"{tmp_path / 'data-mapping.txt'}, a line for each" in text
    lines = (f"{k} {ord(c)} {ord(c.lower())}\n" for k, c in enumerate(ascii_uppercase, 1))
    (tmp_path / "data-mapping.txt").write_text("".join(lines))
    samples = read_npz(path)
    assert "".join(samples.labels) == "QRSTUVWXYZ" and samples.task == "letters" and not samples.notes
    assert samples.take(samples.labels > "T").task == "letters"
    np.savez(tmp_path / "emnist_letters_some.npz", images=IMAGES, labels=numbers)
    assert read_npz(tmp_path / "emnist_letters_some.npz").task == "letters"


def test_files_that_take_letters_differently_are_told_of():
    folded = Samples(IMAGES, np.array([*"ABCDEFGHIJ"]), np.full(10, ""), task="letters")
    other, digits = (Samples(IMAGES, labels, folded.split) for labels in (LABELS, np.array([*"0123456789"])))
    assert join([folded, folded]).task == "letters" and not join([folded, folded]).notes
    assert join([folded, other]).task == "" and "for itself in others" in join([folded, other]).notes[0]
    assert not join([folded, digits]).notes and not join([other, digits]).notes


@pytest.mark.parametrize("kind", ["npz", "csv", "idx"])
def test_numbers_of_which_nothing_is_said(tmp_path, kind):
    def write(numbers):
        if kind == "npz":
            np.savez(tmp_path / "x.npz", images=IMAGES, labels=numbers)
            return tmp_path / "x.npz"
        if kind == "csv":
            rows = np.column_stack([numbers, IMAGES.reshape(10, -1)])
            np.savetxt(tmp_path / "x_train.csv", rows, "%d", ",")
            return tmp_path / "x_train.csv"
        (tmp_path / "x-train-images-idx3-ubyte").write_bytes(idx(IMAGES))
        (tmp_path / "x-train-labels-idx1-ubyte").write_bytes(idx(numbers))
        return tmp_path / "x-train-images-idx3-ubyte"

    digits = read([write(np.arange(10, dtype=np.uint8)[::-1])])
    np.testing.assert_array_equal(digits.images, IMAGES)
    assert "".join(digits.labels) == "9876543210"
    assert (
        len(digits.notes) == 1 and "labels 0 to 9 are taken for digits; if they are not," in digits.notes[0]
    )
    text = error(read, [write(np.arange(1, 11, dtype=np.uint8))])
    assert "labels are numbers, 1 to 10; to say of what," in text
    mapping = tmp_path / "x-mapping.txt"
    assert str(mapping) in text and str(mapping) in digits.notes[0]
    mapping.write_text("".join(f"{k} {ord('a') + k}\n" for k in range(11)))
    named = read(
        [
            tmp_path / path.name
            for path in tmp_path.glob("x[._-]*")
            if "-labels" not in path.name and path != mapping
        ]
    )
    assert "".join(named.labels) == "bcdefghijk" and not named.notes and named.task == ""


def test_keras(tmp_path):
    path = tmp_path / "mnist.npz"
    train: dict[str, Any] = {"x_train": IMAGES[:7], "y_train": np.arange(7)}
    arrays = train | {"x_test": IMAGES[7:], "y_test": np.arange(3)}
    np.savez(path, **arrays)
    samples = read([path])
    np.testing.assert_array_equal(samples.images, IMAGES)
    assert "".join(samples.labels) == "0123456012" and "digits" in samples.notes[0]
    assert samples.split.tolist() == ["train"] * 7 + ["test"] * 3
    np.savez(path, **arrays | {"x_test": IMAGES[7:, ..., None], "x_train": IMAGES[:7, ..., None]})
    np.testing.assert_array_equal(read_npz(path).images, IMAGES)
    np.savez(path, **arrays | {"x_test": np.zeros((3, 4, 4, 3), np.uint8)})
    assert "x_train, y_train, x_test, y_test do not fit each other" in error(read_npz, path)
    np.savez(path, x_train=IMAGES, x_test=IMAGES)
    assert "x_train, x_test do not fit each other ('y_train" in error(read_npz, path)
    np.savez(path, **train)
    assert set(read_npz(path).split) == {"train"}


@pytest.mark.parametrize(("ending", "dot"), [("", "-"), (".gz", "-"), ("", ".")])
def test_mnist_is_upright_and_its_test_part_is_for_tests(tmp_path, ending, dot):
    pack = gzip.compress if ending else bytes
    for part in ("train", "t10k"):
        (tmp_path / f"{part}-images{dot}idx3-ubyte{ending}").write_bytes(pack(idx(IMAGES)))
        (tmp_path / f"{part}-labels{dot}idx1-ubyte{ending}").write_bytes(
            pack(idx(np.arange(10, dtype=np.uint8)))
        )
    whole = read([tmp_path])
    assert whole.split.tolist() == ["test"] * 10 + ["train"] * 10
    np.testing.assert_array_equal(whole.images, np.concatenate([IMAGES, IMAGES]))
    train = read([tmp_path / f"train-images{dot}idx3-ubyte{ending}"])
    assert "".join(train.labels) == "0123456789" and set(train.split) == {"train"}
    test = read([tmp_path / f"t10k-images{dot}idx3-ubyte{ending}"]).with_split(0)
    assert set(test.split) == {"test"}
    (tmp_path / "mapping.txt").write_text("".join(f"{k} {0x304A + k}\n" for k in range(10)))
    assert read([tmp_path]).labels[1] == "\u304b"


def test_a_part_that_is_there_packed_and_plain_is_read_once(tmp_path):
    for pack, ending in ((bytes, ""), (gzip.compress, ".gz")):
        (tmp_path / f"train-images-idx3-ubyte{ending}").write_bytes(pack(idx(IMAGES)))
        (tmp_path / f"train-labels-idx1-ubyte{ending}").write_bytes(pack(idx(np.arange(10, dtype=np.uint8))))
    assert len(read([tmp_path])) == 10


@pytest.mark.parametrize(
    ("name", "task"),
    [("letters", "letters"), ("balanced", "merged"), ("bymerge", "merged"), ("byclass", ""), ("mnist", "")],
)
def test_what_the_sets_of_emnist_tell_apart(name, task):
    assert told_apart(EMNIST[name]) == task
    assert told_apart(dict(enumerate(ascii_uppercase))) == "" and told_apart({1: "Aa"}) == "letters"


def test_npz_that_is_none(tmp_path):
    path = tmp_path / "data.npz"
    assert "no such file" in error(read_npz, path)
    np.savez(path, images=IMAGES, labels=LABELS)
    data = path.read_bytes()
    for broken in (b"", b"hello", data[: len(data) // 2], data[:200] + b"\xff" * 50 + data[250:]):
        path.write_bytes(broken)
        assert str(path) in error(read_npz, path)
    np.savez(path, images=IMAGES, labels=LABELS.astype(object))
    assert str(path) in error(read_npz, path)
    np.save(tmp_path / "array.npy", IMAGES)
    assert "array.npy" in error(read_npz, tmp_path / "array.npy")


def test_split_holds_some_out_by_seed_and_leaves_named_ones():
    def unnamed(count):
        return Samples(np.zeros((count, 2, 2), np.uint8), np.full(count, "a"), np.full(count, ""))

    split = unnamed(4000).with_split(1).split
    assert 0.03 < (split == "val").mean() < 0.07 and set(split) == {"train", "val"}
    np.testing.assert_array_equal(split, unnamed(4000).with_split(1).split)
    assert (split != unnamed(4000).with_split(2).split).any()
    named = Samples(IMAGES, LABELS, np.array(["val"] * 2 + ["test"] * 3 + ["train"] * 5))
    np.testing.assert_array_equal(named.with_split(1).split, named.split)
    no_val = Samples(np.zeros((900, 2, 2), np.uint8), np.full(900, "a"), np.full(900, "train"))
    assert set(no_val.with_split(1).split) == {"train", "val"}


def test_indices_and_fingerprint():
    samples = Samples(IMAGES, LABELS, np.full(10, "train"))
    assert samples.indices(["c", "b", "a", ""]).tolist() == [2, 1, 0, 2, 1, 0, 2, 1, 0, 3]
    assert "'' 'c'" in error(samples.indices, ["a", "b"])
    changed = IMAGES.copy()
    changed[9, 3, 3] ^= 1
    prints = {
        samples.fingerprint(),
        Samples(IMAGES.copy(), LABELS.astype("U9"), samples.split).fingerprint(),
        Samples(changed, LABELS, samples.split).fingerprint(),
        Samples(IMAGES, LABELS[::-1], samples.split).fingerprint(),
        Samples(IMAGES, LABELS, np.full(10, "test")).fingerprint(),
    }
    assert len(prints) == 4


def test_join():
    one = Samples(IMAGES, LABELS, np.full(10, "train"))
    two = Samples(IMAGES[:2], np.array(["long", "b"]), np.full(2, ""))
    both = join([one, two])
    assert len(both) == 12 and both.labels[10] == "long"
    assert "different sizes" in error(join, [one, Samples(IMAGES[:, :3], LABELS, one.split)])


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_emnist_is_turned_upright(tmp_path, pack):
    (tmp_path / "images").write_bytes(pack(idx(IMAGES.transpose(0, 2, 1))))
    (tmp_path / "labels").write_bytes(pack(idx(np.array([1, 2, 3, 1, 2, 3, 1, 2, 3, 3], np.uint8))))
    (tmp_path / "mapping.txt").write_text("1 65 97\n2 66 98\n3 67 99\n")
    samples = read_emnist(tmp_path / "images", tmp_path / "labels", read_mapping(tmp_path / "mapping.txt"))
    np.testing.assert_array_equal(samples.images, IMAGES)
    assert "".join(samples.labels) == "ABCABCABCC"
    assert read_emnist(tmp_path / "images", tmp_path / "labels").labels[0] == "1"


def test_emnist_by_name(tmp_path):
    for split in ("train", "test"):
        (tmp_path / f"emnist-letters-{split}-images-idx3-ubyte").write_bytes(idx(IMAGES))
        (tmp_path / f"emnist-letters-{split}-labels-idx1-ubyte").write_bytes(idx(np.full(10, 2, np.uint8)))
    (tmp_path / "emnist-letters-mapping.txt").write_text("2 66 98\n")
    np.savez(tmp_path / "more.npz", images=IMAGES, labels=LABELS)
    names = ["emnist-letters-train-images-idx3-ubyte", "emnist-letters-test-images-idx3-ubyte", "more.npz"]
    samples = read([tmp_path / name for name in names])
    assert len(samples) == 30 and set(samples.labels[:20]) == {"B"}
    assert samples.split[[0, 10, 20]].tolist() == ["train", "test", ""]


def test_idx_errors(tmp_path):
    path = tmp_path / "file"
    good = idx(IMAGES)
    for data, expected in [
        (b"", "not an IDX"),
        (b"\0\0\x0d\x01" + good[4:], "not an IDX"),
        (good[:9], "not an IDX"),
        (good[:-1], "159 values"),
        (good + b"\0", "161 values"),
        (gzip.compress(good)[:-20], "cannot be read"),
    ]:
        path.write_bytes(data)
        text = error(read_idx, path)
        assert expected in text and str(path) in text
    assert "no such file" in error(read_idx, tmp_path / "none")
    path.write_bytes(good)
    (tmp_path / "labels").write_bytes(idx(np.array([1, 2], np.uint8)))
    assert "do not fit" in error(read_emnist, path, tmp_path / "labels")
    (tmp_path / "labels").write_bytes(idx(np.full(10, 7, np.uint8)))
    assert "label 7" in error(read_emnist, path, tmp_path / "labels", {1: "a"})
    (tmp_path / "mapping.txt").write_text("1 65\nx\n")
    assert "line 2" in error(read_mapping, tmp_path / "mapping.txt")
    assert "expected .npz" in error(read, [tmp_path / "data.txt"])
