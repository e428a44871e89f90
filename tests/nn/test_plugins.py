"""Where packages that add something may lie: in folders and in archives, some of them unreadable."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nn.plugins import plugins
from tests.foreign import install

GROUP = "letters_ocr.tried"


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    plugins.cache_clear()
    yield
    plugins.cache_clear()
    sys.modules.pop("foreign_thing", None)


def installed(folder: Path) -> Path:
    folder.mkdir()
    install(folder, GROUP, "foreign_thing", "Thing", "class Thing(dict):\n    name = 'thing'\n")
    return folder


def test_nothing_is_found_where_no_package_names_the_group() -> None:
    assert plugins(GROUP, dict) == ()


def test_what_lies_in_a_folder_or_an_archive_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = installed(tmp_path / "site")
    archive = shutil.make_archive(str(tmp_path / "site"), "zip", folder)
    for place in (folder, archive):
        with monkeypatch.context() as patch:
            patch.syspath_prepend(place)
            plugins.cache_clear()
            assert [one.name for one in plugins(GROUP, dict)] == ["thing"]


def test_an_egg_has_its_own_name_for_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = installed(tmp_path / "thing-1.0.egg")
    (folder / "foreign_thing-1.0.dist-info").rename(folder / "EGG-INFO")
    (folder / "EGG-INFO/METADATA").rename(folder / "EGG-INFO/PKG-INFO")
    monkeypatch.syspath_prepend(folder)
    assert [one.name for one in plugins(GROUP, dict)] == ["thing"]


def test_what_cannot_be_read_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd-1.0.dist-info/entry_points.txt").mkdir(parents=True)
    monkeypatch.syspath_prepend(installed(tmp_path / "site"))
    monkeypatch.syspath_prepend(tmp_path)
    assert [one.name for one in plugins(GROUP, dict)] == ["thing"]
