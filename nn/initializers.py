"""Random starts for weights, as float32."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float32]


def he(shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator) -> Weights:
    """Normal with variance ``2 / fan_in``, for layers before a rectifier.

    References
    ----------
    He et al., "Delving deep into rectifiers", ICCV 2015, eq. 10.
    """
    return rng.standard_normal(shape, np.float32) * np.float32((2 / fan_in) ** 0.5)


def glorot(shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator) -> Weights:
    """Uniform with variance ``2 / (fan_in + fan_out)``, for layers before a sigmoid, tanh or softmax.

    References
    ----------
    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS 2010, eq. 16.
    """
    limit = (6 / (fan_in + fan_out)) ** 0.5
    return (rng.random(shape, np.float32) * 2 - 1) * np.float32(limit)


INITIALIZERS: dict[str, Callable[[tuple[int, ...], int, int, np.random.Generator], Weights]] = {
    "he": he,
    "glorot": glorot,
}


def draw(name: str, shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator) -> Weights:
    """Return weights of `shape` from the initializer called `name`; ValueError if there is none."""
    if name not in INITIALIZERS:
        raise ValueError(f"initializer = {name!r}: must be one of {', '.join(INITIALIZERS)}")
    return INITIALIZERS[name](shape, fan_in, fan_out, rng)
