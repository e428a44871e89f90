"""Parameters of the detection of strokes on stained, faint and bled-through pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pipelines.clean.params.units import Count, Divisor, Levels, OddPixels, Pixels, Sample
from pipelines.units import Checked, Factor, Share, Unit


@dataclass(frozen=True, slots=True)
class Cut(Checked):
    """How the mask of least cost is computed (`pipelines.clean.smallest_cut`).

    Attributes
    ----------
    tile : int
        Side, in pixels, of the tiles that are solved one by one; small enough for the processor's cache. A
        higher value is slower.
    margin : int
        Overlap of a tile, or a band of rows, with its neighbours, in pixels. A lower value leaves seams.
    rounds : int
        Number of iterations. A higher value is closer to the least cost, and slower.
    step : float
        Step size of both variables: below ``1 / sqrt(8)``, where the iteration is sure to converge. A lower
        value needs more rounds.
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
        The grey level that evenly lit paper is brought to. A higher value makes letters lighter as well.
    middle : int
        Side, in pixels, of the median that removes noise before the light of the paper is found. A higher
        value removes coarser noise.
    disc : float
        Ink is removed from the light by a closing with a disc this many stroke widths wide. A higher value
        removes blots as well, and follows the rims of stains less closely; a lower value takes strokes for
        light.
    least_disc, most_disc : int
        Bounds of the disc's diameter in pixels; a picture that needs a larger one is reduced. A larger
        `most_disc` is slower; a smaller one makes the light coarser.
    softness : float
        The light is blurred by the disc divided by this. A higher value follows shadows more closely.
    least_area : int
        Components of fewer pixels are ignored when stroke width is measured, unless there are no others. A
        lower value lets noise count.
    scale : float
        Valleys are detected after a blur by the stroke width divided by this, at least one pixel. A lower
        value finds fainter strokes, and joins close ones.
    edge_scale : float
        Edges are detected after a blur by this share of that. A higher value finds smoother, fewer edges.
    smoothness : float
        Cost of neighbours with different labels, relative to the depth of a valley. A higher value gives
        smoother masks, and loses thin strokes.
    impossible : float
        Cost of ink where a pixel is hardly darker than paper; far more than any valley can outweigh. A much
        lower value lets paper become ink.
    faint : float
        A pixel is hardly darker than paper within this share of the way from paper to ink. A higher value
        leaves out faint strokes.
    edge : float
        An edge begins at this share of the usual gradient on the strokes' contours. A higher value finds
        fewer edges.
    edge_end : float
        It continues down to this share of the gradient at which it begins (hysteresis, as in Canny's method).
        A lower value makes edges longer.
    weak : float
        A component whose contrast is less than this share of the usual is a smudge. A higher value drops
        faint letters.
    speck : float
        A component of a smaller area, in squares of the stroke width, is a speck. A higher value drops dots.
    strong, dot : float
        A speck of at least `dot` times that area is the dot of bold letters if its contrast is more than the
        share `strong` of the usual. Higher values drop dots.
    thin, mixed : float
        Where a heading stands over small print, the thinnest strokes, up to this quantile, say what a speck
        is: the stroke width counts as at most `mixed` times theirs. A lower value keeps more dots.
    rim : int
        Side, in pixels, of the square around a pixel of ink that holds its soft rim; paper begins beyond. A
        higher value keeps more of what is around strokes.
    band : int
        Rows that are processed at a time. A higher value needs more memory.
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
    strong: Share = 0.6
    dot: Share = 0.4
    thin: Share = 0.2
    mixed: Factor = 2.0
    rim: Annotated[int, Unit(5, 255, "pixels", whole=True, odd=True)] = 5
    band: Pixels = 448
    cut: Cut = field(default_factory=Cut)


@dataclass(frozen=True, slots=True)
class Joining(Checked):
    """How segments and dots are joined to letters (`pipelines.clean.joined`).

    Attributes
    ----------
    largest : int
        Pixels of the largest picture on which that is tried. More is slower.
    fewest, most : int
        Pieces of ink that are joined, at least, and that a picture has at most. More of the second is slower.
    share : float
        At least this share of the gaps is within letters. More joins more.
    step : float
        The next wider ones are wider by this factor. More joins more.
    widest : int
        Gaps within letters are no wider, in pixels. More is slower.
    dots, unlike : float
        They are dots if this share of them is as high and as wide as usual, but for the second share of that:
        then gaps across a square of them are within letters, too. Less of the first takes more for dots, as
        does more of the second.
    near : float
        That disc is no wider than this share of the highest segment of a letter. More joins letters to words.
    points : float
        Ink is closed with a disc at most so many times as wide as needed for that gap between level sides.
        Less leaves segments apart that end in points.
    higher : float
        A joined piece is so many times as high as the highest that it was joined of, or they stay apart. Less
        joins letters to words.
    """

    largest: Sample = 4_000_000
    fewest: Count = 4
    most: Count = 5_000
    share: Share = 0.4
    step: Factor = 1.8
    widest: Pixels = 60
    dots: Share = 0.5
    unlike: Share = 0.34
    near: Share = 0.5
    points: Factor = 2.5
    higher: Factor = 1.4
