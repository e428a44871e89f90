"""The numbers of the glyph format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Pixels
from pipelines.units import Checked, Unit


@dataclass(frozen=True, slots=True)
class GlyphFormat(Checked):
    """How a glyph is brought to 28x28 pixels (`pipelines.normalize`).

    The networks have learned from glyphs of these values: others need networks of their own. The border is
    EMNIST's; the other values were chosen by hand.

    Attributes
    ----------
    border : int
        Pixels of paper on each side of the ink, along its longer side. More makes glyphs smaller.
    thinnest : float
        Strokes thinner than this, in pixels of the 28x28 picture, are thickened to it before they shrink.
        More makes thin strokes bolder and fills small holes.
    largest : int
        A glyph that is larger, in pixels, is first brought down to this. Less is faster and coarser.
    margin : int
        Paper is added around the ink, to blur it and thicken it: its longer side divided by this, and 2
        pixels. Less lets strokes be thickened more.
    blur : float
        Standard deviation, in pixels of the 28x28 picture, of the blur before a glyph shrinks. More is
        softer.
    rounds : int
        Rounds of Lloyd's iteration by which the grey levels of paper and ink are found.
    """

    border: Annotated[int, Unit(0, 13, "pixels", whole=True)] = 2
    thinnest: Pixels = 2.0
    largest: Annotated[int, Unit(28, 100_000, "pixels", whole=True)] = 256
    margin: Count = 12
    blur: Annotated[float, Unit(0.01, 10, "pixels")] = 0.4
    rounds: Count = 4


GLYPHS = GlyphFormat()
