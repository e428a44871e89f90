"""Which gaps of a line are between words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.passes.params import GapParams
from ocr.recognition.passes.spacing import gap_odds
from ocr.recognition.passes.weights import GapWeights
from ocr.recognition.weights import load_weights

Floats = npt.NDArray[np.float64]
GAPS = np.array([0.05, 0.1, 0.9, 0.0, 0.1, 1.0, 0.1, 0.55])
APART = np.array([0.9, 0.5, 1.1, 0.95, 0.6])
"""Gaps of letters that stand apart."""
WEIGHTS = load_weights().gaps


def between(
    gaps: Floats, white: Floats | None = None, params: GapParams | None = None, weights: GapWeights = WEIGHTS
) -> list[int]:
    """Return which gaps of a page of one line are between words; without `white` the line says nothing."""
    white = np.full(len(gaps), -weights.white_bonus) if white is None else white
    (odds,) = gap_odds([gaps], [white], weights, params or GapParams())
    return np.flatnonzero(odds > 0).tolist()


def test_gaps_alone_tell_words_apart() -> None:
    assert between(GAPS[:-1]) == [2, 5]
    assert gap_odds([], [], WEIGHTS) == []


def test_what_the_line_says_settles_gaps_that_are_open_and_no_others() -> None:
    said = np.full(len(GAPS), -1.0)
    said[[2, 5, 7]] = 4.0
    assert between(GAPS, said) == [2, 5, 7]
    said[[0, 2]] = 1.0, -1.0
    assert between(GAPS, said) == [2, 5, 7]


def test_letters_apart_are_words_of_their_own_where_the_line_says_so() -> None:
    assert len(between(APART)) < 5
    assert len(between(APART, np.array([2.0, 0.8, 1.3, 3.0, 1.1]))) == 5
    assert between(APART, np.full(5, -5.0)) == []


def test_letters_that_stand_apart_evenly_are_one_word_or_each_is_one() -> None:
    said = np.array([-1.0, -3.0, 0.5, -0.5, -2.0])
    assert between(APART, said) == []
    assert between(2 * APART, said) == [0, 1, 2, 3, 4]
    assert between(2 * APART, said, GapParams(row_gap=2.0)) == []
    assert between(2 * APART, said, GapParams(row_step=5.0)) == []
    with_a_wide_one = np.array([0.5, 0.6, 3.0, 0.5, 0.4])
    assert between(with_a_wide_one, said) == [2]
    assert between(with_a_wide_one, said, GapParams(uneven=8.0)) == []
    assert between(with_a_wide_one[:3], said[:3], GapParams(uneven=8.0, row=4)) == [2]


def test_rows_of_letters_that_stand_apart_are_judged_together() -> None:
    said = np.array([-2.0, -3.0, 0.5, -2.5, -2.0])
    alone = gap_odds([APART], [said], WEIGHTS)
    rows = gap_odds([APART, GAPS, 2 * APART, 2 * APART], [said, np.zeros(len(GAPS)), said, said], WEIGHTS)
    assert alone[0].max() < 0 < rows[0].min()
    assert np.ptp(np.concatenate([rows[0], rows[2], rows[3]])) == 0
    assert np.array_equal(rows[1], gap_odds([GAPS], [np.zeros(len(GAPS))], WEIGHTS)[0])


def test_the_params_and_weights_are_asked() -> None:
    few, many = (between(GAPS, None, GapParams(usual=usual, slack=0.05)) for usual in (1.05, 0.3))
    assert few == [5] and many == [2, 5, 7]
    two, said = np.array([0.8, 0.5]), np.array([2.0, 0.8])
    unheard = replace(WEIGHTS, white_weight=0.0)
    assert between(two, said, weights=unheard) == [0, 1]
    assert len(between(two, said, GapParams(apart=0.7), unheard)) < 2
    assert len(between(two, said, weights=replace(unheard, white_apart=2.5))) < 2
    doubted = np.where(GAPS > 0.5, -4.0, 4.0)
    assert between(GAPS, doubted, GapParams(step=0.01)) == [2, 5, 7]
    assert between(GAPS, doubted, GapParams(step=10.0)) == [0, 1, 3, 4, 6]


def test_a_wide_gap_hides_no_spaces_where_the_line_network_sees_white() -> None:
    gaps = np.array([0.05, 0.02, 0.4, 0.05, 0.0, 0.05, 0.42, 0.05, 0.02, 0.41, 0.05, 2.2])
    said = np.full(len(gaps), -3.0)
    said[[2, 6, 9, 11]] = 2.0
    alone = GapParams(lines=100)
    assert between(gaps, said, alone) == [2, 6, 9, 11]
    assert between(gaps, np.full(len(gaps), -1.0), alone) == [11]


def test_a_line_of_few_gaps_goes_by_the_others_of_its_page() -> None:
    lines = [np.array([0.0, 0.05, 0.4, 0.02, 0.05, 0.38, 0.02, 0.41, 0.05])] * 3
    short = np.array([0.03, 0.37, 0.02])
    white = [np.full(len(gaps), -WEIGHTS.white_bonus) for gaps in [*lines, short]]
    odds = gap_odds([*lines, short], white, WEIGHTS)[-1]
    assert (odds > 0).tolist() == [False, True, False]
    alone = gap_odds([*lines, short], white, WEIGHTS, GapParams(lines=4))[-1]
    assert not (alone > 0).any()
