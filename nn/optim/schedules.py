"""Learning rate schedules: each returns the factor on the rate at `step` of `steps` (0 <= step < steps).

`best` tells for each epoch so far whether it was better than all before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cos, pi

from nn.layers.layer import at_least


def constant(step: int, steps: int, best: Sequence[bool] = ()) -> float:
    """Always 1."""
    return 1.0


def stairs(
    step: int, steps: int, best: Sequence[bool] = (), drop: float = 0.1, at: tuple[float, ...] = (0.5, 0.75)
) -> float:
    """1, times `drop` at each of the fractions `at` of all steps."""
    return drop ** sum(step >= fraction * steps for fraction in at)


def cosine(
    step: int, steps: int, best: Sequence[bool] = (), warmup: float = 0.05, floor: float = 0.0
) -> float:
    """Linear from 0 to 1 over the fraction `warmup`, then half a cosine down to `floor`.

    References
    ----------
    Loshchilov and Hutter, "SGDR", ICLR 2017, eq. 5, without restarts.
    """
    rise = warmup * steps
    if step < rise:
        return (step + 1) / (rise + 1)
    return floor + (1 - floor) * (1 + cos(pi * (step - rise) / max(steps - rise, 1))) / 2


def one_cycle(
    step: int,
    steps: int,
    best: Sequence[bool] = (),
    warmup: float = 0.3,
    start: float = 0.04,
    end: float = 1e-4,
) -> float:
    """From `start` up to 1 over the fraction `warmup`, then down to `end`, both along half a cosine.

    References
    ----------
    Smith and Topin, "Super-convergence", 2018.
    """
    rise = warmup * steps
    if step < rise:
        return start + (1 - start) * (1 - cos(pi * step / rise)) / 2
    return end + (1 - end) * (1 + cos(pi * (step - rise) / max(steps - rise, 1))) / 2


def plateau(
    step: int,
    steps: int,
    best: Sequence[bool] = (),
    drop: float = 0.2,
    patience: int = 3,
    floor: float = 1e-3,
) -> float:
    """1, times `drop` after every `patience` epochs without improvement, down to `floor`."""
    at_least("patience", patience, 1)
    factor, waited = 1.0, 0
    for improved in best:
        waited = 0 if improved else waited + 1
        if waited == patience:
            factor, waited = factor * drop, 0
    return max(factor, floor)


SCHEDULES: dict[str, Callable[..., float]] = {
    "constant": constant,
    "step": stairs,
    "cosine": cosine,
    "one_cycle": one_cycle,
    "plateau": plateau,
}
