"""Corrections come back as they were kept, in every form they can be had in."""

import errno
import io
import os
import time
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nn.data.npz import read_npz
from nn.data.read import read
from nn.errors import DataError
from ocr.learning import corrections
from ocr.learning.corrections import Corrections


def glyphs(count: int, seed: int = 0) -> np.ndarray:
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 3:25, 3:25] = np.random.default_rng(seed).integers(0, 256, (count, 22, 22))
    return images


characters = st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just("")


@settings(max_examples=settings().max_examples // 3)
@given(lots=st.lists(st.lists(characters, min_size=1, max_size=4), max_size=3), source=st.text(max_size=5))
def test_all_comes_back_in_the_order_it_was_added(tmp_path_factory, lots, source):
    kept = Corrections(tmp_path_factory.mktemp("corrections") / "mine")
    images = [glyphs(len(lot), seed) for seed, lot in enumerate(lots)]
    for lot, pictures in zip(lots, images, strict=True):
        kept.add(pictures, lot, source)
    found, labels = kept.load()
    assert labels == [label for lot in lots for label in lot]
    assert np.array_equal(found, np.concatenate([*images, glyphs(0)]))
    assert kept.counts() == {label: labels.count(label) for label in sorted(labels)}


def test_the_last_lot_is_taken_back_and_no_other(tmp_path):
    kept = Corrections(tmp_path)
    kept.add(glyphs(3), ["a", "A", ""], "one.png")
    kept.add(glyphs(2), ["a", "/"], "two.png")
    assert kept.take_back() == 2
    assert kept.counts() == {"": 1, "A": 1, "a": 1}
    assert kept.take_back() == 3
    assert (kept.take_back(), kept.counts(), kept.load()[1]) == (0, {}, [])


def test_any_lot_or_letter_of_it_is_taken_back(tmp_path):
    kept = Corrections(tmp_path)
    first = kept.add(glyphs(3), ["a", "A", ""], "one.png")
    second = kept.add(glyphs(2), ["a", "/"], "two.png")
    assert kept.take_back(first, 1) == 1
    assert kept.counts() == {"": 1, "/": 1, "a": 2}
    assert (kept.take_back(first, 1), kept.take_back(first, 7), kept.take_back(second + 1)) == (0, 0, 0)
    assert kept.take_back(first) == 2
    assert kept.load()[1] == ["a", "/"]


def test_pictures_that_it_did_not_make_are_left_alone(tmp_path):
    kept = Corrections(tmp_path)
    kept.add(glyphs(1), ["a"], "note.jpg")
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "2024-05.png").write_bytes(b"a photo")
    assert kept.counts() == {"a": 1}
    assert (kept.take_back(), kept.take_back()) == (1, 0)


def test_the_folder_and_its_copy_are_data_to_train_on(tmp_path):
    kept = Corrections(tmp_path / "mine")
    images, labels = glyphs(5), ["a", "A", "", ".", "€"]
    kept.add(images, labels, "note.jpg")
    copy = io.BytesIO()
    kept.to_zip(copy)
    ZipFile(copy).extractall(tmp_path / "copy")
    for folder in (tmp_path / "mine", tmp_path / "copy" / "corrections"):
        samples = read([folder])
        found = dict(zip(samples.labels, samples.images, strict=True))
        assert all(np.array_equal(found[label], image) for label, image in zip(labels, images, strict=True))


def as_npz(kept: Corrections, path: Path, **told) -> Path:
    with open(path, "wb") as file:
        kept.to_npz(file, **told)
    return path


def test_as_npz_with_their_sources(tmp_path):
    kept = Corrections(tmp_path / "mine")
    kept.add(glyphs(2), ["a", "b"], "note.jpg")
    kept.add(glyphs(1), ["c"], "Übung 2.png")
    samples = read_npz(as_npz(kept, tmp_path / "mine.npz"))
    assert samples.labels.tolist() == ["a", "b", "c"]
    assert samples.groups is not None
    assert samples.groups.tolist() == ["note.jpg", "note.jpg", "Übung 2.png"]
    assert np.array_equal(samples.images, kept.load()[0])


@pytest.mark.parametrize(
    ("images", "labels", "said"),
    [
        (glyphs(2), ["a"], "expected uint8"),
        (glyphs(1).astype(np.float32), ["a"], "expected uint8"),
        (glyphs(1)[:, 1:], ["a"], "expected uint8"),
        (glyphs(1), ["ab"], "not one character"),
        (glyphs(1), [" "], "not one character"),
        (255 - glyphs(1), ["a"], "dark on light"),
    ],
)
def test_what_is_no_letter_is_refused(tmp_path, images, labels, said):
    kept = Corrections(tmp_path / "mine")
    with pytest.raises(ValueError, match=said):
        kept.add(images, labels, "note.jpg")
    assert not kept.folder.exists()


def test_a_damaged_picture_is_named(tmp_path):
    kept = Corrections(tmp_path)
    kept.add(glyphs(1), ["a"], "note.jpg")
    [file] = kept.files()
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(DataError, match=file.name):
        kept.load()


def bomb(path: Path) -> None:
    Image.new("1", (9000, 9000)).save(path, "PNG")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:40]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"GIF89a"),
        bomb,
    ],
)
def test_damaged_pictures_are_left_out_and_told_of(tmp_path, spoil):
    kept = Corrections(tmp_path / "mine")
    kept.add(glyphs(3), ["a", "b", "c"], "note.jpg")
    damaged = kept.files()[1]
    spoil(damaged)
    told: list[DataError] = []
    assert kept.load(told.append)[1] == ["a", "c"]
    [error] = told
    assert str(damaged) in str(error) and "\n" not in str(error)
    path = as_npz(kept, tmp_path / "mine.npz", complain=told.append)
    assert read_npz(path).labels.tolist() == ["a", "c"]
    assert str(damaged) in np.load(path)["left_out"][0]
    file = io.BytesIO()
    kept.to_zip(file, told.append)
    names = ZipFile(file).namelist()
    assert len(names) == 3 and damaged.name not in str(names)
    assert str(damaged) in ZipFile(file).read("corrections/left_out.txt").decode()
    assert len(told) == 3


def test_symbolic_links_are_not_followed(tmp_path):
    kept, elsewhere = Corrections(tmp_path / "mine"), Corrections(tmp_path / "elsewhere")
    kept.add(glyphs(1), ["a"], "note.jpg")
    elsewhere.add(glyphs(2), ["b", "c"], "secret.jpg")
    outside = elsewhere.files()
    (kept.folder / "U+0062").symlink_to(outside[0].parent)
    (kept.folder / "U+0061" / outside[1].name).symlink_to(outside[1])
    os.mkfifo(kept.folder / "U+0061" / f"{1:020d}-0000.png")
    assert kept.counts() == {"a": 1} and kept.load()[1] == ["a"]
    file = io.BytesIO()
    kept.to_zip(file)
    assert len(ZipFile(file).namelist()) == 1
    with pytest.raises(OSError, match="U\\+0062"):
        kept.add(glyphs(2), ["a", "b"], "note.jpg")
    assert kept.counts() == {"a": 1}
    kept.take_back()
    assert elsewhere.files() == outside


@pytest.mark.parametrize("name", ["U+110000", "U+D800", "U+0020", "U+", "ab", "\udcff", "x" * 200])
def test_folders_that_are_no_class_are_left_alone(tmp_path, name):
    kept = Corrections(tmp_path)
    kept.add(glyphs(1), ["a"], "note.jpg")
    [file] = kept.files()
    (tmp_path / name).mkdir()
    (tmp_path / name / f"{2:020d}-0000.png").write_bytes(file.read_bytes())
    assert kept.counts() == {"a": 1} and kept.load()[1] == ["a"]


@pytest.mark.parametrize("fails", ["save", "rename"])
def test_a_lot_is_kept_whole_or_not_at_all(tmp_path, monkeypatch, fails):
    kept = Corrections(tmp_path)
    kept.add(glyphs(1), ["a"], "note.jpg")
    place = Image.Image if fails == "save" else os
    real, done = getattr(place, fails), list[object]()

    def fill_up(*arguments, **options):
        if len(done) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done.append(arguments)
        return real(*arguments, **options)

    monkeypatch.setattr(place, fails, fill_up)
    with pytest.raises(OSError, match="No space left"):
        kept.add(glyphs(4), list("abcd"), "note.jpg")
    monkeypatch.undo()
    assert kept.counts() == {"a": 1}
    assert not list(tmp_path.glob(f"{corrections.STAGED}*"))
    kept.add(glyphs(4), list("abcd"), "note.jpg")
    assert sum(kept.counts().values()) == 5


def test_what_a_killed_program_left_is_cleared(tmp_path):
    kept = Corrections(tmp_path)
    old, new = tmp_path / f"{corrections.STAGED}old", tmp_path / f"{corrections.STAGED}new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "0").write_bytes(b"half")
    os.utime(old, (0, time.time() - 2 * corrections.STALE))
    kept.add(glyphs(1), ["a"], "note.jpg")
    assert not old.exists() and new.exists() and kept.counts() == {"a": 1}
