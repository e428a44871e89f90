"""Range test of learning rates: a network is trained with a rising rate, and a rate is suggested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from math import inf, isfinite

import numpy as np

from nn.errors import ModelError
from nn.model import Sequential
from nn.recipe import Recipe
from nn.threads import one_blas_thread
from nn.training.train import Labelled, Progress, batches_of, begin_with
from nn.training.trainer import Batch, Trainer

SMOOTH = 0.85
"""Decay of the moving average of the losses."""
DIVERGED = 4.0
"""The test ends when the loss is more than this many times the lowest so far."""
BEFORE_LEAST = 5.0
"""The suggested rate is at least this many times below the one with the lowest loss."""


@dataclass(frozen=True, slots=True)
class RangeTest:
    """The result of a range test.

    Attributes
    ----------
    rates, losses : tuple of float
        Those of each step; the losses are smoothed.
    suggested : float
        The rate at which the loss has fallen half of its way, which is robust to noise.
    least : float
        The rate with the lowest loss, which is already too high.
    """

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    suggested: float
    least: float


def find_rate(
    recipe: Recipe,
    classes: Sequence[str],
    data: Labelled,
    progress: Progress,
    start: Sequential | None = None,
    lowest: float = 1e-6,
    highest: float = 10.0,
    steps: int = 100,
) -> RangeTest:
    """Train a network with a learning rate that rises from `lowest` to `highest`, and discard it.

    Parameters
    ----------
    recipe : Recipe
        Its learning rate and schedule are ignored.
    classes, data, progress, start
        As for `nn.training.train.train_on`.
    lowest, highest : float
    steps : int
        At most; the test ends earlier if the loss diverges.

    Raises
    ------
    ModelError
        If the loss is not finite in the first steps.

    References
    ----------
    Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3.
    """
    rates = np.geomspace(lowest, highest, steps).tolist()
    recipe = replace(recipe, schedule={"type": "constant"}, train=replace(recipe.train, ema=0.0))
    model = recipe.network(Sequential, classes)
    if start is not None:
        begin_with(model, start, progress)
    _, batches = batches_of(recipe, data)
    losses: list[float] = []
    least = inf
    progress.begin(1)
    with ThreadPoolExecutor(recipe.train.threads) as pool, one_blas_thread():
        trainer = Trainer(model, recipe, steps, pool)
        for step, (rate, batch) in enumerate(zip(rates, _endless(batches), strict=False), 1):
            trainer.optimizer.rate = rate
            loss, right = trainer.step(batch)
            loss /= len(batch.labels)
            if not isfinite(loss) or _smoothed([*losses, loss])[-1] > DIVERGED * least:
                break
            losses.append(loss)
            least = min(_smoothed(losses))
            progress.step(1, step, steps, loss, right / len(batch.labels))
    if len(losses) < 2:
        raise ModelError(f"the loss is not finite at a learning rate of {rates[len(losses)]:.3g}")
    return judged(rates[: len(losses)], _smoothed(losses))


def judged(rates: Sequence[float], losses: Sequence[float]) -> RangeTest:
    """Return the result for smoothed losses at rising rates."""
    bottom = int(np.argmin(losses))
    least = rates[bottom]
    before = np.asarray(losses[: bottom + 1])
    above = np.flatnonzero(before >= (before.max() + before.min()) / 2)
    return RangeTest(tuple(rates), tuple(losses), min(rates[above[-1]], least / BEFORE_LEAST), least)


def _endless(batches: Callable[[int], Iterator[Batch]]) -> Iterator[Batch]:
    """Yield the batches of one epoch after another."""
    for number in count(1):
        yield from batches(number)


def _smoothed(losses: Sequence[float]) -> list[float]:
    """Return exponential moving averages of losses, corrected for bias."""
    smooth, mean = [], 0.0
    for number, loss in enumerate(losses, 1):
        mean = SMOOTH * mean + (1 - SMOOTH) * loss
        smooth.append(mean / (1 - SMOOTH**number))
    return smooth
