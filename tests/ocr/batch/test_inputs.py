"""Which pictures are found, and what their outputs are called."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.batch.inputs import find_inputs, listed_inputs
from ocr.batch.names import UNFINISHED, bases, inside

Write = Callable[[str], Path]
NAMES = st.binary(min_size=1, max_size=300).map(lambda name: os.fsdecode(name.translate(None, b"\0/")))
NAMES |= st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=300)
PATHS = st.lists(NAMES | st.sampled_from(["..", ".", "", "a", "A"]), min_size=1, max_size=6).map("/".join)


def relative(*places: str, out: str = "out") -> list[str]:
    return [one.relative for one in find_inputs(places, out)]


@pytest.fixture
def scans(write: Write) -> None:
    for name in ("b.png", "a.JPG", "deep/er/c.pdf", "deep/d.tif", "notes.txt", ".hidden.png", ".git/e.png"):
        write(f"scans/{name}")


@pytest.mark.usefixtures("scans")
def test_a_folder_gives_the_pictures_below_it() -> None:
    assert relative("scans") == relative("scans/") == ["a.JPG", "b.png", "deep/d.tif", "deep/er/c.pdf"]
    sources = [one.source for one in find_inputs(["scans"], "out")]
    assert sources == ["scans/a.JPG", "scans/b.png", "scans/deep/d.tif", "scans/deep/er/c.pdf"]


@pytest.mark.usefixtures("scans")
def test_several_stay_as_they_are_given(write: Write) -> None:
    write("more/b.png")
    assert relative("scans/b.png", "more", "./more/../scans/a.JPG") == [
        "scans/b.png",
        "more/b.png",
        "scans/a.JPG",
    ]


@pytest.mark.usefixtures("scans")
@pytest.mark.parametrize(
    ("glob", "found"),
    [
        ("scans/*.png", ["b.png"]),
        ("scans/*", ["a.JPG", "b.png", "notes.txt"]),
        ("scans/**/*.[pt]*", ["b.png", "deep/d.tif", "deep/er/c.pdf", "notes.txt"]),
        ("scans/**", ["a.JPG", "b.png", "deep/d.tif", "deep/er/c.pdf", "notes.txt"]),
        ("s*/deep/*", ["scans/deep/d.tif"]),
        ("*/b.png", ["scans/b.png"]),
        ("scans/?.png", ["b.png"]),
    ],
)
def test_globs(glob: str, found: list[str]) -> None:
    assert relative(glob) == found


@pytest.mark.usefixtures("scans")
def test_a_glob_that_is_a_files_name_is_that_file(write: Write) -> None:
    write("scans/page[1].png")
    assert relative("scans/page[1].png") == ["page[1].png"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["none", "none.png", "none/*.png"])
def test_what_is_not_there_is_told(name: str) -> None:
    with pytest.raises(FileNotFoundError, match=r"none"):
        relative(name)


@pytest.mark.usefixtures("scans")
def test_outputs_are_no_inputs(write: Write) -> None:
    write("scans/out/b.png.pdf")
    assert "out/b.png.pdf" not in relative("scans", out="scans/out")
    assert "out/b.png.pdf" in relative("scans")


@pytest.mark.usefixtures("scans")
def test_loops_of_links_end_and_each_folder_is_entered_once(here: Path) -> None:
    (here / "scans/loop").symlink_to(here / "scans")
    (here / "scans/deep/up").symlink_to("..")
    (here / "scans/again").symlink_to("deep")
    (here / "elsewhere").mkdir()
    (here / "elsewhere/x.png").touch()
    (here / "elsewhere/back").symlink_to(here / "scans")
    (here / "scans/away").symlink_to(here / "elsewhere")
    (here / "scans/link.png").symlink_to("b.png")
    (here / "scans/broken.png").symlink_to("nowhere.png")
    (here / "scans/self.png").symlink_to("self.png")
    os.mkfifo(here / "scans/pipe.png")
    assert relative("scans") == [
        "a.JPG",
        "away/x.png",
        "b.png",
        "broken.png",
        "deep/d.tif",
        "deep/er/c.pdf",
        "link.png",
        "self.png",
    ]


@pytest.mark.usefixtures("scans")
@pytest.mark.parametrize("separator", [b"\n", b"\0", b"\r\n"])
def test_a_list_gives_its_entries_and_the_pictures_of_its_folders(separator: bytes) -> None:
    listed = [
        b"scans/b.png",
        b"../up.png",
        b"/root.png",
        b"",
        b"s3://bucket/k.png",
        b"scans/deep",
        b"caf\xe9.png",
    ]
    content = separator.join([*listed, b""])
    found = [one.relative for one in listed_inputs(content, "out")]
    assert found == [
        "scans/b.png",
        "up.png",
        "root.png",
        "bucket/k.png",
        "scans/deep/d.tif",
        "scans/deep/er/c.pdf",
        "caf\udce9.png",
    ]


def test_names_in_a_list_with_nuls_may_hold_newlines() -> None:
    assert [one.source for one in listed_inputs(b"a\nb.png\0c \r.png\0", "out")] == ["a\nb.png", "c \r.png"]


def test_objects_are_found_as_files_are() -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    for name in ("b.png", "deep/a.jpg", "notes.txt", ".hidden/c.png"):
        memory.pipe_file(f"/scans/{name}", b"x")
    try:
        assert relative("memory://scans") == relative("memory://scans/") == ["b.png", "deep/a.jpg"]
        assert relative("memory://scans/deep/a.jpg") == ["a.jpg"]
        assert relative("memory://scans/*.png") == ["b.png"]
        [one] = find_inputs(["memory://scans/d*/*"], "out")
        assert fsspec.open(one.source).open().read() == b"x"
    finally:
        memory.rm("/scans", recursive=True)


@given(PATHS)
def test_no_name_leads_outside(path: str) -> None:
    found = inside(path)
    parts = found.split("/")
    assert found == os.path.normpath(found) and not {"", ".", ".."} & set(parts)
    assert parts[0] != UNFINISHED and inside(found) == found


@given(st.lists(PATHS, max_size=8))
def test_outputs_of_all_pictures_have_names_of_their_own(paths: list[str]) -> None:
    endings = (".txt", "-100.page.xml")
    names = list(bases(map(inside, paths), endings, ["manifest.jsonl"]))
    assert len(names) == len(paths)
    outputs = {f"{name}{ending}".casefold() for name in names for ending in endings}
    assert len(outputs | {"manifest.jsonl"}) == 2 * len(names) + 1
    for name in names:
        assert len(os.fsencode(name.rpartition("/")[2])) + len("-100.page.xml") <= 255
        assert inside(name) == name


def test_names_are_those_of_the_pictures_but_where_they_clash() -> None:
    found = list(bases(["a.jpg", "a.png", "A.png", "b/a.png", "manifest"], [".jsonl"], ["manifest.jsonl"]))
    assert found[:2] == ["a.jpg", "a.png"]
    assert found[2].startswith("A.png~") and len(found[2]) == len("A.png~") + 16
    assert found[3] == "b/a.png"
    assert found[4].startswith("manifest~")
