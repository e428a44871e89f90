import gzip
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.io import savemat

from nn.data import Samples, read, write_npz
from nn.data.kaggle import read_csv_images
from nn.data.pictures import from_scan, load_picture
from nn.data.resize import resized, squared
from nn.data.tasks import as_task
from nn.errors import DataError

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 28, 28), np.uint8)


def error(*paths):
    with pytest.raises(DataError) as caught:
        read(paths)
    text = str(caught.value)
    assert "\n" not in text and str(paths[0]) in text
    return text


def csv(path, labels, images, header=""):
    rows = images.reshape(len(images), -1).tolist()
    if labels is not None:
        rows = [[label, *row] for label, row in zip(labels, rows, strict=True)]
    path.write_text(header + "".join(",".join(map(str, row)) + "\n" for row in rows))
    return path


def test_digits_of_kaggle(tmp_path):
    names = ",".join(f"pixel{k}" for k in range(784)) + "\n"
    samples = read([csv(tmp_path / "train.csv", [3, 1, 4, 1, 5, 9], IMAGES, "label," + names)])
    np.testing.assert_array_equal(samples.images, IMAGES)
    assert "".join(samples.labels) == "314159" and set(samples.split) == {""}
    assert "taken for digits" in samples.notes[0]
    unlabelled = csv(tmp_path / "test.csv", None, IMAGES, names)
    np.testing.assert_array_equal(read_csv_images(unlabelled), IMAGES)
    assert "has no labels" in error(unlabelled)


def test_emnist_of_kaggle_is_turned_and_named(tmp_path):
    path = csv(tmp_path / "emnist-balanced-test.csv", [0, 10, 35, 36, 46, 9], IMAGES.transpose(0, 2, 1))
    samples = read([path])
    np.testing.assert_array_equal(samples.images, IMAGES)
    assert "".join(samples.labels) == "0AZat9" and set(samples.split) == {"test"}
    assert samples.task == "merged"
    (tmp_path / "emnist-balanced-mapping.txt").write_text("0 120\n")
    assert "label 9 of sample 5 is not in the mapping" in error(path)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # as outside of tests
@pytest.mark.parametrize(
    ("line", "change", "expected"),
    [
        (3, lambda cells: [*cells[:5], "", *cells[6:]], "value 6 is ''; expected a whole number"),
        (2, lambda cells: [*cells[:-1], "256"], "value 785 is '256'; expected a whole number"),
        (2, lambda cells: [*cells[:-1], "1.5"], "value 785 is '1.5'"),
        (2, lambda cells: [*cells[:-1], "nan"], "value 785 is 'nan'"),
        (4, lambda cells: cells[:300], "300 values; expected 785"),
    ],
)
def test_tables_with_mistakes_are_named_to_the_byte(tmp_path, line, change, expected):
    path = csv(tmp_path / "digits.csv", range(6), IMAGES, "label," + "p," * 783 + "p\n")
    lines = path.read_text().splitlines()
    lines[line - 1] = ",".join(change(lines[line - 1].split(",")))
    path.write_text("\n".join(lines))
    offset = sum(len(text) + 1 for text in lines[: line - 1])
    assert f"line {line}, at byte {offset}: {expected}" in error(path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "byte 0: no table"),
        (b"label,pixel0\n", "no rows"),
        (b"1,2,3\n", "2 pixels a row"),
        (b"\x89PNG\r\n\x1a\n", "not text"),
    ],
)
@pytest.mark.filterwarnings("ignore:loadtxt")
def test_tables_that_are_none(tmp_path, content, expected):
    (tmp_path / "x.csv").write_bytes(content)
    assert expected in error(tmp_path / "x.csv")


def dataset():
    columns = IMAGES.transpose(0, 2, 1).reshape(6, 784)
    part = {"labels": np.array([[1], [2], [3]], np.uint8), "writers": np.array([[7], [7], [9]], np.uint16)}
    mapping = np.array([[1, 65, 97], [2, 66, 98], [3, 67, 99]], np.uint8)
    parts = {"train": part | {"images": columns[:3]}, "test": part | {"images": columns[3:]}}
    return parts | {"mapping": mapping}


@pytest.mark.parametrize("packed", [False, True])
def test_emnist_of_matlab(tmp_path, packed):
    path = tmp_path / "emnist-letters.mat"
    savemat(path, {"other": "text", "dataset": dataset(), "more": 1.5}, do_compression=packed)
    samples = read([path])
    np.testing.assert_array_equal(samples.images, IMAGES)
    assert "".join(samples.labels) == "ABCABC"
    assert samples.split.tolist() == ["train"] * 3 + ["test"] * 3
    assert samples.groups is not None
    assert samples.groups.tolist() == ["7", "7", "9"] * 2


def test_matlab_files_that_are_something_else(tmp_path):
    path = tmp_path / "x.mat"
    assert "no such file" in error(path)
    savemat(path, {"dataset": dataset()})
    data = path.read_bytes()
    for broken, expected in (
        (b"", "byte 126 is b''; expected IM or MI"),
        (b"hello" * 100, "byte 126 is b'el'; expected IM or MI"),
        (data[: len(data) // 2], f"byte 128 of the file: ends at byte {len(data) // 2}; expected"),
        (data + b"12345", f"byte {len(data)} of the file: ends at byte {len(data) + 5}; expected an element"),
    ):
        path.write_bytes(broken)
        assert expected in error(path)
    savemat(path, {"other": 1})
    assert "mapping in dataset is missing" in error(path)
    wrong = dataset()
    wrong["test"]["images"] = IMAGES[:3, :, :20].reshape(3, -1)
    savemat(path, {"dataset": wrong})
    assert "dataset.test.images are uint8 (3, 560) for 3 labels; expected uint8 (3, 784)" in error(path)


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_name_stands_for_the_files_that_begin_with_it(tmp_path, ending):
    pack = gzip.compress if ending else bytes

    def idx(array):
        shape = struct.pack(f">{array.ndim}I", *array.shape)
        return pack(b"\0\0\x08" + bytes([array.ndim]) + shape + array.tobytes())

    for part in ("train", "test"):
        stem = tmp_path / f"emnist-letters-{part}"
        (tmp_path / f"{stem}-images-idx3-ubyte{ending}").write_bytes(idx(IMAGES.transpose(0, 2, 1)))
        (tmp_path / f"{stem}-labels-idx1-ubyte{ending}").write_bytes(idx(np.arange(1, 7, dtype=np.uint8)))
    samples = read([tmp_path / "emnist-letters"])
    assert "".join(samples.labels) == "ABCDEFABCDEF" and samples.task == "letters"
    assert samples.split.tolist() == ["test"] * 6 + ["train"] * 6
    np.testing.assert_array_equal(samples.images[6:], IMAGES)
    assert "expected .npz, .mat, .csv" in error(tmp_path / "emnist-digits")


def test_a_folder_by_class(tmp_path):
    for place, picture in zip(("A/1.png", "A/2.png", "U+0061/1.png", "none/x.png"), IMAGES, strict=False):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        picture[0] = picture[-1] = picture[:, 0] = picture[:, -1] = 0
        Image.fromarray(picture).save(tmp_path / place)
    (tmp_path / "A" / "notes.txt").write_text("no picture")
    samples = read([tmp_path])
    assert samples.labels.tolist() == ["A", "A", "a", ""]
    np.testing.assert_array_equal(samples.images, IMAGES[:4])
    Image.new("L", (5, 5)).save(tmp_path / "none" / "y.png")
    with pytest.raises(DataError, match=r"y.png: \(5, 5\); expected \(28, 28\)"):
        read([tmp_path])
    (tmp_path / "none" / "y.png").write_bytes((tmp_path / "A" / "1.png").read_bytes()[:300])
    with pytest.raises(DataError, match=r"y.png: not a readable picture"):
        read([tmp_path])


def test_a_folder_divided_already(tmp_path):
    for split in ("train", "test"):
        (tmp_path / split / "b").mkdir(parents=True)
        Image.fromarray(IMAGES[0]).save(tmp_path / split / "b" / "1.png")
    assert sorted(read([tmp_path]).split) == ["test", "train"]
    (tmp_path / "none").mkdir()
    assert "expected a folder for each class" in error(tmp_path / "none")


def test_scans_are_turned_and_stretched():
    page = np.full((20, 20), 200, np.uint8)
    page[8:12, 5:15] = 80
    ink = from_scan(page)
    assert ink.dtype == np.uint8 and set(ink[8:12, 5:15].flat) == {255} and ink[0, 0] == 0
    np.testing.assert_array_equal(from_scan(ink), ink)


@pytest.mark.parametrize("mode", ["L", "RGB", "LA", "RGBA", "P", "I;16", "1"])
def test_pictures_of_any_mode(tmp_path, mode):
    page = np.full((20, 20), 255, np.uint8)
    page[8:12, 5:15] = 0
    if mode == "I;16":
        Image.fromarray(page.astype(np.uint16) * 257).save(tmp_path / "x.png")
    elif "A" in mode:
        bands = [Image.new("L", (20, 20), 0)] * (len(mode) - 1)
        Image.merge(mode, [*bands, Image.fromarray(255 - page)]).save(tmp_path / "x.png")
    else:
        Image.fromarray(page).convert(mode).save(tmp_path / "x.png")
    np.testing.assert_array_equal(load_picture(tmp_path / "x.png"), 255 - page)


def test_resizing_takes_means_of_areas():
    halves = IMAGES.reshape(6, 14, 2, 14, 2).mean((2, 4)).round()
    np.testing.assert_array_equal(resized(IMAGES, 14, 14), halves)
    assert abs(resized(IMAGES, 16, 16).mean() - IMAGES.mean()) < 0.1
    assert resized(IMAGES, 28, 28) is IMAGES
    wide = squared(np.full((4, 8), 100, np.uint8), 8)
    assert wide[:2].max() == wide[6:].max() == 0 and (wide[2:6] == 100).all()


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("", ["a", "A", "7", "", "é", "z"]),
        ("letters", ["A", "A", "Z"]),
        ("merged", ["a", "A", "7", "Z"]),
        ("digits", ["7"]),
        ("digits_or_none", ["", "", "7", "", "", ""]),
    ],
)
def test_tasks(task, expected):
    labels = np.array(["a", "A", "7", "", "é", "z"])
    samples = Samples(IMAGES, labels, np.full(6, "train"), np.arange(6).astype("U"))
    chosen = as_task(samples, task, (16, 16, 1))
    assert chosen.labels.tolist() == expected
    assert chosen.images.shape == (len(expected), *((16, 16) if task else (28, 28)))
    assert chosen.groups is not None and len(chosen.groups) == len(expected)
    if task == "digits":
        np.testing.assert_array_equal(chosen.images, resized(IMAGES[2:3], 16, 16))
        with pytest.raises(DataError, match="no label belongs to the task 'digits'"):
            as_task(samples.take(np.arange(6) < 2), task, (16, 16, 1))


def test_what_is_written_is_what_is_read(tmp_path):
    for groups in (None, np.array(list("aabbcc"))):
        samples = Samples(IMAGES, np.array(list("abcdef")), np.array(["train", "val"] * 3), groups)
        write_npz(tmp_path / "x.npz", samples)
        back = read([tmp_path / "x.npz"])
        assert back.fingerprint() == samples.fingerprint()
        np.testing.assert_equal(back.groups, groups)
    both = read([tmp_path / "x.npz", tmp_path / "x.npz"])
    val = both.part("val")
    assert both.groups is not None and val.groups is not None
    assert "".join(both.groups) == "aabbcc" * 2 and "".join(val.groups) == "abc" * 2


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A good file of each kind."""
    folder = tmp_path_factory.mktemp("good")
    savemat(folder / "x.mat", {"dataset": dataset()})
    savemat(folder / "y.mat", {"dataset": dataset()}, do_compression=True)
    csv(folder / "x.csv", range(6), IMAGES[:, :4, :4])
    write_npz(folder / "x.npz", Samples(IMAGES, np.array(list("abcdef")), np.full(6, "train")))
    return folder


@pytest.mark.filterwarnings("ignore")
@given(st.data())
@pytest.mark.parametrize("name", ["x.mat", "y.mat", "x.csv", "x.npz"])
def test_damaged_files_are_an_error_or_harmless(good, name, data):
    raw = bytearray((good / name).read_bytes())
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw)))]
    for _ in range(data.draw(st.integers(0, 3)) if raw else 0):
        raw[data.draw(st.integers(0, min(len(raw), 600) - 1))] = data.draw(st.integers(0, 255))
    path = good / f"damaged{name[1:]}"
    path.write_bytes(raw)
    try:
        read([path])
    except DataError as caught:
        assert str(path) in str(caught) and "\n" not in str(caught)
