"""Metrics of predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nn.layers.layer import Array


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class's line of a table.

    Attributes
    ----------
    text : str
    count : int
        How many samples are of this class.
    precision, recall : float
        Share of the predictions of this class, and of the samples of this class, that are right, 0 to 1.
    """

    text: str
    count: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-12)


def top_k(logits: Array, labels: Array, k: int) -> float:
    """Return how often the right class is among the `k` with the largest logits, 0 to 1.

    Of equal logits the first counts as the largest, as for `argmax`. A row with NaN is wrong.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
    labels : ndarray of int, shape (N,)
    """
    right = logits[np.arange(len(labels)), labels][:, None]
    first = np.arange(logits.shape[1]) < labels[:, None]
    ahead = (logits > right) | ((logits == right) & first)
    return float(((ahead.sum(axis=1) < k) & ~np.isnan(logits).any(axis=1)).mean())


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Accuracy by confidence, for a reliability diagram.

    Attributes
    ----------
    sure, right, share : ndarray, shape (bins,)
        For each bin of the largest probability, from 0 to 1: its mean, the accuracy, and the share of all
        samples; 0 in empty bins.
    error : float
        The expected calibration error: the mean of ``|right - sure|``, weighted by `share`.

    References
    ----------
    Guo et al., "On calibration of modern neural networks", ICML 2017, section 2.
    """

    sure: Array
    right: Array
    share: Array
    error: float


def reliability(rates: Array, labels: Array, bins: int = 15) -> Reliability:
    """Return the reliability of the largest of the probabilities (N, C), for true classes (N,)."""
    sure, right = rates.max(axis=1), rates.argmax(axis=1) == labels
    place = np.minimum((sure * bins).astype(np.int64), bins - 1)
    counts = np.bincount(place, minlength=bins)
    means = [np.bincount(place, values, bins) / np.maximum(counts, 1) for values in (sure, right)]
    share = counts / max(len(labels), 1)
    return Reliability(means[0], means[1], share, float((share * np.abs(means[0] - means[1])).sum()))


def confusion(logits: Array, labels: Array) -> npt.NDArray[np.int64]:
    """Return counts (C, C): rows are the right classes, columns those with the largest logit."""
    classes = logits.shape[1]
    pairs = labels * classes + logits.argmax(axis=1)
    return np.bincount(pairs, minlength=classes**2).reshape(classes, classes)


def per_class(logits: Array, labels: Array, classes: tuple[str, ...]) -> list[ClassScore]:
    """Return the score of every class, in the order of `classes`; rates without any case are 0."""
    table = confusion(logits, labels)
    right, there, said = table.diagonal(), table.sum(axis=1), table.sum(axis=0)
    return [
        ClassScore(text, int(there[i]), float(right[i] / max(said[i], 1)), float(right[i] / max(there[i], 1)))
        for i, text in enumerate(classes)
    ]
