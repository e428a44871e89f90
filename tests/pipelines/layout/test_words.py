"""Where a line is split into words."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.layout.words import word_gap

USUAL, SLACK = 0.6, 0.8
NARROW_PRINT = [-0.15, -0.14, -0.12, 0.28, -0.13, -0.16, -0.1, 0.25, -0.14, -0.12]


def border(gaps: list[float]) -> float:
    return word_gap(np.array(gaps), USUAL, SLACK)


def test_columns_do_not_hide_the_gaps_between_words() -> None:
    assert -0.1 < border(NARROW_PRINT) < 0.25
    assert border([*NARROW_PRINT, 6.2, 21.0]) == pytest.approx(border(NARROW_PRINT))


def test_letters_that_stand_apart_are_one_word_beside_a_wide_gap() -> None:
    apart = [0.8, 0.7, 0.85, 0.75, 0.8, 0.7]
    assert border([*apart, 2.2, *apart]) > 0.85
    assert border([*apart, 6.0, *apart]) > 0.85


def test_gaps_of_one_kind_and_few_gaps_are_judged_by_the_usual_one() -> None:
    assert border([0.1, 0.12, 0.11, 0.1, 0.12]) == pytest.approx(0.9 * USUAL)
    assert border([0.1, 3.0]) == pytest.approx(0.9 * USUAL)
