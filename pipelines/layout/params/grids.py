"""Numbers that say what is a grid: cells of one size, side by side and one below the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count
from pipelines.units import Checked, Share, Unit

Cells = Annotated[float, Unit(0, 10, "cells")]
Levels = Annotated[float, Unit(0, 255, "of 255")]
Stretch = Annotated[int, Unit(1, 1_000, "pixels", whole=True)]


@dataclass(frozen=True, slots=True)
class Grids(Checked):
    """What is a grid whose cells may hold a letter each (`pipelines.layout.grids`).

    Attributes
    ----------
    side : int
        Pixels of the longer side of the picture on which rules are looked for. More is slower.
    narrow, wide : int
        Pixels of the two windows that a place is compared with. Fine rules need a narrow one, thick ones a
        wide one.
    stretch : int
        Pixels of the stretches that may be parts of rules. More finds fainter rules, and loses slanting ones.
    faint : float
        Levels by which such a stretch is darker than what is around it, on average. More finds fewer rules.
    darkest : float
        What is darker by more levels than this counts as no more, so that a few dark pixels make no rule.
    stroke : int
        Pixels of the longest level or upright stretch that is a stroke of a letter, with `stretch` added.
    slant : int
        Pixels by which a rule may stray, at most, over a stretch of that length.
    lowest : int
        Pixels of the shorter side of a cell, at least.
    share : float
        Share of the picture's longer side that a grid is high and wide, at least.
    square : float
        The longer side of a cell, in shorter ones, at most.
    filled : float
        Share of its box that a cell fills, at least.
    alike : float
        Area of a cell, in areas of the median one, at most; the least is the inverse of this.
    near : int
        Cells from one that is known to the next, at most. More bridges what is written over rules.
    level : float
        How far the middle of a cell is from where its neighbour has it, at most.
    exact : float
        The same from where the whole grid has it.
    found : float
        Share of its cells that is found, at least.
    part : float
        Share of a row or a column that is found, at least; others part grids from each other.
    ruled : float
        Share of a row's or a column's outer side that lies on rules, if it belongs to the grid beside it.
    grown : int
        Rows or columns that may be added so on each side.
    least, most : int
        Cells of a grid.
    """

    side: Stretch = 1000
    narrow: Stretch = 15
    wide: Stretch = 31
    stretch: Stretch = 21
    faint: Levels = 4.0
    darkest: Levels = 16.0
    stroke: Stretch = 61
    slant: Stretch = 3
    lowest: Stretch = 10
    share: Share = 0.15
    square: Annotated[float, Unit(1, 10, "shorter sides")] = 1.7
    filled: Share = 0.6
    alike: Annotated[float, Unit(1, 100)] = 2.0
    near: Count = 3
    level: Cells = 0.35
    exact: Cells = 0.25
    found: Share = 0.5
    part: Share = 0.25
    ruled: Share = 0.85
    grown: Count = 4
    least: Count = 9
    most: Count = 2500
