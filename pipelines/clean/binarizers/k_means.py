"""Three clusters of grey: ink, smudge and paper."""

from __future__ import annotations

import numpy as np

from pipelines.clean.light import flatten_light
from pipelines.sheet import Grey, Mask


def k_means(grey: Grey) -> Mask:
    """Return the darkest of three clusters of grey in the evenly lit picture: ink, smudge and paper."""
    even = flatten_light(grey)
    counts = np.bincount(even.ravel(), minlength=256).astype(np.float64)
    levels = np.arange(256)
    centres = np.percentile(even, (1, 20, 80))
    for _ in range(50):
        nearest = np.abs(levels[:, None] - centres).argmin(axis=1)
        weight = np.bincount(nearest, counts, 3)
        moved = np.where(
            weight > 0, np.bincount(nearest, counts * levels, 3) / np.maximum(weight, 1), centres
        )
        if np.allclose(moved, centres, atol=0.01):
            break
        centres = moved
    return np.asarray((nearest == centres.argmin())[even])
