"""Parameters of recognition: places of letters on their line, candidates, blocks, ways, and regions.

The values were chosen by hand on the samples and on development pictures. Weights between sources of evidence
are data next to the models (`ocr.recognition.weights`).
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
    """How the baseline and x-height of a line are fitted, and how much letters deviate from their places.

    Attributes
    ----------
    candidates : int
        Number of likeliest characters of each glyph in the fit. A higher value is slower.
    least_probability : float
        Characters less probable than this are left out of the fit.
    least_certainty : float
        A glyph is used in the fit if the probabilities of its candidates sum to more than this. A higher
        value leaves lines of unclear letters without a ruling.
    rounds : int
        Iterations of expectation maximisation.
    lookalike_share : float
        In the second start of the fit, each glyph is the lowest of all characters with at least this share of
        the probability of the likeliest.
    gain : float
        The second result of the fit is used if its log-likelihood is higher by this, in nats, as one odd
        letter may raise it a little. A higher value keeps the first more often.
    spread : float
        Standard deviation of tops and bottoms across hands and typefaces, in x-heights. A higher value trusts
        places less.
    outlier : float
        Cap of the squared deviation of a glyph in the fit, top and bottom together.
    level_pull : float
        Strength of the prior for a level line, as a weight of least squares.
    size_pull : float
        Strength of the prior for the usual x-height, likewise.
    x_height : float
        The usual x-height, as a share of the height of the line's letters.
    smallest, largest : float
        Bounds of the x-height, as shares of the same.
    most_deviation : float
        Cap of the deviation of a character from its place, in standard deviations. A higher value lets places
        outweigh shapes.
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
    """Which stacks of ink are cut and joined, and which of the resulting runs are classified.

    Attributes
    ----------
    settled : float
        A stack that is one of three characters with more than this probability is neither cut nor joined. A
        higher value is slower.
    sure : float
        The likeliest of the three must be more probable than this.
    widest : float
        A stack that is wider than this may always be several letters.
    agreed : float
        A stack is not cut if the line network reads one letter or digit there, with more than this
        probability, that agrees with its shape. A higher value is slower.
    like_shape : float
        A character agrees with a shape if it is more probable than this.
    doubted : float
        A settled stack may still be joined if the line network gives each of its likely characters a
        log-probability below this, in nats. A higher value is faster.
    inner : float
        A border at least this share of a stack's width away from both of its ends is inside of it.
    unlikely : float
        A run is classified only if, for the line network, the best path through it is at most this much worse
        than the best path of its word, in nats. A higher value is slower.
    place_weight : float
        Weight of the place of a glyph on its line, relative to its shape.
    long : int
        A line of at least this many letters of which the line network is unsure was probably cut out badly:
        its evidence counts less.
    unsure : float
        It is unsure where the mean log-probability of its letters is below this, in nats.
    least_trust : float
        The evidence's weight falls with the distance of the mean from `unsure`, but not below this.
    surely_read : float
        A line is read again at other sizes if that mean is below this, in nats. A higher value is slower.
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
    """Views of a letter that stands alone. Its probabilities are the means over all views.

    Attributes
    ----------
    turn : float
        Rotation either way, in degrees. A higher value tolerates rotated letters, and confuses those that
        rotation makes alike.
    slant : float
        Shear either way, in columns per row.
    """

    turn: Annotated[float, Unit(0, 45, "degrees")] = 6.0
    slant: Share = 0.1


@dataclass(frozen=True, slots=True)
class BlockParams(Checked):
    """Paragraphs, headings and tables (`ocr.recognition.blocks`).

    Lengths are in heights of capitals, of the lines in question.

    Attributes
    ----------
    usual : float
        The usual pitch of lines is this percentile of the page's pitches; likewise for the margin of a
        paragraph and the usual white between words. A higher value joins paragraphs on pages of very short
        ones.
    loosest : float
        Largest usual pitch. A higher value joins lines that are far apart.
    step : float
        A line begins a block if its distance from the line before is more than this many times the usual
        pitch. A higher value joins paragraphs.
    higher : float
        Letters that are higher or lower by this factor begin a block, and letters higher than the page's
        usual ones by this factor are a heading. A higher value finds fewer headings.
    heading_lines, heading_letters : int
        Most lines and least letters of a heading.
    levels : float
        Headings of one level differ in height by less than this factor.
    indent : float
        A line that begins this far right of the margin is indented. A higher value joins paragraphs.
    room : float
        A line ends short if the room after it exceeds the width of the next line's first word by this.
    margin : float
        Lines have a margin if at least this share of them begins there. A higher value takes more text for
        centred.
    spaces : float
        White that is this many times as wide as the page's usual white between words separates the cells of a
        row. A higher value finds fewer tables.
    gap, widest_gap : float
        Bounds of that width.
    gutter : float
        Next to rows with such gaps, white of this share of the width separates cells, too. A higher value
        finds shorter tables.
    clear : float
        Least median of a table's gaps between cells. A higher value takes fewer wide spaces for gaps.
    level : float
        Largest vertical distance of the baselines of lines in one row.
    gaps : int
        Least number of gaps between cells in a table, over all rows. A higher value finds fewer tables.
    row_pitch : float
        Largest pitch of its rows. A higher value finds longer tables.
    between : int
        Most rows of one cell between two rows of several.
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
    """When a picture is read in other ways, and which way is preferred (`ocr.recognition.ways`).

    Attributes
    ----------
    like_letters : float
        A picture whose reading has a likeness to letters below this is read in other ways. A higher value is
        slower.
    filled : float
        So is a line, a word or a letter in which text fills less than this share of the width.
    liker : float
        For a letter that stands alone, the likeness of another way must be higher by this.
    unlike_letters : float
        A reading with a likeness to letters below this is not text. A higher value reads less.
    unsure : float
        Mean log-probability, in nats, above which the letters of a line or a word are evidence for a way. It
        is lower than for pages, as there certainly is text.
    more, more_each : float
        Another way is preferred if it has this much more evidence, in nats: `more`, plus `more_each` for each
        letter.
    surely, few : float, int
        A region is not read in other ways if at least `few` letters have a mean log-probability above
        `surely`, in nats.
    hopeless : float
        Nor is one with at least this much evidence against text, in nats. A higher value is slower.
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
    """How letters are located that only the line network can distinguish from their background.

    Attributes
    ----------
    rows : tuple of float
        Rows of a strip that the height of a picture of one line is scaled to, tried one after another. More
        values are slower.
    region_rows : tuple of float
        The same for a region with room around it.
    reach : float
        Extent of the first and the last letter of a line from their middles, in distances between letters.
    alone : float
        The distance between letters that is assumed for a single one, in frames.
    moved : float
        A border between letters is moved to the column with the least ink, by at most this share of a
        letter's width.
    line : float
        Share of a strip's rows in which most of a letter's ink lies.
    height, most : int, float
        A picture is enlarged until a strip's height is `height` pixels, but at most `most` times.
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
    """Which regions outside of the sheet are cut out and read (`ocr.recognition.regions`).

    Attributes
    ----------
    around : float
        Room left around a region, as a share of its height.
    highest : int
        Most rows of a cut-out region. A higher value is slower.
    narrow : float
        A region shorter than this many of its heights is a single letter or no text: there is too little
        evidence.
    glance : int
        Columns of a strip, from the beginning of a region, that are read first to decide whether to read the
        rest. A higher value is slower.
    against : float
        That beginning of a longer region must have evidence for text; a shorter region less evidence against
        it than this, in nats. A higher value is slower.
    looks_like : float
        Least evidence, in nats, that a region is text, for it to be read. A higher value reads less.
    share : float
        Most pixels of all cut-out regions, as a share of the picture's. A higher value is slower.
    smallest : int
        A picture with fewer pixels than this counts as having this many.
    misses, more : int
        Most regions that are read although none is text, and how many more for each that is text. A higher
        value is slower.
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
    """All parameters of recognition.

    Attributes
    ----------
    candidates : CandidateParams
        Which ink is cut and joined.
    placement : PlacementParams
        Places of letters on their line.
    views : ViewParams
        Views of a letter that stands alone.
    ink : InkParams
        Ink of letters that are joined to a mark or another letter.
    marks : MarkParams
        Names of marks over letters.
    gaps : GapParams
        Gaps between words.
    cells : CellParams
        Letters in cells of forms.
    lines : LineParams
        Lines in capitals, rows of characters and rules.
    ways : WayParams
        Other ways to read a picture.
    spelled : SpelledParams
        Letters that only the line network can distinguish from their background.
    regions : RegionParams
        Regions outside of the sheet.
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
