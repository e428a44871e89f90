"""Calibration of confidences."""

from __future__ import annotations

import numpy as np

from nn.metrics import Reliability, reliability
from ocr.evaluation.tally import Sureness

BINS = 15


def reliability_of(said: Sureness) -> Reliability:
    """Return the accuracy in each of 15 bins of confidence, and the calibration error."""
    return reliability(said.sure[:, None], np.where(said.right, 0, 1), BINS)


def error_by_chance(said: Sureness) -> float:
    """Return the calibration error that perfect confidences would show on a sample of this size.

    The accuracy in a bin of n samples deviates from their mean confidence by a standard deviation s, the root
    of the sum of p (1 - p), over n; the mean absolute deviation is that of a normal distribution, ``sqrt(2 /
    pi) s``.
    """
    place = np.minimum((said.sure * BINS).astype(np.int64), BINS - 1)
    spread = np.sqrt(np.bincount(place, said.sure * (1 - said.sure), BINS))
    return float(np.sqrt(2 / np.pi) * spread.sum() / max(1, len(said.sure)))
