"""Initial weights, as float32."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

import numpy as np
import numpy.typing as npt

from nn.configure import shown

LARGEST = 250_000_000
"""Most weights of a network: a gigabyte."""

Weights = npt.NDArray[np.float32]


def he(shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator) -> Weights:
    """Normal with variance ``2 / fan_in``, for layers before a rectifier.

    References
    ----------
    He et al., "Delving deep into rectifiers", ICCV 2015, eq. 10.
    """
    return normal(shape, (2 / fan_in) ** 0.5, rng)


def he_uniform(shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator) -> Weights:
    """Uniform with the variance of `he`."""
    return uniform(shape, (6 / fan_in) ** 0.5, rng)


def glorot(shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator) -> Weights:
    """Uniform with variance ``2 / (fan_in + fan_out)``, for layers before a sigmoid, tanh or softmax.

    References
    ----------
    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS 2010, eq. 16.
    """
    return uniform(shape, (6 / (fan_in + fan_out)) ** 0.5, rng)


def glorot_normal(shape: tuple[int, ...], fan_in: int, fan_out: int, rng: np.random.Generator) -> Weights:
    """Normal with the variance of `glorot`."""
    return normal(shape, (2 / (fan_in + fan_out)) ** 0.5, rng)


def normal(shape: tuple[int, ...], sigma: float, rng: np.random.Generator) -> Weights:
    """Normal with standard deviation `sigma`."""
    return rng.standard_normal(shape, np.float32) * np.float32(sigma)


def uniform(shape: tuple[int, ...], limit: float, rng: np.random.Generator) -> Weights:
    """Uniform from -`limit` to `limit`."""
    return (rng.random(shape, np.float32) * 2 - 1) * np.float32(limit)


INITIALIZERS: dict[str, Callable[[tuple[int, ...], int, int, np.random.Generator], Weights]] = {
    "he": he,
    "he_uniform": he_uniform,
    "glorot": glorot,
    "glorot_normal": glorot_normal,
}


def draw(
    name: str,
    sigma: float,
    shape: tuple[int, ...],
    fan_in: int,
    fan_out: int,
    rng: np.random.Generator | None,
) -> Weights:
    """Return weights of `shape` from the initializer called `name`; ValueError if there is none.

    "normal" draws with the standard deviation `sigma`, which the others leave alone; 0 makes all zero.
    Without `rng` the weights have a shape, but take no memory.
    """
    if name != "normal" and name not in INITIALIZERS:
        raise ValueError(f"initializer = {shown(name)}: must be one of {', '.join(INITIALIZERS)}, normal")
    if rng is None:
        return constant(0.0, shape, rng)
    if name == "normal":
        return normal(shape, sigma, rng)
    return INITIALIZERS[name](shape, fan_in, fan_out, rng)


def constant(value: float, shape: tuple[int, ...], rng: np.random.Generator | None) -> Weights:
    """Return weights of `shape` that are all of one value; without `rng` they take no memory."""
    if prod(shape) > LARGEST:
        raise ValueError(f"{prod(shape):,} weights: a network has at most {LARGEST:,}")
    one = np.float32(value)
    return np.broadcast_to(one, shape) if rng is None else np.full(shape, one)
