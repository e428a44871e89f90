"""Parameters of grids: cells of one size in rows and columns."""

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
    """Grids whose cells may hold a letter each (`pipelines.layout.grids`).

    Attributes
    ----------
    side : int
        Longest side, in pixels, of the reduced picture on which rules are searched for. A higher value is
        slower.
    narrow, wide : int
        Sides, in pixels, of the two windows of a pixel's surroundings. Fine rules need a narrow window, thick
        ones a wide one.
    stretch : int
        Length, in pixels, of stretches that may be parts of rules. A higher value finds fainter rules, and
        loses slanting ones.
    faint : float
        Least mean contrast of such a stretch with its surroundings, in levels. A higher value finds fewer
        rules.
    darkest : float
        Cap of a pixel's contrast, in levels, so that a few dark pixels do not make a rule.
    stroke : int
        Longest horizontal or vertical stroke of a letter, in pixels, plus `stretch`.
    slant : int
        Largest drift of a rule across its direction, in pixels, over `stroke`.
    lowest : int
        Least shorter side of a cell, in pixels.
    share : float
        Least height and width of a grid, as a share of the picture's longer side.
    square : float
        Largest ratio of the sides of a cell.
    filled : float
        Least share of its box that a cell fills.
    alike : float
        Largest area of a cell, in areas of the median one; the least is its inverse.
    near : int
        Largest distance between neighbouring known cells, in cells. A higher value bridges writing over the
        rules.
    level : float
        Largest distance of a cell's middle from the place predicted by its neighbour.
    exact : float
        The same from the place predicted by the whole grid.
    apart : float
        Largest distance of rows and columns, in heights and widths of a cell without its rules. A higher
        value takes rows with white between them, as the combs of a form, for a grid.
    found : float
        Least share of the cells that is found.
    part : float
        Least share of a row or a column that is found. Others separate grids.
    ruled : float
        Least share of the sides of a further row or column that lies on rules.
    grown : int
        Most rows or columns that are added on each side because they are ruled.
    least, most : int
        Bounds of the number of cells of a grid.
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
    apart: Annotated[float, Unit(1, 10, "cells")] = 1.3
    found: Share = 0.5
    part: Share = 0.25
    ruled: Share = 0.85
    grown: Count = 4
    least: Count = 9
    most: Count = 2500
