"""Geometry that decides a reading once letters are found: where they stand on a line, and how they look.

The values were chosen by hand on the samples and on development pictures. What weighs one source of evidence
against another is data beside the models (`ocr.recognition.weights`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from ocr.recognition.grid_params import GridParams
from ocr.recognition.passes.params import CellParams, GapParams, InkParams, LineParams, MarkParams
from ocr.recognition.units import Count, LetterHeights, Nats, Weight, XHeights
from pipelines.units import Checked, Percentile, Share, Unit


@dataclass(frozen=True, slots=True)
class PlacementParams(Checked):
    """How baseline and x-height of a line are fitted, and how far letters stray from their places.

    Attributes
    ----------
    candidates : int
        Characters that each glyph may be in the fit: its likeliest. More is slower.
    least_probability : float
        Characters less probable than this are left out of the fit.
    least_certainty : float
        A glyph tells of the line if the probabilities of its candidates sum to more than this. More leaves
        lines of unclear letters without a ruling.
    rounds : int
        Rounds of expectation maximisation.
    lookalike_share : float
        For the second start of the fit, a glyph may be all characters that are this share as probable as its
        likeliest, and is the lowest of them.
    gain : float
        The second end of the fit is kept if it is likelier by this, in nats: one odd letter may make it a
        little so. More keeps the first.
    spread : float
        Standard deviation of tops and bottoms of any hand or type, in x-heights. More trusts places less.
    outlier : float
        The most that the squared deviations of a glyph count in the fit, top and bottom together.
    level_pull : float
        Pull of the slope to a level line; a weight of least squares, as is the next.
    size_pull : float
        Pull of the x-height to the usual one.
    x_height : float
        The usual x-height, as a share of the height of the line's letters.
    smallest, largest : float
        The bounds of the x-height, as shares of the same.
    most_deviation : float
        Farther from its place than this, in standard deviations, a character is as unlikely as anywhere.
        More lets places outweigh shapes.
    unknown : float
        Log-likelihood of a character of unknown place, in nats, 0 or less.
    """

    candidates: Count = 6
    least_probability: Share = 0.02
    least_certainty: Share = 0.3
    rounds: Count = 6
    lookalike_share: Share = 0.2
    gain: Nats = 1.0
    spread: Annotated[XHeights, Unit(0.001, 10, "x-heights")] = 0.13
    outlier: Annotated[float, Unit(0, 100)] = 40.0
    level_pull: Annotated[float, Unit(0, 1000)] = 2.0
    size_pull: Annotated[float, Unit(0, 1000)] = 1.0
    x_height: LetterHeights = 0.8
    smallest: LetterHeights = 0.35
    largest: LetterHeights = 1.6
    most_deviation: Annotated[float, Unit(0, 100, "standard deviations")] = 2.5
    unknown: Annotated[float, Unit(-100, 0, "nats")] = -3.0

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        self.require("largest", self.largest >= self.smallest, f"at least smallest, {self.smallest}")


@dataclass(frozen=True, slots=True)
class CandidateParams(Checked):
    """Which stacks of ink are cut and joined, and which of the runs that come of it are looked at.

    Attributes
    ----------
    settled : float
        A stack that is, with more than this probability, one of three characters is neither cut nor joined.
        More is slower.
    sure : float
        The likeliest of the three must be more probable than this.
    widest : float
        A stack that is wider than this may be several letters whatever it looks like.
    agreed : float
        A stack is not cut if the network for lines reads, with more than this probability, one letter or
        digit there that it may be by its shape. More is slower.
    like_shape : float
        It may be a character that is more probable than this by shape.
    doubted : float
        A settled stack may be joined after all if none of the characters that it may be is there to the
        network for lines: each is less likely than this, in nats. More is faster.
    inner : float
        A border this share of a stack's width away from its ends goes through its middle.
    unlikely : float
        A run is looked at only if its word is not less likely by more than this with it, in nats, to the
        network for lines. More is slower.
    place_weight : float
        How much the place of a glyph on its line counts beside its shape.
    long : int
        A line of so many letters that the network for lines is unsure of is probably cut out badly: what it
        says of that line counts less.
    unsure : float
        It is unsure where the mean log-probability of its letters is below this, in nats.
    least_trust : float
        What it says counts less by as much as the mean is below that, but no less than this.
    surely_read : float
        A line is looked at again in other sizes if that mean is below this, in nats. More is slower.
    """

    settled: Share = 0.98
    sure: Share = 0.5
    widest: LetterHeights = 2.2
    agreed: Share = 0.6
    like_shape: Share = 0.1
    doubted: Nats = 8.0
    inner: Share = 0.25
    unlikely: Nats = 6.0
    place_weight: Weight = 0.5
    long: Count = 12
    unsure: Annotated[float, Unit(-100, 0, "nats")] = -0.4
    least_trust: Share = 0.75
    surely_read: Annotated[float, Unit(-100, 0, "nats")] = -0.1


@dataclass(frozen=True, slots=True)
class ViewParams(Checked):
    """The further views of a letter that stands alone. Its probabilities are the means over all views.

    Attributes
    ----------
    turn : float
        How far it is turned either way, in degrees. More forgives letters that stand askew, and blurs those
        that a turn makes another.
    slant : float
        How far it is slanted either way: columns for each row.
    """

    turn: Annotated[float, Unit(0, 45, "degrees")] = 6.0
    slant: Share = 0.1


@dataclass(frozen=True, slots=True)
class BlockParams(Checked):
    """What lines of a page make a paragraph, a heading or a table (`ocr.recognition.blocks`).

    Lengths are in heights of capitals, of the lines in question.

    Attributes
    ----------
    usual : float
        The usual pitch of lines is this percentile of the page's pitches. More joins paragraphs on pages of
        very short ones. So are the margin of a paragraph, of where its lines begin, and the usual white
        between words.
    loosest : float
        The usual pitch is no more than this. More joins lines that stand far apart.
    step : float
        A line begins a block if its pitch is more than so many times the usual one. More joins paragraphs.
    higher : float
        So many times as high, or low, letters begin a block, and are a heading where the page's usual ones
        are lower by as much. More finds fewer headings.
    heading_lines, heading_letters : int
        A heading has at most so many lines, and at least so many letters.
    levels : float
        Headings of one level differ in height by less than this factor.
    indent : float
        A line that begins so far right of its margin is indented. More joins paragraphs.
    room : float
        A line ends short where so much more room is after it than the first word of the next one needs.
    margin : float
        Lines have a margin if this share of them begins there. More takes more text for centred.
    spaces : float
        White that is so many times as wide as the page's usual white between words parts the cells of a row.
        More finds fewer tables.
    gap, widest_gap : float
        But at least white so wide does, and at most such.
    gutter : float
        In rows beside others with such gaps, white parts cells that is this share as wide. More finds shorter
        tables.
    clear : float
        The median of a table's gaps between cells is at least this. More takes fewer wide spaces for gaps.
    level : float
        Lines side by side are one row if their baselines are no farther apart in height.
    gaps : int
        A table has at least so many gaps between cells, in all rows together. More finds fewer tables.
    row_pitch : float
        Its rows are no farther apart. More finds longer tables.
    between : int
        At most so many rows of one cell stand between two rows of several.
    """

    usual: Percentile = 25
    loosest: LetterHeights = 2.8
    step: Annotated[float, Unit(1, 10)] = 1.35
    higher: Annotated[float, Unit(1, 10)] = 1.3
    heading_lines: Count = 3
    heading_letters: Count = 4
    levels: Annotated[float, Unit(1, 10)] = 1.15
    indent: LetterHeights = 0.8
    room: LetterHeights = 2.0
    margin: Share = 0.5
    spaces: Annotated[float, Unit(1, 100)] = 2.2
    gap: LetterHeights = 1.1
    widest_gap: LetterHeights = 1.5
    gutter: Share = 0.55
    clear: LetterHeights = 1.8
    level: LetterHeights = 0.5
    gaps: Count = 3
    row_pitch: LetterHeights = 4.5
    between: Count = 2

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        self.require("widest_gap", self.widest_gap >= self.gap, f"at least gap, {self.gap}")


@dataclass(frozen=True, slots=True)
class WayParams(Checked):
    """In which other ways a picture is tried, and which is preferred (`ocr.recognition.ways`).

    Attributes
    ----------
    like_letters : float
        A picture whose reading looks less like letters than this is tried in other ways. More is slower.
    filled : float
        So is a line, a word or a letter whose reading finds text in less than this share of the width.
    liker : float
        Another way must look so much more like a letter to be preferred for one that stands alone.
    unlike_letters : float
        What looks less like letters than this is no text. More reads less.
    unsure : float
        Mean log-probability, in nats, above which the letters of a line or a word speak for a way to take it.
        It is less than for pages, since it is known that there is text.
    more, more_each : float
        Another way must have so much more evidence to be preferred, in nats, and so much more for each
        letter.
    surely, few : float, int
        A text beside the page is tried in no other way if so many letters have a mean log-probability above
        this, in nats.
    hopeless : float
        Nor is one against which there is so much evidence, in nats. More is slower.
    """

    like_letters: Share = 0.85
    filled: Share = 0.5
    liker: Share = 0.05
    unlike_letters: Share = 0.2
    unsure: Annotated[float, Unit(-100, 0, "nats")] = -1.3
    more: Nats = 0.3
    more_each: Nats = 0.05
    surely: Annotated[float, Unit(-100, 0, "nats")] = -0.15
    few: Count = 2
    hopeless: Nats = 6.0


@dataclass(frozen=True, slots=True)
class SpelledParams(Checked):
    """How letters are found that the network for lines alone can tell from what is behind them.

    Attributes
    ----------
    rows : tuple of float
        Rows of a strip that the height of a picture of one line is brought to, one after another. More of
        them is slower.
    region_rows : tuple of float
        The same of a text with room around it.
    reach : float
        How far the first and the last letter of a line reach from their middles, in distances of letters.
    alone : float
        The distance of letters where there is but one, in frames.
    moved : float
        A border between letters is moved to where there is the least ink, this share of a letter's width at
        most.
    line : float
        Share of a strip's rows that a letter's ink lies in for the most part.
    height, most : int, float
        A picture is enlarged until a strip's height is so many pixels, at most so many times.
    """

    rows: tuple[Annotated[float, Unit(8, 128, "rows")], ...] = (26.0, 22.0, 31.0)
    region_rows: tuple[Annotated[float, Unit(8, 128, "rows")], ...] = (31.0, 27.0, 36.0)
    reach: Annotated[float, Unit(0, 10)] = 0.9
    alone: Annotated[float, Unit(0, 100, "frames")] = 8.0
    moved: Share = 0.3
    line: Share = 0.85
    height: Count = 64
    most: Annotated[float, Unit(1, 10)] = 4.0


@dataclass(frozen=True, slots=True)
class RegionParams(Checked):
    """Which texts beside the sheet are cut out and read (`ocr.recognition.regions`).

    Attributes
    ----------
    around : float
        Room left around a text, as a share of its height.
    highest : int
        Rows that a text is cut out with at most. More is slower.
    narrow : float
        A text that is shorter than so many of its heights is a letter or none: too little to be told from
        none.
    glance : int
        Columns of a strip, at the beginning of a text, that tell whether it is looked at as a whole. More is
        slower.
    against : float
        A longer text must speak for being one there, a shorter one less against it than this, in nats. More
        is slower.
    looks_like : float
        Evidence that what is cut out is text, in nats, above which it is read. More reads less.
    share : float
        Pixels of all texts that are cut out, as a share of those of the picture. More is slower.
    smallest : int
        A picture with fewer pixels than this counts as so many.
    misses, more : int
        So many texts are read though none of them is text, and so many more for each that is. More is slower.
    """

    around: Share = 0.25
    highest: Count = 96
    narrow: Annotated[float, Unit(0, 100, "heights")] = 1.1
    glance: Count = 240
    against: Nats = 2.0
    looks_like: Nats = 1.0
    share: Annotated[float, Unit(0, 10)] = 0.2
    smallest: Annotated[int, Unit(1, 100_000_000, "pixels", whole=True)] = 500_000
    misses: Count = 8
    more: Count = 6


@dataclass(frozen=True, slots=True)
class LetterParams:
    """All geometry of recognition, and which letters are tried.

    Attributes
    ----------
    candidates : CandidateParams
        Where ink is cut and joined.
    placement : PlacementParams
        Where letters stand on their line.
    views : ViewParams
        How a letter that stands alone is looked at.
    ink : InkParams
        What is grown together with a letter.
    marks : MarkParams
        What a mark over a letter is called.
    gaps : GapParams
        Where words end.
    cells : CellParams
        Where letters stand in cells.
    lines : LineParams
        What a whole line is.
    ways : WayParams
        In which other ways a picture is tried.
    spelled : SpelledParams
        Where letters stand that the network for lines alone can tell from what is behind them.
    regions : RegionParams
        Which texts beside the sheet are read.
    grids : GridParams
        What the cells of a grid hold.

    Examples
    --------
    >>> LetterParams(gaps=GapParams(usual=0.7)).gaps.usual
    0.7
    >>> GapParams(usual=-1.0)
    Traceback (most recent call last):
    ValueError: GapParams.usual is -1.0: it must be from 0 to 10 x-heights
    """

    candidates: CandidateParams = field(default_factory=CandidateParams)
    placement: PlacementParams = field(default_factory=PlacementParams)
    views: ViewParams = field(default_factory=ViewParams)
    ink: InkParams = field(default_factory=InkParams)
    marks: MarkParams = field(default_factory=MarkParams)
    gaps: GapParams = field(default_factory=GapParams)
    cells: CellParams = field(default_factory=CellParams)
    lines: LineParams = field(default_factory=LineParams)
    ways: WayParams = field(default_factory=WayParams)
    spelled: SpelledParams = field(default_factory=SpelledParams)
    regions: RegionParams = field(default_factory=RegionParams)
    grids: GridParams = field(default_factory=GridParams)


STANDARD = LetterParams()
