"""Parameters of the glyph format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Pixels
from pipelines.units import Checked, Unit


@dataclass(frozen=True, slots=True)
class GlyphFormat(Checked):
    """How a glyph is converted to 28x28 pixels (`pipelines.normalize`).

    The networks were trained on glyphs with these values: other values need other networks. The border is
    EMNIST's; the other values were chosen by hand.

    Attributes
    ----------
    border : int
        Pixels of paper on each side of the ink, along its longer side. A higher value makes glyphs smaller.
    thinnest : float
        Strokes thinner than this, in pixels of the 28x28 picture, are thickened to it before the glyph is
        reduced. A higher value makes thin strokes bolder and fills small holes.
    largest : int
        A glyph that is larger, in pixels, is first reduced to this. A lower value is faster and coarser.
    margin : int
        Before blurring and thickening, paper is added around the ink: its longer side divided by this, plus 2
        pixels. A lower value leaves room for more thickening.
    blur : float
        Standard deviation, in pixels of the 28x28 picture, of the blur before a glyph is reduced. A higher
        value is softer.
    rounds : int
        Iterations of Lloyd's algorithm that find the grey levels of paper and ink.
    """

    border: Annotated[int, Unit(0, 13, "pixels", whole=True)] = 2
    thinnest: Pixels = 2.0
    largest: Annotated[int, Unit(28, 100_000, "pixels", whole=True)] = 256
    margin: Count = 12
    blur: Annotated[float, Unit(0.01, 10, "pixels")] = 0.4
    rounds: Count = 4


GLYPHS = GlyphFormat()
