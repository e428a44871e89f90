"""What is kept of a run, within bounds: weights at some of its steps, and its curve."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

import numpy as np
import numpy.typing as npt

Weights = dict[str, npt.NDArray[np.float32]]

MOST, BYTES, LEAST = 48, 160_000_000, 8
"""Most steps that are kept, about how much memory they may take, and how many are kept all the same."""
POINTS = 400
"""Most points of a curve."""


class KeptSteps:
    """Weights at evenly spaced steps: every step at first, every second when there are too many, and so on.

    Examples
    --------
    >>> kept = KeptSteps(most=4)
    >>> for step in range(10):
    ...     kept.offer(step, {})
    >>> kept.steps()
    [0, 4, 8]
    """

    def __init__(self, most: int = MOST) -> None:
        self._most, self._every = most, 1
        self._kept: dict[int, Weights] = {}
        self._last: tuple[int, Weights] | None = None
        self._lock = Lock()

    def offer(self, step: int, weights: Mapping[str, npt.NDArray[np.float32]], is_last: bool = False) -> None:
        """Keep a copy of the weights if it is their turn; the last ones so far are kept beside the others."""
        if not is_last and step % self._every:
            return
        copy = {name: array.copy() for name, array in weights.items()}
        size = sum(array.nbytes for array in copy.values())
        most = min(self._most, max(LEAST, BYTES // size)) if size else self._most
        with self._lock:
            self._last = (step, copy)
            if step % self._every:
                return
            self._kept[step] = copy
            while len(self._kept) > most:
                self._every *= 2
                self._kept = {at: one for at, one in self._kept.items() if at % self._every == 0}

    def steps(self) -> list[int]:
        """Return the steps that are kept, in order."""
        with self._lock:
            return sorted(self._all())

    def at(self, step: int) -> Weights | None:
        """Return the weights after a step, not to be changed; None if they are not kept."""
        with self._lock:
            return self._all().get(step)

    def _all(self) -> dict[int, Weights]:
        return {**self._kept, **({self._last[0]: self._last[1]} if self._last else {})}


class Curve:
    """The losses of all steps so far in a bounded number of points, each the mean of as many steps.

    Examples
    --------
    >>> curve = Curve(most=2)
    >>> for step, loss in enumerate([4.0, 2.0, 1.0, 1.0], 1):
    ...     curve.add(step, loss)
    >>> curve.points()
    [(2, 3.0), (4, 1.0)]
    """

    def __init__(self, most: int = POINTS) -> None:
        self._most, self._each = most, 1
        self._points: list[tuple[int, float]] = []
        self._waiting: list[float] = []

    def add(self, step: int, loss: float) -> None:
        """Add the loss of a step."""
        self._waiting.append(loss)
        if len(self._waiting) < self._each:
            return
        points = [*self._points, (step, sum(self._waiting) / len(self._waiting))]
        self._waiting = []
        if len(points) > self._most:
            self._each *= 2
            if len(points) % 2:
                self._waiting = [points.pop()[1]] * (self._each // 2)
            pairs = zip(points[::2], points[1::2], strict=True)
            points = [(later, (one + other) / 2) for (_, one), (later, other) in pairs]
        self._points = points

    def points(self) -> list[tuple[int, float]]:
        """Return the points: the last step of each, and the mean loss."""
        return list(self._points)
