"""Which gaps of a line are between words."""

from __future__ import annotations

import numpy as np

from ocr.recognition.passes.spacing import gap_odds

GAPS = np.array([0.05, 0.1, 0.9, 0.0, 0.1, 1.0, 0.1, 0.55])


def test_gaps_alone_tell_words_apart() -> None:
    assert np.flatnonzero(gap_odds(GAPS[:-1], None) > 0).tolist() == [2, 5]


def test_what_the_line_says_settles_gaps_that_are_open_and_no_others() -> None:
    said = np.full(len(GAPS), -1.0)
    said[[2, 5, 7]] = 4.0
    assert np.flatnonzero(gap_odds(GAPS, said) > 0).tolist() == [2, 5, 7]
    said[[0, 2]] = 1.0, -1.0
    assert np.flatnonzero(gap_odds(GAPS, said) > 0).tolist() == [2, 5, 7]


def test_letters_apart_are_words_of_their_own_where_the_line_says_so() -> None:
    gaps = np.array([0.9, 0.5, 1.1, 0.95, 0.6])
    assert not (gap_odds(gaps, None) > 0).all()
    assert (gap_odds(gaps, np.array([2.0, 0.8, 1.3, 3.0, 1.1])) > 0).all()
    assert not (gap_odds(gaps, np.full(5, -5.0)) > 0).any()
