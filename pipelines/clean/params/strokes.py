"""The numbers by which strokes are found on stained, faint and bled-through pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pipelines.clean.params.units import Count, Divisor, Levels, OddPixels, Pixels
from pipelines.units import Checked, Factor, Share, Unit


@dataclass(frozen=True, slots=True)
class Cut(Checked):
    """How the mask of least cost is sought (`pipelines.clean.smallest_cut`).

    Attributes
    ----------
    tile : int
        Side, in pixels, of the tiles that are solved one by one; small enough for the processor's cache. More
        is slower.
    margin : int
        What a tile, or a band of rows, sees beyond its sides, in pixels. Less leaves seams.
    rounds : int
        Rounds of the iteration. More come closer to the least cost, and are slower.
    step : float
        Of both variables: below ``1 / sqrt(8)``, where the iteration is sure to converge. Less needs more
        rounds.
    """

    tile: Pixels = 224
    margin: Pixels = 24
    rounds: Count = 40
    step: Annotated[float, Unit(0.01, 0.3535)] = 0.35


@dataclass(frozen=True, slots=True)
class Strokes(Checked):
    """Valleys of grey that end at edges (`pipelines.clean.edges`); the method is Howe's, 2013.

    Attributes
    ----------
    paper : float
        The grey level that evenly lit paper is brought to. More makes letters lighter as well.
    middle : int
        Side, in pixels, of the median that removes noise before the light of the paper is found. More removes
        coarser noise.
    disc : float
        Ink is removed from it by a closing with a disc so many strokes wide. More removes blots as well, and
        follows the rims of stains less closely; less takes strokes for light.
    least_disc, most_disc : int
        The disc's diameter in pixels, at least and at most: a picture that needs a larger one is reduced. The
        larger the second, the slower; the smaller, the coarser the light.
    softness : float
        The light is blurred by the disc divided by this. More follows shadows more closely.
    least_area : int
        Components of fewer pixels count for the width of strokes only where there are no others. Less lets
        noise count.
    scale : float
        Valleys are sought on a picture that is blurred by the width of strokes divided by this, or by one
        pixel if that is more. Less finds fainter strokes, and joins close ones.
    edge_scale : float
        Edges are sought on one that is blurred by this share of that. More finds smoother, fewer edges.
    smoothness : float
        What it costs that neighbours differ, against the depth of a valley. More gives smoother masks, and
        loses thin strokes.
    impossible : float
        What it costs that a pixel is ink where it is hardly darker than paper; far more than any valley
        gains. Much less lets paper become ink.
    faint : float
        Such pixels lie within this share of the way from paper to ink. More leaves out faint strokes.
    edge : float
        An edge begins at this share of the usual gradient on the strokes' contours. More finds fewer edges.
    edge_end : float
        It goes on down to this share of where it begins (hysteresis, as in Canny's method). Less makes edges
        longer.
    weak : float
        A component whose contrast is less than this share of the usual is a smudge. More drops faint letters.
    speck : float
        A smaller component, in squares of a stroke's width, is a speck. More drops dots.
    rim : int
        Side, in pixels, of the square around a pixel of ink that holds its soft rim; paper begins beyond.
        More keeps more of what is around strokes.
    band : int
        Rows that are worked on at a time. More needs more memory.
    cut : Cut
    """

    paper: Levels = 230.0
    middle: OddPixels = 5
    disc: Divisor = 6.0
    least_disc: Pixels = 15
    most_disc: OddPixels = 91
    softness: Divisor = 4.0
    least_area: Count = 16
    scale: Divisor = 8.0
    edge_scale: Divisor = 0.6
    smoothness: Divisor = 60.0
    impossible: Factor = 500.0
    faint: Share = 0.15
    edge: Share = 0.7
    edge_end: Share = 0.4
    weak: Share = 0.35
    speck: Factor = 0.25
    rim: Annotated[int, Unit(5, 255, "pixels", whole=True, odd=True)] = 5
    band: Pixels = 448
    cut: Cut = field(default_factory=Cut)
