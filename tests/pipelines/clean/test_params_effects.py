"""Numbers of cleaning do what their docstrings say, on pictures that are drawn."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from pipelines.clean.params import STANDARD, CleanParams
from tests.pipelines.clean import effects_on_ink, effects_on_sheets
from tests.pipelines.clean.drawn import Measure
from tests.pipelines.effects import changed

EFFECTS = [*effects_on_sheets.EFFECTS, *effects_on_ink.EFFECTS]


@pytest.mark.parametrize(("group", "effect", "measure"), EFFECTS, ids=[changed(one[0]) for one in EFFECTS])
def test_a_changed_number_changes_the_result_as_its_docstring_says(
    group: Any, effect: str, measure: Measure
) -> None:
    before = measure(STANDARD)
    after = measure(CleanParams(**{type(group).__name__.lower(): group}))
    assert after > before if effect == "more" else after < before


def test_every_group_has_three_changes_at_least_or_all_its_numbers() -> None:
    tried = [type(group).__name__ for group, _, _ in EFFECTS]
    for group in fields(STANDARD):
        standard = getattr(STANDARD, group.name)
        assert tried.count(type(standard).__name__) >= min(3, len(fields(standard)))
