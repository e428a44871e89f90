"""Parameters of paragraphs, headings and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ocr.recognition.units import Count, LetterHeights
from pipelines.units import Checked, Percentile, Share, Unit


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
