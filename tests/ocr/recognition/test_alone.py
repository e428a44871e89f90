"""Letters that stand alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocr.recognition.alone import alone_scores, views_of
from ocr.recognition.classify import Classifier, load_classifier


def scores_of(glyphs: np.ndarray, classifier: Classifier) -> np.ndarray:
    return alone_scores(glyphs, classifier.log_probabilities(glyphs), classifier)


@pytest.fixture
def bar() -> np.ndarray:
    """An upright bar of ink, (1, 28, 28)."""
    glyphs = np.zeros((1, 28, 28), np.uint8)
    glyphs[0, 4:24, 13:15] = 255
    return glyphs


def test_the_first_view_is_the_glyph_and_the_others_lean_either_way(bar: np.ndarray) -> None:
    first, *others = views_of(bar)
    np.testing.assert_array_equal(first, bar)
    columns = np.arange(28)
    leans = []
    for view in others:
        assert view.shape == bar.shape and view.dtype == np.uint8
        assert float(view.sum()) == pytest.approx(float(bar.sum()), rel=0.02)
        top, bottom = view[0, 6], view[0, 21]
        leans.append(columns @ top / top.sum() - columns @ bottom / bottom.sum())
    assert leans[0] * leans[1] < 0 and leans[2] * leans[3] < 0
    assert min(np.abs(leans)) > 1


def test_what_was_common_in_training_is_no_likelier_alone(bar: np.ndarray) -> None:
    known = replace(load_classifier(), frequencies=np.ones(len(load_classifier().classes), np.float32))
    ell = known.classes.index("l")
    rarer = known.frequencies.copy()
    rarer[ell] = 0.25
    plain = scores_of(bar, known)
    lifted = scores_of(bar, replace(known, frequencies=rarer)) - plain
    assert lifted[0, ell] == pytest.approx(np.log(4), abs=1e-4)
    assert np.delete(lifted[0], ell) == pytest.approx(0, abs=1e-6)


def test_views_are_averaged_as_probabilities(bar: np.ndarray) -> None:
    known = replace(load_classifier(), frequencies=np.ones(len(load_classifier().classes), np.float32))
    mean = np.mean([np.exp(known.log_probabilities(view)) for view in views_of(bar)], axis=0)
    assert np.exp(scores_of(bar, known)) == pytest.approx(mean, abs=1e-6)


def test_no_glyphs_have_no_scores() -> None:
    known = load_classifier()
    assert scores_of(np.zeros((0, 28, 28), np.uint8), known).shape == (0, len(known.classes))
