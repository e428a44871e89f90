"""Parameters of letters in the cells of grids."""

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
    """Letters in the cells of a grid (`ocr.recognition.grids`).

    Attributes
    ----------
    smallest, largest : int
        Bounds of the side of a rectified cell, in pixels.
    rim : float
        Share of a cell's side, on all sides, that rules may take.
    paper : float
        The percentile of a cell's levels that is its paper.
    faintest : float
        Least difference between ink and paper, in levels.
    noise : float
        The same in standard deviations of the levels of paper.
    strongest : float
        The percentile of a cell's levels that is its darkest ink.
    ink : float
        Least darkness of ink, as a share of the darkest ink's.
    black : float
        A cell is black if its paper is no lighter than this share of the median cell's.
    flat : float
        Largest height of the remains of a horizontal rule, or width of those of a vertical one.
    speck : float
        Largest area of a speck, in areas of a cell.
    lowest : float
        Least height of a letter.
    letter : float
        Least height of a component that may be a letter by itself, in heights of the highest one in its cell.
    letters : int
        Least number of cells with a letter.
    crowded : float
        Largest share of these that may hold several letters.
    crossed : float
        Most strokes that go on across a rule, for each letter. A higher value takes writing on squared paper
        for letters in cells. Measured: up to 0.25 on sudokus, above 2 in writing.
    doubt : float
        Probability that the network is entirely wrong about a letter. A higher value needs more letters to
        distinguish grids of digits from grids of letters.
    like_letters : float
        Least likeness of the reading to letters, 0 to 1.
    room : float
        Room around the grid that is covered in the rest of the picture, in sides of a cell.
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
    crossed: Annotated[float, Unit(0, 100)] = 0.4
    doubt: Share = 0.02
    like_letters: Share = 0.35
    room: Annotated[float, Unit(0, 10, "sides of a cell")] = 0.2
