"""Wavy underlines are taken from under letters; straight ones and letters are left to others."""

from __future__ import annotations

import numpy as np

from pipelines.clean.squiggles import without_squiggles
from pipelines.layout.components import find_components
from tests.pipelines.clean.drawn import wavy


def test_a_wave_that_joins_letters_is_removed_and_they_stay() -> None:
    ink = wavy()
    found = without_squiggles(find_components(ink), 40.0)
    assert found is not None
    assert found[12:50].sum() == ink[12:50].sum()
    assert len(find_components(found)) == 4


def test_arches_and_a_straight_stroke_are_no_waves() -> None:
    arches, straight = np.zeros((60, 200), bool), np.zeros((60, 200), bool)
    for left in range(20, 170, 15):
        arches[10:50, left : left + 4] = True
    arches[10:14, 20:174] = True
    straight[10:50, 30:38] = straight[10:50, 90:98] = straight[50:53, 20:180] = True
    for ink in (arches, straight):
        assert without_squiggles(find_components(ink), 40.0) is None
