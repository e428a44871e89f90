"""Letters that cross pale rules: what is as dark as letters is no part of the rule."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from pipelines.clean.labelled import labelled
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.median import median
from pipelines.sheet import Grey, Mask


def dark_on_rules(grey: Grey, ink: Mask, plain: Mask, params: CleanParams = STANDARD) -> Mask:
    """Return which pixels that were removed with pale rules are as dark as letters, bool (H, W).

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    ink : bool array, shape (H, W)
    plain : bool array, shape (H, W)
        The ink without rules.
    params : CleanParams
        Its `rules` says how pale a rule is.
    """
    removed = ink & ~plain
    of_letters, of_paper = grey[plain], grey[::2, ::2][~ink[::2, ::2]]
    if not of_letters.size or not of_paper.size or not removed.any():
        return np.zeros_like(ink)
    numbers = params.rules
    tone = float(np.percentile(of_letters, numbers.tone))
    labels, _ = labelled(removed)
    tones = _medians(grey[removed], labels[removed])
    is_pale = tones - tone > numbers.paler * (median(of_paper) - tone)
    between = np.where(is_pale, (tone + tones) / 2, -1.0)
    return _touching(removed & (grey < between[labels]), plain)


def _touching(dark: Mask, plain: Mask) -> Mask:
    """Return the components of a mask that touch others: alone, they are darker stretches of a rule."""
    if not dark.any():
        return dark
    labels, stats = labelled(dark)
    beside = cv2.dilate(plain.view(np.uint8), np.ones((3, 3), np.uint8)) > 0
    touches = np.bincount(labels[dark & beside], minlength=len(stats)) > 0
    return np.asarray(touches[labels]) & dark


def _medians(values: npt.NDArray[np.uint8], numbers: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
    """Return the lower median of the values of each number from 1 on, float64 (N + 1,); 0 for number 0."""
    order = np.lexsort((values, numbers))
    counts = np.bincount(numbers)
    counts[0] = 0
    starts = np.cumsum(counts) - counts
    middles = np.minimum(starts + np.maximum(counts - 1, 0) // 2, len(values) - 1)
    return np.where(counts > 0, values[order][middles], 0).astype(np.float64)
