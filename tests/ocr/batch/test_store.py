"""Files and objects are there whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocr.batch.names import UNFINISHED
from ocr.batch.store import digest, file_system, local_path, opened, size, stamp, write_whole
from pipelines.errors import PictureError


@pytest.fixture
def memory() -> Iterator[Any]:
    system = pytest.importorskip("fsspec").filesystem("memory")
    yield system
    system.rm("/", recursive=True)


def test_a_file_takes_the_place_of_another(here: Path) -> None:
    for content in (b"one", b"other"):
        write_whole("out", "deep/a.txt", content)
        assert Path("out/deep/a.txt").read_bytes() == content
    assert os.listdir(f"out/{UNFINISHED}") == []


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there(call: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    write_whole("out", "a.txt", b"old")
    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match=r"No space"):
        write_whole("out", "a.txt", b"new")
    assert Path("out/a.txt").read_bytes() == b"old"
    assert os.listdir(f"out/{UNFINISHED}") == []


def test_the_contents_are_on_the_disk_before_the_name_is(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, rename = os.fsync, os.replace

    def synced(one: int) -> None:
        steps.append(os.readlink(f"/proc/self/fd/{one}"))
        fsync(one)

    def renamed(a: str, b: str) -> None:
        steps.append("rename")
        rename(a, b)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    write_whole("out", "a.txt", b"new")
    assert UNFINISHED in steps[0]
    assert steps[1:] == ["rename", str(here / "out")]


def test_a_link_is_replaced_and_not_followed(here: Path) -> None:
    Path("precious").write_text("mine")
    Path("out").mkdir()
    Path("out/a.txt").symlink_to("../precious")
    write_whole("out", "a.txt", b"new")
    assert Path("precious").read_text() == "mine" and Path("out/a.txt").read_text() == "new"


def test_pictures_have_their_names_and_faults_are_one_line(here: Path) -> None:
    Path("a.png").write_bytes(b"x")
    os.mkfifo("pipe.png")
    with opened("a.png") as file:
        assert (file.read(), file.name) == (b"x", "a.png")
    with opened("b\n.png", b"y") as file:
        assert (file.read(), file.name) == (b"y", "b\n.png")
    for name, why in (
        ("no\n.png", "no such file"),
        (".", "folder that cannot be looked into"),
        ("pipe.png", "no file"),
        ("\0", "null"),
    ):
        with pytest.raises(PictureError, match=why) as caught:
            opened(name)
        assert "\n" not in str(caught.value)
        assert digest(name) is None


def test_objects_are_as_files_are(memory: Any) -> None:
    url = "memory://out/a.txt"
    assert size(url) is None and digest(url) is None
    write_whole("memory://out", "a.txt", b"hello")
    assert size(url) == 5
    assert digest(url) == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    with opened(url) as file:
        assert (file.read(), file.name) == (b"hello", url)
    first = stamp(url)
    assert first is not None and stamp(url) == first
    write_whole("memory://out", "a.txt", b"other")
    assert stamp(url) != first
    with pytest.raises(PictureError, match=r"none\.txt"):
        opened("memory://out/none.txt")


def test_urls_of_this_machines_files_are_files(here: Path) -> None:
    pytest.importorskip("fsspec")
    write_whole(f"file://{here}/out", "a.txt", b"new")
    assert Path("out/a.txt").read_bytes() == b"new"
    assert local_path(f"file://{here}/out") == f"{here}/out"
    assert stamp(f"file://{here}/out/a.txt") is None


def test_a_kind_of_store_that_nobody_knows_is_told() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(PictureError, match=r"zebra://a: .*zebra"):
        file_system("zebra://a")
