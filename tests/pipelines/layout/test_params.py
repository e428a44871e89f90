"""The numbers of layout are checked, and a pipeline's own reach every step."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from pipelines.layout.params import STANDARD, Growth, LayoutParams, Letters, Runs, Sizes, Words
from pipelines.layout.segment import find_runs, make_atoms
from pipelines.params import GLYPHS
from pipelines.pipeline import find_pipeline
from pipelines.sheet import Sheet

GROUPS = [*(getattr(STANDARD, each.name) for each in fields(STANDARD)), GLYPHS]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: type(group).__name__)
def test_a_number_that_makes_no_sense_is_named(group: Any) -> None:
    for name, wrong in product((each.name for each in fields(group)), (-11.0, 1e12, float("nan"))):
        value = (wrong, 0.0) if isinstance(getattr(group, name), tuple) else wrong
        with pytest.raises(ValueError, match=f"^{type(group).__name__}.{name} is {wrong}: it must be .*from"):
            replace(group, **{name: value})


def test_counts_are_whole_and_ranges_are_in_order() -> None:
    with pytest.raises(ValueError, match=r"Runs.atoms is 2.5: it must be a whole number from 1"):
        Runs(atoms=2.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"Growth.runs is \(6000,\): it must be 2 numbers"):
        Growth(runs=(6000,))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"Sizes.smallest is 60.0: it must not be above largest, 56.0"):
        Sizes(smallest=60.0)
    with pytest.raises(ValueError, match=r"Words.lowest is 2.0: it must not be above highest, 1.8"):
        Words(lowest=2.0)


def ran(params: LayoutParams) -> Sheet:
    """Return a row of bars, 40 pixels high, in two groups of six, through the pipeline for lines."""
    page = np.full((160, 460), 255, np.uint8)
    for k in range(12):
        left = 40 + 28 * k + 24 * (k > 5)
        page[60:100, left : left + 14] = 0
    return replace(find_pipeline("line"), layout=params).run(page)


def words(sheet: Sheet) -> list[int]:
    return [len(word) for line in sheet.lines for word in line.words]


def test_the_gap_between_words_is_the_pipelines() -> None:
    assert words(ran(LayoutParams())) == [6, 6]
    assert words(ran(LayoutParams(words=Words(gap=1.5)))) == [12]


def test_what_is_too_high_for_a_letter_is_the_pipelines() -> None:
    assert words(ran(LayoutParams(letters=Letters(tallest=0.5)))) == []


def test_how_far_pieces_are_joined_is_the_pipelines() -> None:
    near, apart = (ran(LayoutParams(runs=Runs(gap=gap))) for gap in (0.5, 0.0))
    runs = [len(find_runs(make_atoms(sheet))) for sheet in (near, apart)]
    assert runs[0] > runs[1] == 12
