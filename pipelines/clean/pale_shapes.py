"""Pale shapes below letters: watermarks, stamps and tinted frames that letters are printed over."""

from __future__ import annotations

import numpy as np

from pipelines.clean.params import STANDARD, CleanParams
from pipelines.median import median
from pipelines.sheet import Components, Grey, Mask

STEP = 2
"""Every so many rows and columns are enough to measure the tones of ink and of paper."""


def without_pale_shapes(
    grey: Grey, components: Components, letter_height: float, params: CleanParams = STANDARD
) -> Mask | None:
    """Return the ink of components without pale shapes, bool (H, W); None where letters touch none.

    A pale shape is much higher than letters, and lighter; the letters over it are as dark as others. So ink
    of two tones is split between them.

    Parameters
    ----------
    grey : uint8 array, shape (H, W)
        Ink dark.
    components : Components
        Of the ink on it.
    letter_height : float
        Of ordinary letters, in pixels.
    params : CleanParams
        Its `pale` is used.
    """
    numbers, high = params.pale, components.heights
    large = np.flatnonzero(high >= numbers.high * letter_height)
    if not len(large):
        return None
    large = large[np.argsort(-components.areas[large], kind="stable")][: numbers.most]
    letters = (high >= numbers.letter * letter_height) & (high < numbers.high * letter_height)
    if np.count_nonzero(letters) < numbers.letters:
        return None
    some, labels = grey[::STEP, ::STEP], components.labels[::STEP, ::STEP]
    of_letters, of_paper = some[np.append(False, letters)[labels]], some[labels == 0]
    if not of_letters.size or not of_paper.size:
        return None
    tone, paper = float(np.percentile(of_letters, numbers.tone)), median(of_paper)
    pale = np.zeros(grey.shape, bool)
    for k in large.tolist():
        left, top, right, bottom = components.boxes[k].tolist()
        part, mask = grey[top:bottom, left:right], components.labels[top:bottom, left:right] == k + 1
        usual = median(part[mask])
        if usual < tone + numbers.paler * (paper - tone):
            continue
        lighter = mask & (part > (tone + usual) / 2)
        share = np.count_nonzero(lighter) / components.areas[k]
        if share <= 1 - numbers.over:
            pale[top:bottom, left:right] |= lighter
    return (components.labels > 0) & ~pale if pale.any() else None
