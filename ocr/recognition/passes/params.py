"""Parameters of the passes: joined marks, names of marks, gaps, cells and lines.

The values were chosen by hand on the samples and on development pictures, those of gaps on lines with known
text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ocr.recognition.units import Count, Nats, Step, XHeights
from pipelines.units import Checked, Percentile, Share, Unit


@dataclass(frozen=True, slots=True)
class Threshold(Checked):
    """A soft threshold: values above it are evidence for a feature, values below it against.

    Attributes
    ----------
    at : float
        Where both are equally likely. A higher value needs clearer ink.
    spread : float
        Each such step above `at` adds 1 to the log-odds. A higher value trusts the measurement less. In the
        same unit, above 0.

    Examples
    --------
    >>> Threshold(at=0.5, spread=0.25).log_odds(1.0)
    2.0
    """

    at: Annotated[float, Unit(0, 10)]
    spread: Annotated[float, Unit(1e-9, 10)]

    def log_odds(self, value: float) -> float:
        """Return the log-odds of the feature for a measured value."""
        return (value - self.at) / self.spread


@dataclass(frozen=True, slots=True)
class InkParams(Checked):
    """Shapes of letters that are joined to a mark, a stroke or another letter.

    Lengths are in x-heights, from the baseline of the letter's line.

    Attributes
    ----------
    tail : Threshold
        How far below the baseline a cedilla or an ogonek reaches.
    crown : Threshold
        How far an accent reaches above the letter that it touches.
    wide : Threshold
        How wide a ligature of two letters is, such as œ.
    slash : Threshold
        The share of ink in the middle of a bowl with a stroke through it, such as ø.
    bar : Threshold
        The widest row of a stem with a stroke through it, such as ł, relative to its narrow rows.
    narrow : float
        The quantile of the widths of a stem's rows that is its width without the stroke; a share.
    capital : float
        How high capitals are. A higher value sees fewer accents on them.
    stem_top, stem_bottom : float
        Where a stroke through a stem lies, as shares of the stem's height from its top.
    bowl_edge, bowl_size : float
        Where the middle of a bowl begins, and how large it is, as shares of the bowl's width and height.
    most : float
        Cap of the log-odds of any measurement, in nats. A lower value lets the words decide more often.
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
    """Shapes of marks over letters. Lengths are shares of a mark's longer side.

    Attributes
    ----------
    steep : Threshold
        How far an acute or grave accent, as opposed to a dot, rises or falls from left to right.
    bent : Threshold
        How far a circumflex, as opposed to a dot, bulges upwards.
    wide : float
        A mark more than this many times as wide as high is more likely a tilde, or a diaeresis whose dots
        touch.
    smoothing : float
        Ridge penalty per pixel of the curve fitted to the ink; it keeps the fit finite for a mark of one
        column.
    """

    steep: Threshold = Threshold(0.17, 0.04)
    bent: Threshold = Threshold(0.13, 0.03)
    wide: Annotated[float, Unit(0, 100)] = 2.0
    smoothing: Annotated[float, Unit(1e-9, 1)] = 1e-3


@dataclass(frozen=True, slots=True)
class GapParams(Checked):
    """Widths of gaps between letters and between words. Lengths are in x-heights of the line.

    Attributes
    ----------
    usual : float
        Half of the white between words, less the bearings of the letters on both sides. A higher value joins
        words.
    slack : float
        Standard deviation of the threshold between narrow and wide gaps about the usual one. A higher value
        follows the line's own gaps more.
    lines : int
        Where so many lines of a page have a threshold of their own, its median is the usual one of that page.
        A higher value leaves more pages to the usual one of all.
    step : float
        Each such step above the threshold adds 1 to the log-odds of a gap between words. A higher value
        leaves more to the line network and to the words.
    apart : float
        A line may have separate letters if its narrowest gap is wider than this. A higher value finds fewer
        such lines.
    x_height : float
        The x-height of a line without a ruling, as a share of the height of its letters.
    row : int
        Least number of gaps of evenly spaced letters that are decided together.
    uneven : float
        Gaps are even if none is wider than this many times their median. A higher value takes more lines for
        even.
    mostly : float
        Least share of them that is wider than `apart`. A higher value takes fewer lines for even.
    row_gap : float
        Mean width, in x-heights, at which the gaps of such a row are between words with probability 1/2; then
        each letter is a word. A higher value joins wider rows to one word.
    row_step : float
        Each such step above that, in x-heights, adds 1 to the log-odds.
    pitches : int
        Least number of gaps between adjacent digits at which digits are at one pitch.
    off_pitch : float
        Largest deviation of the distance of two adjacent digits from the usual one, as a share of it. A
        higher value joins more digits.
    dense : float
        Largest distance of such digits, in their heights. A higher value joins digits that are farther apart.
    """

    usual: XHeights = 0.6
    slack: XHeights = 1.6
    lines: Count = 3
    step: Step = 0.13
    apart: XHeights = 0.3
    x_height: Annotated[float, Unit(0.1, 1, "letter heights")] = 0.75
    row: Count = 3
    uneven: Annotated[float, Unit(1, 100)] = 3.0
    mostly: Share = 0.7
    row_gap: XHeights = 1.0
    row_step: Step = 0.15
    pitches: Count = 3
    off_pitch: Share = 0.12
    dense: Annotated[float, Unit(0, 10)] = 1.0


@dataclass(frozen=True, slots=True)
class ExampleParams(Checked):
    """Letters of known words as examples of how a page's letters look (`ocr.recognition.passes.examples`).

    Attributes
    ----------
    letters : int
        Least length of a word whose letters are examples. A higher value takes fewer, which are surer.
    fewest : int
        Least number of examples. A higher value leaves more pages as the networks see them.
    most : int
        Most examples of one character. A higher value is slower.
    spread : float
        The likeness of a run to an example falls to 1/e with each such step of their cosine below 1. A higher
        value lets examples count that look less alike.
    own : float
        How many examples, one of each character, the networks' own probabilities weigh. A higher value trusts
        the examples less.
    doubtful : float
        A letter is doubtful if examples make its lead over the next likely one smaller, and smaller than
        this, in nats. A higher value decodes more words again.
    lowest : float
        Log-probabilities below minus this do not count in the comparison, in nats.
    blur : float
        Standard deviation of the blur of the pictures that are compared. A higher value takes more for alike.
    """

    letters: Count = 3
    fewest: Count = 10
    most: Count = 30
    spread: Annotated[float, Unit(1e-3, 10)] = 0.1
    own: Annotated[float, Unit(1e-6, 1e6, "examples")] = 2.0
    doubtful: Nats = 8.0
    lowest: Annotated[float, Unit(0.1, 100, "nats")] = 9.0
    blur: Annotated[float, Unit(0.1, 28, "pixels")] = 1.5


@dataclass(frozen=True, slots=True)
class CellParams(Checked):
    """Lines of letters in the cells of a form (`ocr.recognition.passes.cells`).

    Attributes
    ----------
    letters : int
        Least number of letters of such a line.
    walls : float
        Least share of the gaps that have a wall. A higher value finds fewer such lines.
    beyond : float
        Where only a part of a line is in cells, their walls reach beyond the letters by this share of their
        height. A lower value takes ink between typed letters for walls.
    uneven : float
        The letters in them are at multiples of their usual distance, within this share of it. A higher value
        takes words of few letters for cells.
    rows : float
        Percentile of a gap's rows that need not be dark in a wall.
    contrast : float
        Least contrast of a wall with the paper on both sides. A lower value takes noise for walls.
    narrowest : int
        A gap narrower than this cannot show a wall.
    widest : float
        Largest distance of letters in heights of letters: wider cells are those of tables.
    empty : float
        A gap contains an empty cell if its letters are this many times as far apart as usual. A lower value
        finds more words.
    """

    letters: Count = 3
    walls: Share = 0.6
    beyond: Share = 0.25
    uneven: Share = 0.22
    rows: Percentile = 75
    contrast: Annotated[float, Unit(0, 255, "levels of grey")] = 7.0
    narrowest: Count = 3
    widest: Annotated[float, Unit(0, 100, "letter heights")] = 2.6
    empty: Annotated[float, Unit(1, 10)] = 1.6


@dataclass(frozen=True, slots=True)
class LineParams(Checked):
    """Lines in capitals, rows of characters, rules, and text.

    Attributes
    ----------
    capitals : float
        A line is in capitals if more than this share of the letters inside its words are. A higher value
        finds fewer such lines.
    letters : int
        Least number of letters inside words for that.
    clearly : float
        A line is in capitals throughout if more than this share of at least `many` letters inside its words
        are. A higher value leaves more small letters among capitals.
    many : int
        Least number of letters inside words for that.
    row : int
        Least number of words of one character in a row of characters.
    row_share : float
        Least share of such words. A higher value finds fewer rows.
    rule : int
        Least number of dashes and dots, without anything else, that are a rule. A higher value reads short
        rules.
    widest : float
        Cap of the width that counts for a letter, as a multiple of its height. A higher value prefers
        readings that take wide blots for letters.
    small_x : float
        An x between digits is a small letter if it is lower than this share of their height.
    """

    capitals: Share = 0.3
    letters: Count = 4
    clearly: Share = 0.75
    many: Count = 12
    row: Count = 5
    row_share: Share = 0.8
    rule: Count = 4
    widest: Annotated[float, Unit(0, 100, "heights")] = 1.2
    small_x: Share = 0.88


@dataclass(frozen=True, slots=True)
class UnreadParams(Checked):
    """What is no letter on a picture of one line (`ocr.recognition.passes.unread`).

    Attributes
    ----------
    letters : int
        It is sought only on lines with more characters than this. A higher value drops less.
    unsure : float
        And on lines whose characters have a median log-probability above minus this by the line network, in
        nats. A lower value drops less.
    most : int
        Most ends that are dropped on each side.
    high : float
        Least height of an end that may be dropped, as a share of the median height of the line's characters.
    end_price : float
        Cost of dropping an end, in nats. A higher value drops less.
    capital : float
        How high strokes are that are letters or digits, such as I and 1.
    off : float
        A stroke whose ends are not where those of such a letter are, by at least this, may be dropped. A
        higher value drops less.
    low : float
        A capital or digit within a line may be dropped if it is lower than this share of the same.
    low_price : float
        Cost of dropping that, in nats. A higher value drops less.
    """

    letters: Count = 4
    unsure: Nats = 1.0
    most: Count = 2
    high: Share = 0.5
    end_price: Nats = 4.0
    capital: XHeights = 1.42
    off: XHeights = 0.2
    low: Share = 0.6
    low_price: Nats = 2.0
