"""Whether confidences mean what they say."""

from __future__ import annotations

import numpy as np

from nn.metrics import Reliability, reliability
from ocr.evaluation.tally import Sureness

BINS = 15


def reliability_of(said: Sureness) -> Reliability:
    """Return how often what was said to be so sure is right, in 15 bins of confidence, and the error."""
    return reliability(said.sure[:, None], np.where(said.right, 0, 1), BINS)


def error_by_chance(said: Sureness) -> float:
    """Return the calibration error that perfect confidences would show here, for there are only so many.

    The share of right ones in a bin of n strays from their mean confidence by a standard deviation s, the
    root of the sum of p (1 - p), over n; the mean of its absolute value is that of a normal distribution,
    ``sqrt(2 / pi) s``.
    """
    place = np.minimum((said.sure * BINS).astype(np.int64), BINS - 1)
    spread = np.sqrt(np.bincount(place, said.sure * (1 - said.sure), BINS))
    return float(np.sqrt(2 / np.pi) * spread.sum() / max(1, len(said.sure)))
