"""The numbers that put letters into lines, and lines into columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Heights, Positive
from pipelines.units import Checked, Factor, Percentile, Share, Unit


@dataclass(frozen=True, slots=True)
class Tracking(Checked):
    """How letters are followed along their line (`pipelines.layout.tracking`).

    Attributes
    ----------
    main : float
        Components at least so high are followed; lower ones are given to lines afterwards. In letter heights.
        More takes low letters for marks.
    shared : float
        Share of its height, or of the line's, that a letter must have in common with a line to join it. More
        splits lines that climb steeply; less joins lines that touch.
    offset_cost : float
        What it takes off a letter's shared height that its middle lies a letter height above or below its
        line's. More keeps close lines apart.
    distance_cost : float
        What it takes off that a letter lies a letter height to the right of the line's end. More starts new
        lines beyond wide gaps.
    gain : float
        The band of a line moves by this share of the way to each new letter. More follows steep lines, and
        long letters too.
    top_step, bottom_step : float
        The way to a letter's top and to its bottom counts no more than this. In letter heights. Less makes
        capitals and descenders move the band less.
    piece_distance : float
        Two pieces of one line differ in their tops or in their bottoms by less than this. In letter heights.
        Less joins fewer pieces.
    piece_shared : float
        And share more than this of the height of the lower one. More joins fewer pieces.
    piece_letters : int
        The band of a line at some place is that of so many letters nearest to it. More follows curves less.
    piece_crossing : float
        Less than this share of the one's letters may stand over or under the other's. More joins lines that
        lie one above the other.
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
    piece_crossing: Share = 0.3


@dataclass(frozen=True, slots=True)
class LooseMarks(Checked):
    """How dots, commas and other small components are given to lines (`pipelines.layout.tracking`).

    Attributes
    ----------
    beside, below : float
        A mark is at most so far from the nearest letter, from left to right and from top to bottom. In letter
        heights. More gives lines marks that are not theirs; less drops marks.
    over_cost, under_cost : float
        White between a mark and a letter below it counts so many times, and white between it and a letter
        above it. A larger second gives marks between two lines to the lower one: accents, not commas.
    ring_height : float
        A component lower than this may be a ring or another large mark over a letter. In letter heights. More
        takes low letters for marks.
    ring_base : float
        The letter under a ring is higher than this. In letter heights.
    ring_distance : float
        And no farther from it. In letter heights. More takes letters over letters for rings.
    ring_covered : float
        And covers more than this share of the ring's width. Less takes letters beside others for rings.
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
        They have no letter nearer than this above or below them. In letter heights. More finds less small
        print.
    aspect : float
        And none nearer than so many times that beside them.
    factor : float
        Letters of small print are at most as high as their median height times this, halved when they are
        followed.
    least, most : float
        That height lies between these. In letter heights. Less of the first takes noise for small print.
    components : int
        So many components make small print. More leaves short lines of it to the lines around.
    line : int
        A line of small print has at least so many components.
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
    """When lines run along curves, and how these are fitted (`pipelines.layout.curvature`).

    Attributes
    ----------
    pairs : int
        Pairs of neighbours that must tell how the lines of a page run. More leaves short pages as they are.
    letters : int
        Letters that must tell how one line runs.
    length : float
        The text must be so wide for a curve to be told. In letter heights. Less bends short lines.
    bent : float
        Lines that go up and down by less than this are straight. In letter heights. More leaves curved lines
        as they are.
    better : float
        A curve must bring the loss of a straight line down to less than this share of it. More bends straight
        lines.
    error : float
        The scale of Cauchy's loss: larger errors count little. In letter heights. More lets marks and
        descenders bend the line.
    rounds : int
        Rounds of the weighted least squares. More is slower.
    neighbours : int
        The right neighbour of a letter is sought among so many letters nearest to its place.
    nearest, farthest : float
        A right neighbour's middle is so far to the right. In letter heights. A larger second pairs letters
        across gaps.
    """

    pairs: Count = 60
    letters: Count = 12
    length: Heights = 6
    bent: Heights = 0.3
    better: Share = 0.95
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
        A page of fewer components has one column. More finds fewer columns on short pages.
    gutter : float
        White between columns is at least so wide. In letter heights. Less takes gaps between words for
        columns.
    gutters, bands : int
        So many of the widest gaps are tried, across the page and down it. More is slower.
    band : float
        White between bands is at least so high. In letter heights. More finds fewer columns below headings.
    side : int
        A column has at least so many components. More finds fewer columns.
    width : float
        It is wider than this, and so is its median line. In letter heights. More takes columns of numbers for
        parts of lines.
    lines : int
        It has at least so many lines of running text.
    letters : int
        A line of running text has at least so many components. Less takes tables for columns.
    running : float
        Lines of running text are at least this share of its lines. Less takes tables for columns.
    level : float
        Two lines are one row if their middles are no farther apart in height. In letter heights. More finds
        more tables.
    paired : float
        If more than this share of the lines beside a gap are rows, they may be a table. Less finds more.
    widest : float
        As wide as a column counts this percentile of its lines. More makes its lines look less full.
    full : float
        A table it is where the median line of a side fills less than this share of its column. More takes
        text in two columns for tables.
    cell : float
        Or where its pieces, with white between columns among them, are shorter than this. In letter heights.
        More takes lists in two columns for tables.
    """

    components: Count = 30
    gutter: Heights = 1.0
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


@dataclass(frozen=True, slots=True)
class LinesApart(Checked):
    """When a picture of one line shows several (`pipelines.layout.lines.lines_apart`).

    Attributes
    ----------
    letters : int
        A line has at least so many components. More overlooks short lines.
    length : float
        And is longer than this. In letter heights.
    distance : float
        The middles of two lines lie at least so far apart. In letter heights. Less splits a line that waves.
    cut : float
        A line of which this share of components or more touches the upper or the lower edge is not whole,
        and is left out. More keeps lines that are cut off.
    """

    letters: Count = 3
    length: Heights = 2
    distance: Heights = 0.9
    cut: Share = 0.3
