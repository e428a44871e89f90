"""Parameters of margins, of the outline of a sheet of paper, of skew, and of rules."""

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
from pipelines.units import Checked, Factor, Percentile, Share


@dataclass(frozen=True, slots=True)
class Margins(Checked):
    """Bars and frames at the edges of a picture (`pipelines.clean.margins`).

    Attributes
    ----------
    flat, noisy : float
        Bounds of the tolerance, in levels, by which a margin's pixels may differ from its colour: for flat
        and for noisy margins. A higher value takes faint letters for margin.
    noise : float
        Between those bounds, the tolerance is this many times the median difference along the outermost row.
        A higher value allows for more noise.
    clear : float
        The row at which a margin ends has more than this share of pixels of another colour. A higher value
        finds fewer margins.
    mostly : float
        The same for the rows of the soft edge before it. A higher value takes soft edges for margin.
    rim : int
        Width, in pixels, of the soft edge at the end of a margin, with the ripples that JPEG adds. Farther
        in, the margin's colour must not return, as it does beyond a line ruled on paper. A higher value
        allows for softer edges.
    rims : int
        The margin's colour is searched for up to this many rims beyond its end. A higher value searches
        farther.
    joined : float
        Ink that joins a margin and is wider than this share of the margin's depth may be the stroke of a
        letter. A higher value takes letters that touch an edge for margin.
    thinnest_stroke, widest_stroke : float
        An upright bar with a width in this range, as a share of the picture's height, may be an I. A wider
        range keeps more bars.
    full : float
        It is one if the rest of the picture has ink on more than this share of the rows. A lower value keeps
        more bars.
    solid : float
        A plain patch that covers less than this share of its surroundings is a letter; a larger one is an
        empty frame. A higher value takes larger patches for letters.
    least : int
        Least height and width, in pixels, of what is left: on a smaller picture a margin and a letter look
        alike. A higher value leaves margins on larger pictures.
    something : int
        Least number of pixels of another colour, below which there is nothing to read. A higher value misses
        small letters.
    sample : int
        About this many pixels are sampled for that. A lower value misses small letters; a higher value is
        slower.
    nested : int
        Largest number of nested margins. A lower value leaves inner ones.
    rounds : int
        Most iterations until the depths of the four sides agree. A lower value may end before they do.
    drawn_sides : int
        A ring that ends in another colour on at least this many sides, but is no margin, is a drawn outline.
        A lower value keeps more of what is around the picture.
    blank : float
        Width given to blank paper around the content, as a share of the content's shorter side. A higher
        value is slower and leaves more of the picture to paper.
    least_blank, most_blank : int
        Bounds of that width, in pixels. A lower value brings letters nearer to the edge.
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
    """A sheet of paper seen at an angle (`pipelines.clean.outline`).

    Attributes
    ----------
    side : int
        Longest side, in pixels, of the reduced picture on which outlines are searched for; smaller pictures
        are skipped. A higher value is slower, and sees finer bends.
    narrowest : float
        Least shorter side, in pixels, of that picture. A higher value leaves long and narrow pictures
        unchanged.
    least, most : float
        Shares of the picture that a sheet may take. A wider range finds more sheets.
    noise : int
        Side, in pixels, of the median that removes noise from the colours. A higher value rounds corners.
    apart : float
        Least distance in CIELAB between the colours of sheet and ground. Pixels farther than half of it from
        the ground may belong to the sheet. A higher value finds fewer sheets.
    straight : float
        Least overlap of a sheet with the quadrilateral of its four corners, as a share of each. A higher
        value rejects sheets with a bent or covered corner.
    opening : int
        Side, in pixels, of the square of the morphological opening that removes narrow parts. A higher value
        drops wider strips.
    at_edge : float
        A sheet with more than this share of its outline at an edge of the picture is cut off there, and is
        not rectified. A higher value rectifies more sheets.
    simplified : tuple of float
        Tolerances of the polygon approximation, as shares of the outline's length, tried in turn until four
        corners are left. Larger ones accept rounder sheets.
    corner : float
        Lines are fitted along the sides without this share at either end. A higher value ignores bent
        corners.
    near : float
        They are fitted to points within this distance, as a share of the side's length. A higher value allows
        for sides that are less straight.
    fitted : int
        Least number of points of a fit; with fewer, corners stay where they are.
    beside : float
        Pixels of the reduced picture to either side of an edge of the sheet where its colour is compared with
        the ground's. A higher value also accepts blurred edges.
    change : float
        Least distance in CIELAB of those colours. A higher value rectifies fewer sheets, and is surer to
        leave those alone of which a part lies in shadow.
    askew : float
        A sheet is rectified if a corner is farther than this share of the diagonal from that of its bounding
        box. A higher value rectifies fewer sheets.
    inset : float
        Corners are moved inwards by this many pixels of the reduced picture, so that no ground is left. A
        higher value cuts off more of the sheet.
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
    beside: Length = 4.0
    change: ColourDistance = 8.0
    askew: Share = 0.015
    inset: Length = 1.0


@dataclass(frozen=True, slots=True)
class Skew(Checked):
    """Deskewing (`pipelines.clean.geometry.find_skew`).

    Attributes
    ----------
    largest : float
        Largest angle that is tried. A higher value is slower, and corrects more skew. At 45 degrees it cannot
        be told which way a page is turned.
    coarse, fine : float
        Steps between angles: over the whole range, then around the best. A lower value is slower, and more
        exact.
    letters : int
        Least number of letters. A higher value leaves short texts as they are.
    bins : float
        The bins of the histogram are the height of letters divided by this. A higher value resolves angles
        better, but not on lines that are slightly curved.
    tops : float
        Weight of the letters' tops; bottoms have weight 1. A higher value helps capitals and digits.
    gain : float
        An angle is accepted if its sum of squares is this many times that of angle 0. A higher value turns
        fewer pictures.
    few_gain : float
        This, divided by the square root of the number of letters, is added to `gain`. A higher value turns
        fewer pictures of few letters.
    small : float
        Below this angle, in degrees, `few_gain` counts in proportion to the angle. A higher value turns more
        pictures by small angles.
    """

    largest: Degrees = 40.0
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
    """The rules of forms, tables and notebooks (`pipelines.clean.rules`).

    Attributes
    ----------
    length : float
        Least length of a rule, all its pieces together, in letter heights. A lower value takes long strokes
        for rules.
    bare : float
        Least length of a stretch that no letter touches, in letter heights. A lower value takes aligned bars
        of letters for rules.
    speck : int
        Specks up to this many columns, in pixels, do not interrupt that stretch.
    whole : float
        An unbroken piece of this length, in letter heights, is a rule whatever touches it.
    fine, fine_length : float
        Pieces no thicker than `fine`, with a total length of `fine_length`, in letter heights, are also a
        rule. Hairlines of print are as thin, but do not continue from letter to letter.
    tall : float
        Least length of a vertical rule, in letter heights. A lower value takes the stems of joined letters
        for rules.
    thickness : float
        Largest thickness of a rule, in letter heights. A higher value takes the bars of large letters for
        rules.
    thin_pixels : int
        Up to this thickness, in pixels, ink always counts as thin.
    crossing : float
        Largest gap that letters across a rule may hide, in letter heights. A higher value follows rules under
        bold letters, and joins the bars of letters.
    piece : float
        Least length of a straight piece of a rule, in letter heights. A higher value loses crooked rules.
    reach : float
        Largest distance, in letter heights, of a piece that continues a rule.
    slope : float
        Largest slope of a rule, as a share of its length. A higher value takes slanted strokes for rules.
    crooked : float
        Rules that lie farther from a straight line than this are followed column by column, in pixels.
    pieces : int
        Largest number of pieces that are tested, the longest first. A higher value is slower.
    seen : float
        Least share of a rule that is free of letters. A higher value keeps rules on which letters stand
        closely.
    paler, tone : float
        Of a rule paler than letters by this share of the difference between paper and ink, what is as dark as
        letters stays. Their ink has the grey of this percentile. A higher value of `paler` cuts letters that
        lie on pale rules.
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
    paler: Share = 0.5
    tone: Percentile = 25.0


@dataclass(frozen=True, slots=True)
class Squiggles(Checked):
    """Wavy underlines (`pipelines.clean.squiggles`). Lengths are in letter heights.

    Attributes
    ----------
    length, highest : float
        Least width of a component with such an underline, and its largest height.
    amplitude : float
        How far it goes up and down from its middle. A higher value takes coarser waves.
    thickness : float
        Largest thickness. A higher value takes the feet of letters for underlines.
    share : float
        Least share of the component's width under which it is visible.
    period : float
        Largest length of a wave. A higher value takes rows of joined letters for waves.
    """

    length: Factor = 2.0
    highest: Factor = 2.5
    amplitude: Factor = 0.12
    thickness: Factor = 0.16
    share: Share = 0.8
    period: Factor = 0.3


@dataclass(frozen=True, slots=True)
class Dotted(Checked):
    """Dotted and dashed rules (`pipelines.clean.dotted`). Lengths are in letter heights.

    Attributes
    ----------
    highest, widest : float
        Largest height and width of a dot or dash. A higher value takes small letters for dots.
    solid : float
        Least share of its box that is ink. A lower value takes thin letters for dots.
    fewest, most : int
        Least number of dots of a rule, and most dots of a page on which rules are sought. A higher `most` is
        slower.
    gap : float
        Largest distance from the middle of a dot to the next.
    alone : float
        A dot with another one above or below it, at less than this many of the distances in its row, is a
        part of a letter or of grain. A lower value takes letters made of dots for rules.
    regular, uneven : float
        This share of the distances of a rule differs from their median by at most this share of it.
    lowest, solid_dash : float
        A line of `fewest` pieces, none higher than this, whose median share of ink in its box is at least
        `solid_dash`, is a dashed rule of which some dashes touch.
    beyond : float
        A dot belongs to a rule that ends up to this many distances before it. A higher value takes full stops
        for dots of a rule.
    """

    highest: Factor = 0.22
    widest: Factor = 0.8
    solid: Share = 0.65
    fewest: Count = 8
    most: Count = 20_000
    gap: Factor = 1.2
    alone: Factor = 1.6
    regular: Share = 0.8
    uneven: Share = 0.2
    lowest: Factor = 0.35
    solid_dash: Share = 0.75
    beyond: Factor = 40.0


@dataclass(frozen=True, slots=True)
class Frames(Checked):
    """Frames around words (`pipelines.clean.frames`).

    Attributes
    ----------
    high, wide : float
        Least height and width, in letter heights.
    ink : float
        Largest share of its box that is ink. A higher value takes thick letters for frames.
    most : int
        So many components are looked at. A higher value is slower.
    letter, letters : float and int
        A frame has at least so many components in it that are higher than `letter` letter heights.
    border : float
        The width of its outline, with round corners, as a share of its shorter side.
    inside : float
        Largest share of its ink within that. A higher value takes frames away whose letters touch them.
    straight : float
        Least share of each of its four sides along which there is ink.
    """

    high: Factor = 1.2
    wide: Factor = 1.8
    ink: Share = 0.4
    most: Count = 200
    letter: Factor = 0.35
    letters: Count = 2
    border: Share = 0.2
    inside: Share = 0.02
    straight: Share = 0.9


@dataclass(frozen=True, slots=True)
class Pale(Checked):
    """Pale shapes below letters (`pipelines.clean.pale_shapes`).

    Attributes
    ----------
    high : float
        Least height, in letter heights. A lower value may split two lines of text that touch.
    most : int
        So many components are looked at, the largest. A higher value is slower.
    letter, letters : float and int
        Only where at least so many other components are higher than `letter` letter heights.
    tone : float
        The percentile of the grey of letters that is taken for their ink.
    paler : float
        Least difference between the usual grey of the shape and that ink, as a share of that of paper. A
        higher value leaves darker shapes.
    over : float
        Least share of the shape's ink that is as dark as letters. A higher value leaves shapes that few
        letters touch.
    """

    high: Factor = 2.5
    most: Count = 50
    letter: Factor = 0.35
    letters: Count = 8
    tone: Percentile = 25.0
    paler: Share = 0.42
    over: Share = 0.02
