"""The numbers by which a sheet is found in its picture: margins, its outline, and its skew."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.clean.params.units import (
    ColourDistance,
    Count,
    Degrees,
    Divisor,
    Length,
    Levels,
    OddPixels,
    Pixels,
    Sample,
)
from pipelines.units import Checked, Factor, Share


@dataclass(frozen=True, slots=True)
class Margins(Checked):
    """What reaches in from the edges and is not the paper (`pipelines.clean.margins`).

    Attributes
    ----------
    flat, noisy : float
        Levels by which a margin's pixels may differ from its colour: at least, and at most, where they are
        noisy. More takes faint letters for margin.
    noise : float
        Between those: so many times the median difference along the outermost row. More allows for more
        noise.
    clear : float
        Share of the pixels of a row inside a margin that are of another colour: all but a few. More finds
        fewer margins.
    mostly : float
        The same for the rows from where the margin ends to there. More takes soft edges for margin.
    rim : int
        Pixels within which one colour becomes the other: an edge may be soft, and JPEG makes ripples beside
        it. Farther in, the margin's colour must not be back, as it is beyond a line ruled on paper. More
        allows for softer edges.
    rims : int
        So many rims beyond a margin are looked at. More looks farther for the margin's colour.
    joined : float
        What joins a margin and is wider than this share of its depth may be the stroke of a letter. More
        takes letters that touch an edge for margin.
    thinnest_stroke, widest_stroke : float
        An upright bar so wide, as a share of the picture's height, may be an I where letters are as high as
        the picture. A wider range leaves more bars in.
    full : float
        It is one if the rest has ink on more than this share of the rows. Less leaves more bars in.
    solid : float
        A plain patch that takes less than this share of what is around it is a letter; one that takes more
        is an empty frame. More takes larger patches for letters.
    least : int
        Pixels, of height and of width, that are left at least: in less, no margin can be told from a letter.
        More leaves margins on larger pictures.
    something : int
        Pixels of another colour than the rest, without which there is nothing to read. More takes small
        letters for nothing.
    sample : int
        About so many pixels are looked at for that. Fewer miss small letters; more are slower.
    nested : int
        Most margins within one another. Less leaves inner ones.
    rounds : int
        Most rounds until the depths of the four sides agree. Fewer may end before they do.
    drawn_sides : int
        What ends in another colour on this many sides or more, and is no margin, is a drawn outline. Less
        keeps more of what is around the picture.
    blank : float
        Blank paper around what is on a picture is made this wide, as a share of the shorter side of that.
        More is slower and leaves more of the picture to paper.
    least_blank, most_blank : int
        But so wide at least, and at most, in pixels. Less brings letters nearer to the edge.
    """

    flat: Levels = 10.0
    noisy: Levels = 16.0
    noise: Factor = 6.0
    clear: Share = 0.98
    mostly: Share = 0.9
    rim: Pixels = 8
    rims: Count = 3
    joined: Share = 0.5
    thinnest_stroke: Share = 0.03
    widest_stroke: Share = 0.25
    full: Share = 0.8
    solid: Share = 0.3
    least: Pixels = 16
    something: Pixels = 8
    sample: Sample = 250_000
    nested: Count = 12
    rounds: Count = 8
    drawn_sides: Count = 3
    blank: Share = 0.25
    least_blank: Pixels = 16
    most_blank: Pixels = 48


@dataclass(frozen=True, slots=True)
class Outline(Checked):
    """A sheet seen at an angle on its ground (`pipelines.clean.outline`).

    Attributes
    ----------
    side : int
        Longest side, in pixels, of the reduced picture on which outlines are looked for; smaller pictures
        are not looked at. More is slower, and sees finer bends.
    narrowest : float
        Least shorter side, in pixels, of that picture. More leaves long and narrow pictures as they lie.
    least, most : float
        Shares of the picture that a sheet may take. A wider range finds more sheets.
    noise : int
        Side, in pixels, of the median that removes noise from the colours. More rounds corners.
    apart : float
        Least distance in CIELAB between the colours of sheet and ground: what is farther than half of it
        from the ground may be sheet. More finds fewer sheets.
    straight : float
        A sheet's four corners hold at least this share of it, and it fills at least this share of them. More
        refuses sheets with a bent or covered corner.
    opening : int
        Side, in pixels, of the square with which narrow parts are taken off a sheet (morphological opening).
        More drops wider strips.
    at_edge : float
        A sheet that has more than this share of its outline at an edge of the picture is cut off there, and
        left as it lies. More allows for more.
    simplified : tuple of float
        An outline is simplified by these shares of its length, in turn, until four corners are left. Larger
        ones make four corners of rounder sheets.
    corner : float
        Lines are fitted along its sides but for this share at either end. More forgets bent corners.
    near : float
        They are fitted to what lies within this share of a side's length from it. More allows for sides
        that are less straight.
    fitted : int
        They are fitted to at least so many pixels; else corners stay where they are.
    askew : float
        A sheet is laid flat if a corner is this share of the diagonal away from that of an upright rectangle.
        More leaves more sheets as they lie.
    inset : float
        Corners are moved in by so many pixels of the reduced picture, so that none of the ground is left.
        More cuts off more of the sheet.
    """

    side: Pixels = 400
    narrowest: Length = 20.0
    least: Share = 0.15
    most: Share = 0.95
    noise: OddPixels = 5
    apart: ColourDistance = 20.0
    straight: Share = 0.94
    opening: OddPixels = 5
    at_edge: Share = 0.02
    simplified: tuple[Share, ...] = (0.01, 0.015, 0.02, 0.03, 0.04, 0.06)
    corner: Share = 0.1
    near: Share = 0.04
    fitted: Count = 8
    askew: Share = 0.015
    inset: Length = 1.0


@dataclass(frozen=True, slots=True)
class Skew(Checked):
    """The angle of lines of text (`pipelines.clean.geometry.find_skew`).

    Attributes
    ----------
    largest : float
        Angles up to this are tried. More is slower, and turns pictures that are steeper.
    coarse, fine : float
        Steps in which angles are tried: over the whole range, then around the best. Less is slower, and more
        exact.
    letters : int
        Fewer letters than this show no skew. More leaves short texts as they lie.
    bins : float
        A histogram's bins are the height of letters divided by this. More makes angles sharper, and lines
        that are not quite straight harder to see.
    tops : float
        Weight of the letters' tops; their bottoms have 1. More helps capitals and digits.
    gain : float
        An angle counts if it is so many times better than none. More turns fewer pictures.
    few_gain : float
        It must be better by this much more, divided by the square root of how many letters there are. More
        turns fewer pictures of few letters.
    small : float
        Under so many degrees this second part is less, in proportion to the angle. More turns more pictures
        by small angles.
    """

    largest: Degrees = 15.0
    coarse: Degrees = 0.5
    fine: Degrees = 0.1
    letters: Count = 8
    bins: Divisor = 5.0
    tops: Factor = 0.5
    gain: Factor = 1.1
    few_gain: Factor = 2.0
    small: Degrees = 3.0


@dataclass(frozen=True, slots=True)
class Rules(Checked):
    """What is a rule of a form, a table or a notebook, not a letter (`pipelines.clean.rules`).

    Attributes
    ----------
    length : float
        A rule is at least so long, all its pieces together, in letter heights. Less takes long strokes for
        rules.
    bare : float
        And no letter touches it over this length somewhere, in letter heights. Less takes rows of bars of
        letters for rules.
    speck : int
        But for specks of so many columns, in pixels.
    whole : float
        Or it is so long without a break, in letter heights, whatever touches it.
    fine, fine_length : float
        Or its pieces no thicker than the first of these are as long as the second together, in letter
        heights. Hairlines of print are no thicker, but none goes on from letter to letter.
    tall : float
        The same of a rule from top to bottom. Less takes the stems of joined letters for rules.
    thickness : float
        And at most so thick, in letter heights. More takes the bars of large letters for rules.
    thin_pixels : int
        Whatever the letters, so many pixels are thin.
    crossing : float
        Letters across a rule hide no more of it in one place than this, in letter heights. More follows rules
        under bold letters, and joins the bars of letters.
    piece : float
        Each straight piece of a rule is at least so long, in letter heights. More loses crooked rules.
    reach : float
        Pieces on the way on of a rule, no farther from it than this, belong to it, in letter heights.
    slope : float
        A rule rises or falls by no more than this share of its length. More takes slanted strokes for rules.
    crooked : float
        Rules that lie farther from a straight line than this are followed column by column, in pixels.
    pieces : int
        So many of the longest pieces are looked at. More is slower.
    seen : float
        So much of a rule is free of letters at least. More keeps rules that letters stand on closely.
    """

    length: Factor = 3.5
    bare: Factor = 2.5
    speck: Count = 2
    whole: Factor = 4.0
    fine: Factor = 0.05
    fine_length: Factor = 6.0
    tall: Factor = 3.0
    thickness: Factor = 0.2
    thin_pixels: Count = 3
    crossing: Factor = 1.2
    piece: Factor = 0.8
    reach: Factor = 6.0
    slope: Share = 0.08
    crooked: Length = 0.75
    pieces: Count = 400
    seen: Share = 0.3
