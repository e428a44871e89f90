"""Many sources read by one call, and what the package says of itself."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ocr
from ocr.errors import SettingError
from pipelines.errors import PictureError


def test_what_cannot_be_read_stops_no_other_and_each_comes_with_its_source(
    drawn: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[ocr.Reader] = []
    make = ocr.Reader.__init__

    def counting(self: ocr.Reader, **given: Any) -> None:
        made.append(self)
        make(self, **given)

    monkeypatch.setattr(ocr.Reader, "__init__", counting)
    one, other = drawn(["ONE"]), drawn(["TWO"])
    sources = [one, "none.png", other, 7]
    results = list(ocr.read_many(sources, pipeline="word"))
    assert all(given is source for given, (source, _) in zip(sources, results, strict=True))
    first, missing, second, odd = (result for _, result in results)
    assert isinstance(first, ocr.Document) and isinstance(second, ocr.Document)
    assert (first.text, second.text) == ("ONE", "TWO")
    assert isinstance(missing, PictureError) and "none.png" in str(missing)
    assert isinstance(odd, TypeError) and len(made) == 1


def test_each_is_read_when_it_is_asked_for() -> None:
    asked: list[int] = []

    def sources() -> Any:
        for number in range(3):
            asked.append(number)
            yield np.full((20, 20), 255, np.uint8)

    found = ocr.read_many(sources())
    assert asked == []
    next(iter(found))
    assert asked == [0]


@pytest.mark.parametrize("source", ["a.png", Path("a.png"), b"a"])
def test_one_source_is_not_taken_for_many(source: Any) -> None:
    with pytest.raises(TypeError, match="one source"):
        ocr.read_many(source)


def test_wrong_settings_are_told_at_once() -> None:
    with pytest.raises(SettingError, match="zebra"):
        ocr.read_many([], pipeline="zebra")


def test_the_package_tells_its_version_and_its_formats() -> None:
    assert ocr.__version__ == version("letters-ocr")
    assert "text" in ocr.formats.formats()
    assert {"__version__", "formats", "read_many"} <= set(dir(ocr))
