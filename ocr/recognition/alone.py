"""Single letters: without neighbours as context, the predictions of several views are averaged.

In text some letters are more frequent, and the network learns these frequencies along with the shapes. A
letter that stands alone is not from text, so all letters have the same prior here.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Classifier, Floats
from ocr.recognition.params import STANDARD, ViewParams


def alone_scores(
    glyphs: npt.NDArray[np.uint8], scores: Floats, classifier: Classifier, params: ViewParams = STANDARD.views
) -> Floats:
    """Classify glyphs that stand alone.

    Parameters
    ----------
    glyphs : uint8 array, shape (N, 28, 28)
    scores : float32 array, shape (N, C)
        Log-probabilities of the glyphs as they are.
    classifier : Classifier
    params : ViewParams

    Returns
    -------
    float32 array, shape (N, C)
        Logarithms of the mean probability over the views, divided by the class's frequency in the training
        data [1]_; not normalised.

    References
    ----------
    .. [1] M. Saerens, P. Latinne, C. Decaestecker: Adjusting the outputs of a classifier to new a priori
       probabilities: a simple procedure. Neural Computation 14, 2002, equation 2.4.
    """
    further = views_of(glyphs, params)[1:]
    views = classifier.log_probabilities(np.concatenate(further)).reshape(len(further), *scores.shape)
    views = np.concatenate([scores[None], views])
    mean = np.logaddexp.reduce(views, axis=0) - np.log(len(views))
    return np.asarray(mean - np.log(classifier.frequencies), np.float32)


def views_of(
    glyphs: npt.NDArray[np.uint8], params: ViewParams = STANDARD.views
) -> list[npt.NDArray[np.uint8]]:
    """Return the glyphs unchanged, rotated and sheared a little either way, each uint8 (N, 28, 28)."""
    turn = np.radians(params.turn)
    turns = [np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) for a in (turn, -turn)]
    slants = [np.array([[1.0, s], [0.0, 1.0]]) for s in (params.slant, -params.slant)]
    return [glyphs, *(_warped(glyphs, linear) for linear in (*turns, *slants))]


def _warped(glyphs: npt.NDArray[np.uint8], linear: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Apply an affine map to glyphs, about their middle."""
    size = glyphs.shape[2], glyphs.shape[1]
    middle = (np.array(size) - 1) / 2
    matrix = np.column_stack([linear, middle - linear @ middle])
    warped = np.empty_like(glyphs)
    for glyph, result in zip(glyphs, warped, strict=True):
        cv2.warpAffine(glyph, matrix, size, dst=result)
    return warped
