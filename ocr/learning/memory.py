"""A network's memory of its training glyphs: statistics of their features.

It holds the mean of each class's features, and their common covariance. Features like those of training are
drawn from it whenever the last layer learns something new, so that it does not forget. No glyph can be
reconstructed from it. It is in the model's metadata under ``memory``, in half precision (about 100 kB for the
bundled network).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from nn.errors import DataError, ModelError

LARGEST = 1024
"""Most features: beyond this the covariance would be larger than the network."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """The features of training glyphs, as normal distributions with a common covariance.

    Attributes
    ----------
    means : float32 array, shape (C, D)
    spread : float32 array, shape (D, D)
        The lower triangle L with ``L L^T`` the covariance.

    References
    ----------
    K. Lee et al.: A simple unified framework for detecting out-of-distribution samples and adversarial
    attacks, 2018, section 2.1: the features of each class as a normal distribution, the covariance shared.
    """

    means: Floats
    spread: Floats

    @classmethod
    def of(cls, features: Floats, labels: npt.NDArray[np.int64], classes: int) -> Self:
        """Estimate from `features` (N, D) with the classes `labels` (N,).

        Raises
        ------
        DataError
            A class has no glyph.
        ModelError
            There are more than `LARGEST` features.
        """
        size = features.shape[1]
        if size > LARGEST:
            raise ModelError(
                f"its last layer looks at {size} features; more than {LARGEST} are not remembered"
            )
        counts = np.bincount(labels, minlength=classes)
        if counts.min() == 0:
            raise DataError(f"class {int(counts.argmin())} of {classes} has no glyph to remember")
        sums = np.zeros((classes, size))
        np.add.at(sums, labels, features)
        means = sums / counts[:, None]
        apart = features - means[labels]
        apart /= np.sqrt(counts[labels, None] * classes)  # every class weighs the same
        covariance = apart.T @ apart
        covariance += np.eye(size) * max(1e-4 * float(np.trace(covariance)) / size, 1e-8)
        return cls(means.astype(np.float32), np.linalg.cholesky(covariance).astype(np.float32))

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Self:
        """Build from a model's metadata, as written by `table`.

        Raises
        ------
        ValueError
            It is damaged.
        """
        classes, size = int(table["classes"]), int(table["features"])
        if size > LARGEST:
            raise ValueError(f"{size} features are more than {LARGEST}")
        means = _numbers(table["means"]).reshape(classes, size)
        spread = np.zeros((size, size), np.float32)
        spread[np.tril_indices(size)] = _numbers(table["spread"])
        return cls(means, spread)

    def table(self) -> dict[str, Any]:
        """Return the JSON table that `from_table` reads."""
        classes, size = self.means.shape
        spread = self.spread[np.tril_indices(size)]
        return {"classes": classes, "features": size, "means": _text(self.means), "spread": _text(spread)}

    def draw(self, each: int, rng: np.random.Generator) -> Floats:
        """Draw `each` random features of every class: float32 (C * each, D)."""
        means = np.repeat(self.means, each, axis=0)
        return means + rng.standard_normal(means.shape, np.float32) @ self.spread.T


def _text(numbers: Floats) -> str:
    return b64encode(numbers.astype("<f2").tobytes()).decode("ascii")


def _numbers(text: str) -> Floats:
    numbers = np.frombuffer(b64decode(text, validate=True), "<f2").astype(np.float32)
    if not np.isfinite(numbers).all():
        raise ValueError("it holds what is no number")
    return numbers
