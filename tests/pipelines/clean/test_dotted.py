"""Rows of equal dots or dashes at equal distances are rules; letters, stops and letters of dots are not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from pipelines.clean.dotted import is_dashed, without_dotted_rules
from pipelines.layout.components import find_components

Ink = npt.NDArray[np.bool_]


def stems() -> Ink:
    """Return two stems, 40 pixels high, and a stop between them, bool (80, 400)."""
    ink = np.zeros((80, 400), bool)
    ink[12:52, 40:48] = ink[12:52, 90:98] = ink[47:52, 60:65] = True
    return ink


def dotted(
    ink: Ink, row: int = 56, first: int = 20, step: int = 10, wide: int = 4, slope: float = 0.0
) -> Ink:
    """Add squares to a picture along a row, where nothing is drawn."""
    ink = ink.copy()
    for left in range(first, 380, step):
        top = row + round(slope * left)
        if not ink[top - 1 : top + 5, left - 1 : left + wide + 1].any():
            ink[top : top + 4, left : left + wide] = True
    return ink


@pytest.mark.parametrize("slope", [0.0, 0.02])
@pytest.mark.parametrize(("step", "wide"), [(10, 4), (24, 14)], ids=["dots", "dashes"])
def test_a_dotted_rule_is_removed_and_letters_stay(step: int, wide: int, slope: float) -> None:
    found = without_dotted_rules(find_components(dotted(stems(), step=step, wide=wide, slope=slope)), 40.0)
    assert found is not None
    assert np.array_equal(found, stems())


def test_dots_between_letters_belong_to_the_rule_that_goes_on_behind_them() -> None:
    ink = stems()
    ink[52:62, 40:48] = ink[52:62, 90:98] = True  # two stems that stand on the rule
    found = without_dotted_rules(find_components(dotted(ink, row=54)), 40.0)
    assert found is not None
    assert np.array_equal(found, ink)


@pytest.mark.parametrize(
    "ink",
    [
        stems(),
        dotted(stems(), first=320),  # an ellipsis
        dotted(dotted(dotted(stems(), row=60), row=67), row=74),  # letters made of dots
        dotted(dotted(stems(), first=20, step=47), first=33, step=61),
    ],
    ids=["letters", "few dots", "dots above each other", "uneven dots"],
)
def test_no_rule_is_seen_in_others(ink: Ink) -> None:
    assert without_dotted_rules(find_components(ink), 40.0) is None


def test_a_line_of_dashes_that_touch_is_a_rule_and_low_letters_are_not() -> None:
    dashes, letters = np.zeros((60, 400), bool), np.zeros((60, 400), bool)
    for k, left in enumerate(range(20, 380, 20)):
        dashes[30:34, left : left + (20 if k % 3 == 0 else 13)] = True
        letters[25:35, left : left + 13] = True
        letters[27:33, left + 2 : left + 11] = False
    for ink, expected in ((dashes, True), (letters, False)):
        components = find_components(ink)
        assert is_dashed(components, np.arange(len(components)), 40.0) is expected
    few = find_components(dashes[:, :80])
    assert not is_dashed(few, np.arange(len(few)), 40.0)
    assert not is_dashed(find_components(dashes), np.arange(12), 10.0)
