"""The settings of a reader: one object, which commands, batches and the library make."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import numpy as np
import pytest
import typer.main

import ocr
from ocr.commands.cli import app
from ocr.commands.names import COMMANDS
from ocr.errors import SettingError
from ocr.options import ReadOptions
from pipelines.sources.load import Picture

BLANK = np.full((40, 60), 255, np.uint8)


def options_of(command: str) -> dict[str, list[str]]:
    """Return the options of a command by the names of their parameters."""
    found = typer.main.get_command(app).get_command(None, command)  # type: ignore[attr-defined]
    return {one.name: one.opts for one in found.params}


@pytest.mark.parametrize("command", ["read", "inspect", "batch"])
def test_every_setting_is_an_option_of_the_commands_that_read(command: str) -> None:
    options = options_of(command)
    for one in fields(ReadOptions):
        assert one.name in options and one.metadata["help"]


def test_only_what_is_asked_for_is_built_and_all_of_it_for_a_hint() -> None:
    group: Any = typer.main.get_command(app)
    assert group.get_command(None, "eval").name == "eval" and list(group.commands) == ["eval"]
    assert group.get_command(None, "raed") is None and set(group.commands) == set(COMMANDS)
    assert group.list_commands(None) == list(COMMANDS)


def test_a_command_may_leave_settings_out() -> None:
    assert {"model", "whitelist", "max_pixels", "language"} <= options_of("eval").keys()
    assert {"model", "max_pixels"} <= options_of("learn").keys()
    assert "language" not in options_of("learn")


@pytest.mark.parametrize("command", ["read", "inspect", "batch", "eval"])
def test_the_language_has_short_forms(command: str) -> None:
    assert options_of(command)["language"] == ["--language", "--lang", "-l"]


def test_settings_are_checked_when_they_are_made_and_stay() -> None:
    options = ReadOptions(language="de", whitelist="a b")
    assert options.allowed == frozenset("ab") and options.page_ranges is None
    assert pickle.loads(pickle.dumps(options)) == options
    assert len({options, replace(options), replace(options, dpi=72)}) == 2
    with pytest.raises(FrozenInstanceError):
        options.dpi = 72  # type: ignore[misc]
    with pytest.raises(SettingError, match="at least 1") as error:
        replace(options, dpi=0)
    assert error.value.setting == "dpi"


def test_a_reader_takes_an_object_of_settings_or_each_by_its_name() -> None:
    options = ReadOptions(pipeline="line", top_k=2)
    assert ocr.Reader(options).options == options
    assert ocr.Reader(pipeline="line", top_k=2).options == options
    assert ocr.Reader(options, top_k=3).options == replace(options, top_k=3)
    with pytest.raises(TypeError, match="zoom"):
        ocr.Reader(zoom=2)
    with pytest.raises(TypeError, match="model="):
        ocr.Reader("mine.safetensors")  # type: ignore[arg-type]


def test_it_is_told_which_page_is_come_to_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = ocr.Reader()
    pages = [Picture(BLANK, "two.tif", number) for number in (3, 7)]
    monkeypatch.setattr(reader, "load", lambda _: iter(pages))
    told: list[int] = []
    document = reader.read("two.tif", progress=told.append)
    assert told == [page.number for page in document.pages] == [3, 7]
    assert document.source == "two.tif"

    def stop(number: int) -> None:
        raise RuntimeError(f"at {number}")

    with pytest.raises(RuntimeError, match="at 3"):
        reader.read("two.tif", progress=stop)


def test_what_is_wrong_with_a_file_is_said_of_its_page() -> None:
    reader = ocr.Reader()
    page = reader.page_of(reader.lattices(BLANK), Picture(BLANK, "a.png", 2, ("is cut short",)))
    assert (page.number, page.warnings) == (2, ("is cut short",))
