"""The data that stages pass on: one picture on its way from pixels to words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from pipelines.clean.params import STANDARD as CLEAN
from pipelines.clean.params import CleanParams
from pipelines.layout.limits import Limits
from pipelines.layout.params import STANDARD, LayoutParams

if TYPE_CHECKING:
    from pipelines.layout.grids import Grid

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]
Boxes = npt.NDArray[np.int32]
Matrix = npt.NDArray[np.float64]

PIECE = 300
"""A piece of ink on a line takes about as long to be put there as so many pixels take to be binarized."""


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Connected pieces of ink.

    Attributes
    ----------
    labels : int32 array, shape (H, W)
        0 for paper, ``k + 1`` for the pixels of component ``k``.
    boxes : int32 array, shape (N, 4)
        Left, top, right, bottom; right and bottom lie outside.
    areas : int32 array, shape (N,)
        Pixels of ink.
    """

    labels: Labels
    boxes: Boxes
    areas: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.areas)

    @property
    def heights(self) -> npt.NDArray[np.int32]:
        return self.boxes[:, 3] - self.boxes[:, 1]

    @property
    def widths(self) -> npt.NDArray[np.int32]:
        return self.boxes[:, 2] - self.boxes[:, 0]


@dataclass(frozen=True, slots=True, eq=False)
class TextLine:
    """Words of one line.

    Attributes
    ----------
    words : tuple of tuple of tuple of int
        Words from left to right; a word is its stacks from left to right, a stack the indices of the
        components that are above each other (an i and its dot).
    height : float
        The height of the line's ordinary letters, in pixels.
    cut : bool
        Whether letters that touch may be cut apart.
    """

    words: tuple[tuple[tuple[int, ...], ...], ...]
    height: float
    cut: bool = True

    @property
    def stacks(self) -> list[tuple[int, ...]]:
        """The stacks of all words, from left to right."""
        return [stack for word in self.words for stack in word]


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Ink over a letter, such as an accent.

    Attributes
    ----------
    box : tuple of int
        Left, top, right, bottom in the working picture.
    line : int
        The number of its line.
    shape : bool array, shape (H, W)
        Its ink.
    parts : int
        How many components it has.
    """

    box: tuple[int, int, int, int]
    line: int
    shape: Mask
    parts: int


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One picture and what the stages have found so far; each stage returns a new sheet.

    Attributes
    ----------
    pixels : uint8 array, shape (H0, W0) or (H0, W0, 3)
        The picture as loaded, or the rectified sheet of paper on it.
    grey : uint8 array, shape (H, W)
        The working picture: ink dark, paper light.
    colours : tuple of uint8 arrays, shape (H, W)
        Working pictures, each with another colour as ink; one becomes `grey`.
    to_picture : float64 array, shape (3, 3)
        Maps working pixels (x, y, 1) to those of the picture as loaded.
    ink : bool array, shape (H, W)
    dark : uint8 array, shape (H, W)
        How dark each pixel is between the page's paper (0) and its ink (255).
    components : Components
    letter_height : float
        The height of ordinary letters, in working pixels; 0 while unknown.
    lines : tuple of TextLine
        In reading order.
    marks : tuple of Mark
        Those that were lifted off their letters.
    params : LayoutParams
        Parameters of layout, from the pipeline.
    clean : CleanParams
        Parameters of cleaning, from the pipeline.
    warnings : tuple of str
        What was left out of the picture, and why.
    heights : tuple of float
        Bounds of the heights of letters, in pixels of the picture as loaded, where those are known.
    grid : Grid, optional
        The grid in whose cells the letters stand, if it is the sheet of one (`pipelines.layout.grids`).
    """

    pixels: npt.NDArray[np.uint8]
    grey: Grey
    to_picture: Matrix = field(default_factory=lambda: np.eye(3))
    ink: Mask = field(default_factory=lambda: np.zeros((0, 0), bool))
    dark: Grey = field(default_factory=lambda: np.zeros((0, 0), np.uint8))
    components: Components = field(
        default_factory=lambda: Components(
            np.zeros((0, 0), np.int32), np.zeros((0, 4), np.int32), np.zeros(0, np.int32)
        )
    )
    letter_height: float = 0.0
    lines: tuple[TextLine, ...] = ()
    marks: tuple[Mark, ...] = ()
    warnings: tuple[str, ...] = ()
    params: LayoutParams = STANDARD
    clean: CleanParams = CLEAN
    colours: tuple[Grey, ...] = ()
    heights: tuple[float, float] = (0.0, float("inf"))
    grid: Grid | None = None

    @property
    def stacks(self) -> list[tuple[int, ...]]:
        """The stacks of all lines, in reading order."""
        return [stack for line in self.lines for stack in line.stacks]

    @property
    def work(self) -> int:
        """About how much work it was to make, in pixels: pieces of ink on lines take time, too."""
        return self.grey.size + PIECE * sum(map(len, self.stacks))

    @property
    def limits(self) -> Limits:
        """Bounds on the work for the picture."""
        return Limits.of(self.pixels.shape[0] * self.pixels.shape[1], self.params.growth)

    @property
    def pixel(self) -> float:
        """The side of a pixel of the working picture, in pixels of the picture as loaded."""
        return float(np.sqrt(abs(np.linalg.det(self.to_picture[:2, :2]))))

    def warned(self, warning: str) -> Self:
        """Return the sheet with one more warning, unless it has it already."""
        known = warning in self.warnings
        return self if known else replace(self, warnings=(*self.warnings, warning))
