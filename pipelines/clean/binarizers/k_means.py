"""Three clusters of grey: ink, smudge and paper."""

from __future__ import annotations

import numpy as np

from pipelines.clean.light import flatten_light
from pipelines.clean.params import STANDARD, CleanParams
from pipelines.sheet import Grey, Mask


def k_means(grey: Grey, params: CleanParams = STANDARD) -> Mask:
    """Return the darkest of three clusters of grey in the evenly lit picture: ink, smudge and paper."""
    numbers, even = params.thresholds, flatten_light(grey, params)
    counts = np.bincount(even.ravel(), minlength=256).astype(np.float64)
    levels = np.arange(256)
    centres = np.percentile(even, numbers.k_means_starts)
    for _ in range(numbers.k_means_rounds):
        nearest = np.abs(levels[:, None] - centres).argmin(axis=1)
        weight = np.bincount(nearest, counts, len(centres))
        sums = np.bincount(nearest, counts * levels, len(centres))
        moved = np.where(weight > 0, sums / np.maximum(weight, 1), centres)
        if np.allclose(moved, centres, atol=numbers.k_means_settled):
            break
        centres = moved
    return np.asarray((nearest == centres.argmin())[even])
