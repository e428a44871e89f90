"""The numbers of layout that decide a reading, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipelines.layout.params.dirt import Dirt
from pipelines.layout.params.grids import Grids
from pipelines.layout.params.growth import Growth
from pipelines.layout.params.letters import Letters, OneLetter, Sizes
from pipelines.layout.params.lines import Columns, Curves, LinesApart, LooseMarks, SmallPrint, Tracking
from pipelines.layout.params.signs import Signs
from pipelines.layout.params.words import Cuts, Marks, Runs, Stacks, Strips, Words

__all__ = [
    "STANDARD",
    "Columns",
    "Curves",
    "Cuts",
    "Dirt",
    "Grids",
    "Growth",
    "LayoutParams",
    "Letters",
    "LinesApart",
    "LooseMarks",
    "Marks",
    "OneLetter",
    "Runs",
    "Signs",
    "Sizes",
    "SmallPrint",
    "Stacks",
    "Strips",
    "Tracking",
    "Words",
]


@dataclass(frozen=True, slots=True)
class LayoutParams:
    """Parameters of layout: letters, lines, columns, words, marks, cuts and strips.

    Most lengths are in letter heights, so that they do not depend on the size of a picture. A pipeline brings
    its own (`pipelines.pipeline.Pipeline.layout`), and its sheets carry them. The values were chosen by hand
    on the samples and on development pictures. Each object refuses values that make no sense.

    Attributes
    ----------
    letters : Letters
    one_letter : OneLetter
    sizes : Sizes
    tracking : Tracking
    loose_marks : LooseMarks
    small_print : SmallPrint
    curves : Curves
    columns : Columns
    lines_apart : LinesApart
    stacks : Stacks
    words : Words
    marks : Marks
    cuts : Cuts
    runs : Runs
    strips : Strips
    growth : Growth
    grids : Grids
    signs : Signs
    dirt : Dirt

    Examples
    --------
    >>> LayoutParams(words=Words(gap=0.7)).words.gap
    0.7
    >>> LayoutParams(letters=Letters(speck=-1.0))
    Traceback (most recent call last):
    ValueError: Letters.speck is -1.0: it must be from 0 to 100 letter heights
    """

    letters: Letters = field(default_factory=Letters)
    one_letter: OneLetter = field(default_factory=OneLetter)
    sizes: Sizes = field(default_factory=Sizes)
    tracking: Tracking = field(default_factory=Tracking)
    loose_marks: LooseMarks = field(default_factory=LooseMarks)
    small_print: SmallPrint = field(default_factory=SmallPrint)
    curves: Curves = field(default_factory=Curves)
    columns: Columns = field(default_factory=Columns)
    lines_apart: LinesApart = field(default_factory=LinesApart)
    stacks: Stacks = field(default_factory=Stacks)
    words: Words = field(default_factory=Words)
    marks: Marks = field(default_factory=Marks)
    cuts: Cuts = field(default_factory=Cuts)
    runs: Runs = field(default_factory=Runs)
    strips: Strips = field(default_factory=Strips)
    growth: Growth = field(default_factory=Growth)
    grids: Grids = field(default_factory=Grids)
    signs: Signs = field(default_factory=Signs)
    dirt: Dirt = field(default_factory=Dirt)


STANDARD = LayoutParams()
