"""Numbers that say what a cell of a grid holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.units import Checked, Unit

Share = Annotated[float, Unit(0, 1)]
Sides = Annotated[float, Unit(0, 1, "sides of a cell")]
Pixels = Annotated[int, Unit(8, 1_000, "pixels", whole=True)]
Percentile = Annotated[float, Unit(0, 100)]


@dataclass(frozen=True, slots=True)
class GridParams(Checked):
    """What the cells of a grid hold (`ocr.recognition.grids`).

    Attributes
    ----------
    smallest, largest : int
        Pixels of the side of a cell that is looked at.
    rim : float
        Share of the side of a cell, all around, that the rules may take.
    paper : float
        The percentile of a cell's levels that is its paper.
    faintest : float
        Levels by which ink is darker than paper, at least.
    noise : float
        The same in standard deviations of the levels of paper.
    strongest : float
        The percentile of a cell's levels that is its darkest ink.
    ink : float
        Share of the darkness of the darkest ink that all of it has.
    black : float
        The level of the paper of a cell, in that of the median one, up to which the cell is black.
    flat : float
        Height of what is left of a level rule, or width of what is left of an upright one, at most.
    speck : float
        Area of a speck, at most, in areas of a cell.
    lowest : float
        Height of a letter, at least.
    letter : float
        Height of a part of a letter that may be one itself, in heights of the highest part in its cell.
    letters : int
        Cells of a grid that hold a letter, at least.
    crowded : float
        Share of these that may hold more.
    doubt : float
        Probability that the network is wrong about a letter altogether. More needs more letters to tell
        digits from letters.
    like_letters : float
        How much what is read must look like letters, 0 to 1.
    room : float
        Sides of a cell around the grid that are left out of the rest of the picture.
    """

    smallest: Pixels = 32
    largest: Pixels = 64
    rim: Sides = 0.1
    paper: Percentile = 80.0
    faintest: Annotated[float, Unit(0, 255, "levels")] = 12.0
    noise: Annotated[float, Unit(0, 100)] = 4.0
    strongest: Percentile = 99.0
    ink: Share = 0.4
    black: Share = 0.5
    flat: Sides = 0.12
    speck: Share = 0.004
    lowest: Sides = 0.28
    letter: Share = 0.6
    letters: Annotated[int, Unit(1, 10_000, whole=True)] = 4
    crowded: Share = 0.2
    doubt: Share = 0.02
    like_letters: Share = 0.35
    room: Annotated[float, Unit(0, 10, "sides of a cell")] = 0.2
