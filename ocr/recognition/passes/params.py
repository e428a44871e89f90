"""Geometry that the passes judge a decoded page by: letters on their line, marks over them, gaps, rows.

The values were chosen by hand on the samples and on development pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ocr.recognition.units import Count, Nats, Step, XHeights
from pipelines.units import Checked, Percentile, Share, Unit


@dataclass(frozen=True, slots=True)
class Threshold(Checked):
    """A value that is likely exceeded by what has something, and by nothing else.

    Attributes
    ----------
    at : float
        Where both are as likely. More needs clearer ink.
    spread : float
        Each such step beyond it makes it e times as likely. More trusts the measurement less. In the same
        unit, above 0.

    Examples
    --------
    >>> Threshold(at=0.5, spread=0.25).log_odds(1.0)
    2.0
    """

    at: Annotated[float, Unit(0, 10)]
    spread: Annotated[float, Unit(1e-9, 10)]

    def log_odds(self, value: float) -> float:
        """Return the log-odds that a measured value tells of it."""
        return (value - self.at) / self.spread


@dataclass(frozen=True, slots=True)
class InkParams(Checked):
    """What a letter looks like that has a mark, a stroke or another letter grown together with it.

    Lengths are in x-heights, from the baseline of the letter's line.

    Attributes
    ----------
    tail : Threshold
        How far below the baseline a cedilla or an ogonek reaches.
    crown : Threshold
        How far an accent reaches above the letter that it touches.
    wide : Threshold
        How wide two letters are that are grown together, such as œ.
    slash : Threshold
        The share of ink in the middle of a bowl with a stroke through it, such as ø.
    bar : Threshold
        The widest row of a stem with a stroke through it, such as ł, beside its narrow rows.
    narrow : float
        The quantile of a stem's rows that tells how wide it is without the stroke; a share.
    capital : float
        How high capitals are. More sees fewer accents on them.
    stem_top, stem_bottom : float
        Where a stroke through a stem lies, as shares of the stem's height from its top.
    bowl_edge, bowl_size : float
        Where the middle of a bowl begins, and how large it is, as shares of the bowl's width and height.
    most : float
        No measurement says more than this either way, in nats. Less lets the words decide more often.
    """

    tail: Threshold = Threshold(0.18, 0.05)
    crown: Threshold = Threshold(0.24, 0.06)
    wide: Threshold = Threshold(1.25, 0.08)
    slash: Threshold = Threshold(0.3, 0.08)
    bar: Threshold = Threshold(1.3, 0.1)
    narrow: Share = 0.3
    capital: XHeights = 1.42
    stem_top: Share = 0.25
    stem_bottom: Share = 0.75
    bowl_edge: Share = 0.38
    bowl_size: Share = 0.24
    most: Nats = 4.0

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        self.require("stem_bottom", self.stem_bottom > self.stem_top, "below stem_top")
        self.require("bowl_size", self.bowl_edge + self.bowl_size <= 1, "within the bowl")


@dataclass(frozen=True, slots=True)
class MarkParams(Checked):
    """How the shapes of marks over letters are told apart. Lengths are shares of a mark's longer side.

    Attributes
    ----------
    steep : Threshold
        How far what might be a dot rises or falls from left to right if it is an acute or a grave accent.
    bent : Threshold
        How far it bulges upwards if it is a circumflex.
    wide : float
        A mark this many times as wide as high is rather a tilde, or a diaeresis whose dots touch.
    smoothing : float
        Ridge penalty of the curve through the ink, for each pixel; it keeps a mark of one column finite.
    """

    steep: Threshold = Threshold(0.17, 0.04)
    bent: Threshold = Threshold(0.13, 0.03)
    wide: Annotated[float, Unit(0, 100)] = 2.0
    smoothing: Annotated[float, Unit(1e-9, 1)] = 1e-3


@dataclass(frozen=True, slots=True)
class GapParams(Checked):
    """How wide the white between letters and between words is. Lengths are in x-heights of the line.

    Attributes
    ----------
    usual : float
        Half of the white between words, less the bearings of the letters beside it. More joins words.
    slack : float
        How far from that the border between narrow and wide gaps may lie: a standard deviation. More follows
        the line's own gaps, less what is usual.
    step : float
        Each such step beyond the border makes a gap e times as likely one between words. More leaves more to
        the line network and to the words.
    apart : float
        Letters may stand apart on a line whose narrowest gap is wider than this. More finds fewer such
        lines.
    x_height : float
        The x-height of a line of which too little tells, as a share of the height of its letters.
    row : int
        So many gaps, at least, whose letters stand apart evenly, are judged together.
    uneven : float
        They are even if none is this many times as wide as the median. More takes more lines for even.
    mostly : float
        And if more than this share of them is wider than `apart`. More takes fewer lines for even.
    row_gap : float
        Gaps of such a row that are this wide on average part words as likely as not, in x-heights: then each
        letter is a word. More joins wider rows to one word.
    row_step : float
        What they must exceed that by, in x-heights, to be e times as likely to part words.
    """

    usual: XHeights = 0.6
    slack: XHeights = 0.8
    step: Step = 0.1
    apart: XHeights = 0.3
    x_height: Annotated[float, Unit(0.1, 1, "letter heights")] = 0.75
    row: Count = 3
    uneven: Annotated[float, Unit(1, 100)] = 2.0
    mostly: Share = 0.7
    row_gap: XHeights = 0.9
    row_step: Step = 0.15


@dataclass(frozen=True, slots=True)
class CellParams(Checked):
    """Which lines are letters in cells, such as those of a form (`ocr.recognition.passes.cells`).

    Attributes
    ----------
    letters : int
        Letters that such a line has at least.
    walls : float
        Walls stand in at least this share of the gaps between them. More finds fewer such lines.
    rows : float
        A wall is dark in all rows of a gap but for this percentile of them.
    contrast : float
        And darker than the paper on both sides of it by more than this. Less takes noise for walls.
    narrowest : int
        A gap narrower than this shows no wall.
    widest : float
        Letters are no farther apart than so many of their heights: wider cells are those of tables.
    empty : float
        A gap holds an empty cell if the letters beside it are so many times as far apart as is usual. Less
        finds more words.
    """

    letters: Count = 3
    walls: Share = 0.6
    rows: Percentile = 75
    contrast: Annotated[float, Unit(0, 255, "levels of grey")] = 7.0
    narrowest: Count = 3
    widest: Annotated[float, Unit(0, 100, "letter heights")] = 2.6
    empty: Annotated[float, Unit(1, 10)] = 1.6


@dataclass(frozen=True, slots=True)
class LineParams(Checked):
    """What tells of a whole line that it is in capitals, a row of characters, a rule or text.

    Attributes
    ----------
    capitals : float
        A line is in capitals if more than this share of the letters inside its words are. More takes fewer
        lines for such.
    letters : int
        Letters inside words that a line needs for that.
    row : int
        Words of one character that a line needs to be a row of characters.
    row_share : float
        Such words are at least this share of its words. More takes fewer lines for rows.
    rule : int
        A line of so many dashes and dots, and of nothing else, is a ruled line. More reads short rules.
    widest : float
        No letter counts as more text than a letter that is this many times as wide as high. More prefers
        readings that take wide blots for letters.
    """

    capitals: Share = 0.3
    letters: Count = 4
    row: Count = 5
    row_share: Share = 0.8
    rule: Count = 4
    widest: Annotated[float, Unit(0, 100, "heights")] = 1.2
