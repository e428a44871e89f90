"""Units of parameters: all defaults are within theirs, which is not checked when they are made."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from importlib import import_module
from typing import Any, get_type_hints

import pytest

from pipelines.units import Checked, Share, _check

for name in ("pipelines.params", "ocr.recognition.params", "ocr.recognition.passes.params"):
    import_module(name)
import_module("ocr.recognition.weights")


def kinds(of: type[Any]) -> list[type[Any]]:
    found: list[type[Any]] = of.__subclasses__()
    return [one for kind in found for one in (kind, *kinds(kind))]


@pytest.mark.parametrize(
    "kind", [kind for kind in kinds(Checked) if not kind.__module__.startswith("tests")], ids=str
)
def test_defaults_are_within_their_units(kind: type[Any]) -> None:
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        if field.default is not MISSING:
            _check(f"{kind.__name__}.{field.name}", hints[field.name], field.default)


def test_what_is_no_default_is_checked() -> None:
    @dataclass(frozen=True)
    class Blot(Checked):
        darkest: Share = 0.2
        lightest: Share = 0.5

    assert Blot(0.2, 0.5) == Blot()
    with pytest.raises(ValueError, match=r"Blot\.lightest is 2: it must be from 0 to 1"):
        Blot(lightest=2)
