"""How much counts what the network for lines says."""

from __future__ import annotations

import numpy as np
import pytest

from ocr.recognition.build import _trust
from ocr.recognition.line_reader import LineScores
from ocr.recognition.params import CandidateParams


def line(letters: int, mean: float) -> LineScores:
    """Return the scores of a line of letters, each as likely as given and followed by nothing."""
    scores = np.full((2 * letters, 3), -9.0, np.float32)
    scores[::2, 1], scores[1::2, 0] = mean, 0.0
    return LineScores(scores, np.zeros(2 * letters, np.float32), 0.0, 1.0)


@pytest.mark.parametrize(
    ("letters", "mean", "trust"),
    [(20, -0.1, 1.0), (20, -0.4, 1.0), (20, -0.6, 0.8), (20, -3.0, 0.75), (5, -3.0, 1.0)],
)
def test_a_long_line_that_is_read_unsurely_counts_less(letters: int, mean: float, trust: float) -> None:
    assert _trust(line(letters, mean), 0, CandidateParams()) == pytest.approx(trust, abs=1e-6)


def test_how_much_less_depends_on_the_params() -> None:
    unsure = line(20, -0.9)
    assert _trust(unsure, 0, CandidateParams(long=21)) == 1
    assert _trust(unsure, 0, CandidateParams(unsure=-0.8)) == pytest.approx(0.9)
    assert _trust(unsure, 0, CandidateParams(least_trust=0.6)) == pytest.approx(0.6)
