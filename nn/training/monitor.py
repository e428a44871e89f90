"""Which epoch is the best, by the monitored value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from nn.training.run_folder import Epoch

MONITORS: dict[str, Callable[[Epoch], tuple[float, float]]] = {
    "val_accuracy": lambda epoch: (epoch.val_accuracy, -epoch.val_loss),
    "val_loss": lambda epoch: (-epoch.val_loss, epoch.val_accuracy),
    "val_balanced": lambda epoch: (epoch.val_balanced, -epoch.val_loss),
    "accuracy": lambda epoch: (epoch.accuracy, -epoch.loss),
    "loss": lambda epoch: (-epoch.loss, epoch.accuracy),
}
"""What can be monitored: a value that is better if larger, and one that decides between equal ones."""


def better(one: Epoch, other: Epoch, monitor: str = "val_accuracy") -> bool:
    """Return whether `one` is better than `other` by `monitor`, a key of `MONITORS`."""
    return MONITORS[monitor](one) > MONITORS[monitor](other)


def best_of(epochs: Sequence[Epoch]) -> Epoch:
    """Return the best epoch of a run, that of the saved model."""
    return [epoch for epoch in epochs if epoch.best][-1]


def balanced_accuracy(found: npt.NDArray[np.int64], labels: npt.NDArray[np.int64]) -> float:
    """Return the mean accuracy of the classes that occur in `labels`, 0 to 1.

    Parameters
    ----------
    found, labels : ndarray of int, shape (N,)

    Examples
    --------
    >>> balanced_accuracy(np.array([0, 0, 0, 0]), np.array([0, 0, 0, 1]))
    0.5
    """
    counts = np.bincount(labels)
    right = np.bincount(labels[found == labels], minlength=len(counts))
    return float((right[counts > 0] / counts[counts > 0]).mean())
