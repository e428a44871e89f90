"""The numbers that tell dirt from marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Heights
from pipelines.units import Checked, Share, Unit


@dataclass(frozen=True, slots=True)
class Dirt(Checked):
    """Which small components are dirt (`pipelines.layout.dirt`).

    Attributes
    ----------
    largest : float
        Only components smaller than this are. In letter heights. A higher value takes larger blots for dirt,
        and small letters with them.
    letter : float
        Components higher than this are letters. In letter heights.
    beside, above : float
        What is so far to the sides of a letter, or above or below it, is near. In letter heights. A higher
        value takes less to be far from letters.
    cell : float
        Side of the cells in which the page is divided for this. In letter heights.
    fewest : int
        With fewer specks far from letters, none is dirt.
    dense : float
        Least number of specks among the letters that are dirt, for each letter. A lower value also takes the
        stops of pages with little dirt for such.
    share : float
        Largest share of the small components near letters that may be dirt. A higher value keeps more marks,
        and more dirt.
    """

    largest: Heights = 0.35
    letter: Heights = 0.5
    beside: Heights = 1.0
    above: Heights = 0.5
    cell: Heights = 0.25
    fewest: Count = 8
    dense: Annotated[float, Unit(0, 1_000)] = 0.5
    share: Share = 0.3
