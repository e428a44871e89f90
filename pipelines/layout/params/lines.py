"""Parameters that group letters into lines, and lines into columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Heights, Positive
from pipelines.units import Checked, Factor, Percentile, Share, Unit


@dataclass(frozen=True, slots=True)
class Tracking(Checked):
    """How lines are tracked from letter to letter (`pipelines.layout.tracking`).

    Attributes
    ----------
    main : float
        Components at least this high are tracked; lower ones are assigned to lines afterwards. In letter
        heights. A higher value takes low letters for marks.
    shared : float
        Least vertical overlap of a letter and a line, as a share of the height of either. A higher value
        splits lines that climb steeply; a lower value joins lines that touch.
    offset_cost : float
        Cost, taken off the overlap, of a letter height of vertical distance between the middles of letter and
        line. A higher value keeps close lines apart.
    distance_cost : float
        Cost, taken off the overlap, of a letter height of distance from the end of the line. A higher value
        starts new lines beyond wide gaps.
    gain : float
        The band of a line moves by this share of its distance to each new letter. A higher value follows
        steep lines, but ascenders and descenders too.
    top_step, bottom_step : float
        Largest distance to a letter's top and to its bottom that counts. In letter heights. A lower value
        makes capitals and descenders move the band less.
    piece_distance : float
        Largest difference of the tops, or of the bottoms, of two pieces of one line. In letter heights. A
        lower value joins fewer pieces.
    piece_shared : float
        Least vertical overlap of two pieces of one line, as a share of the lower one's height. A higher value
        joins fewer pieces.
    piece_letters : int
        The band of a line at some place is taken from this many nearest letters. A higher value follows
        curves less.
    piece_tried : int
        About so many letters of a piece, at most, are compared with the band of a line where they stand. A
        higher value is slower.
    piece_crossing : float
        Largest share of the letters of one piece that are above or below letters of the other. A higher value
        joins lines that lie one above the other.
    gap_room, gap_shared : float
        A piece is also part of a line if at least the share `gap_shared` of each letter's height is between
        the top and the bottom of the nearest letters of the line, each moved outwards by `gap_room` letter
        heights: superscripts, quotation marks and commas are. A larger room, or a lower share, joins pieces
        of the lines above and below.
    gap_reach : float
        The nearest of those letters must be within this distance. In letter heights. A higher value joins
        the crests of a wavy line.
    """

    main: Heights = 0.5
    shared: Share = 0.35
    offset_cost: Factor = 0.35
    distance_cost: Factor = 0.004
    gain: Share = 0.25
    top_step: Heights = 1.0
    bottom_step: Heights = 0.6
    piece_distance: Heights = 1.5
    piece_shared: Share = 0.6
    piece_letters: Count = 4
    piece_tried: Count = 16
    piece_crossing: Share = 0.3
    gap_reach: Heights = 2.0
    gap_room: Heights = 0.35
    gap_shared: Share = 0.7


@dataclass(frozen=True, slots=True)
class LooseMarks(Checked):
    """How dots, commas and other small components are assigned to lines (`pipelines.layout.tracking`).

    Attributes
    ----------
    beside, below : float
        Largest horizontal and vertical distance of a mark from the nearest letter. In letter heights. A
        higher value assigns stray marks to lines; a lower value drops marks.
    over_cost, under_cost : float
        Weights of the vertical distance from a mark to a letter below it, and to a letter above it. A larger
        `under_cost` assigns marks between two lines to the lower one: as accents, not commas.
    ring_height : float
        A component lower than this may be a ring or another large mark over a letter. In letter heights. A
        higher value takes low letters for marks.
    ring_base : float
        The letter under a ring is higher than this. In letter heights.
    ring_distance : float
        Largest distance of the ring from it. In letter heights. A higher value takes letters over letters for
        rings.
    ring_covered : float
        Least share of the ring's width that the letter covers. A lower value takes letters beside others for
        rings.
    """

    beside: Heights = 2.5
    below: Heights = 0.8
    over_cost: Positive = 1.3
    under_cost: Positive = 2.2
    ring_height: Heights = 0.65
    ring_base: Heights = 0.8
    ring_distance: Heights = 0.2
    ring_covered: Share = 0.8


@dataclass(frozen=True, slots=True)
class SmallPrint(Checked):
    """When small components away from letters are lines of smaller letters (`pipelines.layout.tracking`).

    Attributes
    ----------
    distance : float
        Least vertical distance from any letter. In letter heights. A higher value finds less small print.
    aspect : float
        Least horizontal distance from any letter, as a multiple of `distance`.
    factor : float
        Letters of small print are at most as high as their median height times this; tracking uses half of
        it.
    least, most : float
        Bounds of that median height. In letter heights. A lower `least` takes noise for small print.
    components : int
        Least number of components of small print. A higher value leaves short lines of it to the lines
        around.
    line : int
        Least number of components of a line of small print.
    """

    distance: Heights = 0.25
    aspect: Factor = 4
    factor: Factor = 2.0
    least: Heights = 0.4
    most: Heights = 1.4
    components: Count = 5
    line: Count = 3


@dataclass(frozen=True, slots=True)
class Curves(Checked):
    """When lines are curved, and how curves are fitted (`pipelines.layout.curvature`).

    Attributes
    ----------
    pairs : int
        Least number of pairs of neighbours that show how the lines of a page run. A higher value leaves short
        pages as they are.
    letters : int
        Least number of letters that show how one line runs.
    letter : float
        Only components higher than this show it. In letter heights. A lower value lets quotation marks bend
        the line.
    length : float
        Least width of text for a curve. In letter heights. A lower value bends short lines.
    bent : float
        Lines that deviate from a straight one by less than this are straight. In letter heights. A higher
        value leaves more lines unchanged.
    one_line : float
        Where four fifths of the letters lie no farther apart than this from top to bottom, there is one line,
        and what is above and below it does not count. In letter heights.
    curved : float
        A page whose lines deviate by more than this is turned by their mean slope. In letter heights.
    better : float
        Largest loss of the curve, as a share of that of a straight line. A higher value bends straight lines.
    chance : float
        By how much less that share must be for each coefficient more, divided by the number of letters: a
        curve fits a few letters by chance. A higher value leaves more short lines straight.
    error : float
        Scale of Cauchy's loss: larger residuals count little. In letter heights. A higher value lets marks
        and descenders bend the line.
    rounds : int
        Rounds of the weighted least squares. A higher value is slower.
    neighbours : int
        The right neighbour of a letter is searched for among this many letters nearest to its expected place.
    nearest, farthest : float
        Bounds of the horizontal distance of a right neighbour. In letter heights. A larger `farthest` pairs
        letters across gaps.
    """

    pairs: Count = 24
    letters: Count = 12
    letter: Heights = 0.7
    length: Heights = 6
    bent: Heights = 0.3
    one_line: Heights = 2.0
    curved: Heights = 0.5
    better: Share = 0.95
    chance: Annotated[float, Unit(0, 100)] = 3.0
    error: Annotated[float, Unit(0.001, 10, "letter heights")] = 0.1
    rounds: Count = 10
    neighbours: Count = 6
    nearest: Heights = 0.2
    farthest: Heights = 3


@dataclass(frozen=True, slots=True)
class Columns(Checked):
    """When white splits a page into columns, and bands between them (`pipelines.layout.lines`).

    Attributes
    ----------
    components : int
        A page with fewer components has one column. A higher value finds fewer columns on short pages.
    gutter : float
        Least width of the white between columns. In letter heights. A lower value takes gaps between words
        for columns.
    chance : float
        A gap beside `n` lines is wider than that by this share, over `n`: spaces of a few lines may be above
        each other by chance. A higher value overlooks columns of few lines.
    gutters, bands : int
        Number of the widest gaps that are tried, between columns and between bands. A higher value is slower.
    band : float
        Least height of the white between bands. In letter heights. A higher value finds fewer columns below
        headings.
    side : int
        Least number of components of a column. A higher value finds fewer columns.
    width : float
        Least width of a column and of its median line. In letter heights. A higher value takes columns of
        numbers for parts of lines.
    lines : int
        Least number of lines of running text in a column.
    letters : int
        Least number of components of a line of running text. A lower value takes tables for columns.
    running : float
        Least share of lines of running text in a column. A lower value takes tables for columns.
    level : float
        Largest vertical distance of the middles of two lines that are one row. In letter heights. A higher
        value finds more tables.
    paired : float
        If more than this share of the lines on either side of a gap form rows, they may be a table. A lower
        value finds more.
    widest : float
        The width of a column is this percentile of its lines' widths. A higher value makes its lines look
        less full.
    full : float
        They are a table if the median line of a side fills less than this share of its column. A higher value
        takes text in two columns for tables.
    cell : float
        They are a table, too, if the median cell of a side is shorter than this. In letter heights. A higher
        value takes lists in two columns for tables.
    spaces : float
        White as wide as a gutter may be between words if there are so many such gaps a line; then it
        separates cells only if it goes through all lines. A higher value takes text in typefaces of one width
        for tables.
    apart, loose : float
        It is not if at least the share `loose` of it is wider than `apart`, in letter heights. Lower values
        do the same.
    letter : float
        Nor if most of what is between is narrower than this, as letters in the cells of forms are. In letter
        heights. A higher value does the same.
    """

    components: Count = 30
    gutter: Heights = 1.0
    chance: Factor = 2.0
    gutters: Count = 4
    bands: Count = 6
    band: Heights = 0.35
    side: Count = 15
    width: Heights = 7
    lines: Count = 3
    letters: Count = 5
    running: Share = 0.5
    level: Heights = 0.4
    paired: Share = 0.75
    widest: Percentile = 90
    full: Share = 0.75
    cell: Heights = 6
    apart: Heights = 2.0
    loose: Share = 0.1
    spaces: Factor = 1.4
    letter: Heights = 2.5


@dataclass(frozen=True, slots=True)
class LinesApart(Checked):
    """When a picture of one line shows several (`pipelines.layout.lines.lines_apart`).

    Attributes
    ----------
    letters : int
        Least number of components of a line. A higher value overlooks short lines.
    length : float
        Least length of a line. In letter heights.
    distance : float
        Least distance between the middles of two lines. In letter heights. A lower value splits a line that
        waves.
    cut : float
        A line with at least this share of its components at the upper or lower edge is not whole, and is left
        out. A higher value keeps lines that are cut off.
    """

    letters: Count = 3
    length: Heights = 2
    distance: Heights = 0.9
    cut: Share = 0.3
