"""How much counts what the line network says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from ocr.recognition.build import _end_atoms, _said, _trust
from ocr.recognition.line_reader import LineScores
from ocr.recognition.params import STANDARD, CandidateParams
from pipelines.layout.segment import Atoms, make_atoms
from pipelines.pipeline import PRESETS

Drawn = Callable[..., npt.NDArray[np.uint8]]


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


def test_what_is_said_of_runs_is_the_mean_over_all_looks_at_their_line(drawn: Drawn) -> None:
    sheet = PRESETS["auto"].run(drawn(["of", "it"], 40))
    atoms, runs, trust = make_atoms(sheet), np.array([[0, 1], [1, 2], [2, 3], [3, 4]]), np.ones(2, np.float32)
    rng = np.random.default_rng(0)

    def look(frames: int, pitch: float) -> LineScores:
        scores = np.log(rng.dirichlet(np.ones(3), frames)).astype(np.float32)
        return LineScores(scores, np.zeros(frames, np.float32), 40.0, pitch)

    first, second, other = look(30, 4.0), look(40, 3.0), look(24, 5.0)

    def said(*looks: list[LineScores]) -> npt.NDArray[np.float32]:
        return _said(looks, trust, atoms, runs, ("", "a", "b"), STANDARD.candidates)[1]

    alone, again = said([first], [second]), said([other], [second])
    both = said([first, other], [second])
    assert not np.allclose(alone[:2], again[:2])
    np.testing.assert_allclose(both[:2], (alone[:2] + again[:2]) / 2, atol=1e-5)
    np.testing.assert_array_equal(both[2:], alone[2:])
    assert said([first, other, other], [second])[:2] == pytest.approx(
        (alone[:2] + 2 * again[:2]) / 3, abs=1e-5
    )


def test_the_atoms_of_the_runs_that_begin_and_end_a_line_are_candidates_where_ends_are_loose() -> None:
    line = np.repeat([0, 1], [6, 2])
    none = np.zeros((8, 4), np.int32)
    atoms = Atoms(np.zeros((0, 0), np.int32), none, np.arange(8), line, line, np.ones(8))
    runs = np.array([[0, 1], [0, 2], [1, 2], [2, 3], [3, 4], [4, 5], [4, 6], [5, 6], [6, 7], [6, 8], [7, 8]])
    tried = np.array([run in ([0, 2], [2, 3], [3, 4], [4, 5], [5, 6], [6, 8]) for run in runs.tolist()])
    assert runs[_end_atoms(atoms, runs, tried)].tolist() == [[0, 1], [1, 2], [5, 6], [6, 7], [7, 8]]
