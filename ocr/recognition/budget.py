"""How much work a picture may cost beyond reading it once, so that no picture takes very long.

The work is counted, not timed: a picture is read alike on a slow machine and on a fast one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from ocr.recognition.params.ways import BudgetParams

Work = TypeVar("Work")

BEYOND = "it was not tried in all ways: for its size it would take too long"


@dataclass(slots=True, eq=False)
class Budget:
    """The work that may be spent on a picture, and how much has been, in seconds of a usual core.

    What must be done is done, and counted. What need not be, such as another way of reading, is done only
    where the budget affords it.

    Attributes
    ----------
    allowed : float
    spent : float
    params : BudgetParams
        What each unit of work costs.
    was_short : bool
        Whether something was not done for want of budget.
    """

    allowed: float = np.inf
    spent: float = 0.0
    params: BudgetParams = field(default_factory=BudgetParams)
    was_short: bool = False

    @classmethod
    def of(cls, pixels: int, params: BudgetParams) -> Budget:
        """Return the budget of a picture of this many pixels, as loaded.

        Examples
        --------
        >>> Budget.of(2_000_000, BudgetParams(start=1.0, megapixel=1.5)).allowed
        4.0
        """
        return cls(params.start + params.megapixel * pixels / 1e6, params=params)

    def spend(self, pixels: int = 0, columns: int = 0, glyphs: int = 0) -> None:
        """Count work: pixels of a sheet, columns that the line network reads, glyphs that are classified."""
        self.spent += self.cost(pixels, columns, glyphs)

    def cost(self, pixels: int = 0, columns: int = 0, glyphs: int = 0) -> float:
        """Return what such work costs, in seconds."""
        params = self.params
        return 1e-6 * (params.pixel * pixels + params.column * columns + params.glyph * glyphs)

    def earn(self, letters: int) -> None:
        """Allow more, for letters that are read with confidence: a page full of text takes its time."""
        self.allowed += self.params.letter * letters

    @property
    def left(self) -> float:
        """What is left of it, in seconds."""
        return self.allowed - self.spent

    def affords(self, cost: float = 0.0) -> bool:
        """Return whether work of a cost, in seconds, can still be done."""
        return self._has(cost, self.allowed)

    def affords_way(self, cost: float) -> bool:
        """Return whether another way of reading the page can be tried, and enough is left for regions."""
        return self._has(cost, self.params.ways * self.allowed)

    def most_glyphs(self) -> float:
        """Return how many glyphs can be classified, at least as many as are in any case."""
        return max(self.params.glyphs, self.left / self.cost(glyphs=1)) if self.params.glyph else np.inf

    def affordable(self, works: Iterable[tuple[Work, float]], first: int = 0) -> Iterator[Work]:
        """Yield works while all of them together can be done, and so many first ones in any case.

        Parameters
        ----------
        works : iterable of (object, float)
            Each with its cost, in seconds.
        first : int
        """
        total = 0.0
        for number, (work, cost) in enumerate(works):
            total += cost
            if number >= first and not self.affords(total):
                return
            yield work

    def _has(self, cost: float, most: float) -> bool:
        is_enough = self.spent + cost <= most
        self.was_short |= not is_enough
        return is_enough


UNLIMITED = Budget()
"""Affords everything."""
