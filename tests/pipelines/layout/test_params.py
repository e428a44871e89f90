"""The numbers of layout are checked, and a pipeline's own reach every step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipelines.layout.params import LayoutParams
from pipelines.layout.segment import find_runs, make_atoms
from pipelines.pipeline import find_pipeline
from pipelines.sheet import Sheet


@pytest.mark.parametrize("value", [-0.1, 101.0, float("nan")])
def test_a_number_that_makes_no_sense_is_named(value: float) -> None:
    with pytest.raises(ValueError, match=f"word_gap is {value}"):
        LayoutParams(word_gap=value)


def ran(params: LayoutParams) -> Sheet:
    """Return a row of bars, 40 pixels high, in two groups of six, through the pipeline for pages."""
    page = np.full((160, 460), 255, np.uint8)
    for k in range(12):
        left = 40 + 28 * k + 24 * (k > 5)
        page[60:100, left : left + 14] = 0
    return replace(find_pipeline("line"), layout=params).run(page)


def words(sheet: Sheet) -> list[int]:
    return [len(word) for line in sheet.lines for word in line.words]


def test_the_gap_between_words_is_the_pipelines() -> None:
    assert words(ran(LayoutParams())) == [6, 6]
    assert words(ran(LayoutParams(word_gap=1.5))) == [12]


def test_what_is_too_high_for_a_letter_is_the_pipelines() -> None:
    assert words(ran(LayoutParams(tallest=0.5))) == []


def test_how_far_pieces_are_joined_is_the_pipelines() -> None:
    near, apart = (ran(LayoutParams(joined_gap=gap)) for gap in (0.5, 0.0))
    runs = [len(find_runs(make_atoms(sheet))) for sheet in (near, apart)]
    assert runs[0] > runs[1] == 12
