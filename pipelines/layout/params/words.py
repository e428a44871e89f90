"""Parameters that join components to letters and letters to words, and that cut letters apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Divisor, Heights, Pixels
from pipelines.units import Checked, Factor, Share, Unit


@dataclass(frozen=True, slots=True)
class Stacks(Checked):
    """Which components of a line are stacked as one letter (`pipelines.layout.words`).

    Attributes
    ----------
    pieces : int
        Most components of one stack. A dot-matrix letter has about thirty; more are a texture.
    groups : int
        A component is compared with this many stacks to its left. A higher value is slower.
    apart : float
        Two components are stacked if their vertical overlap is less than this share of the lower one's
        height. A higher value joins letters that lean over each other.
    over : float
        And if their horizontal overlap is more than this share of the narrower one's width. A lower value
        joins neighbours.
    around : float
        The same, where the ink of one surrounds the other.
    broken_off : float
        The same, where one is a small piece that broke off the other.
    between : float
        One surrounds the other if its ink is on both sides in at least one of this many of the other's rows.
        A higher value joins letters such as L and T.
    piece_area : float
        A piece that broke off has at most this share of the other's ink. A higher value joins neighbours.
    broken : float
        Its largest distance from the other's ink, as a share of the other's height. A higher value joins
        neighbours.
    """

    pieces: Count = 40
    groups: Count = 3
    apart: Share = 0.3
    over: Share = 0.5
    around: Share = 0.7
    broken_off: Share = 0.9
    between: Divisor = 3
    piece_area: Share = 0.25
    broken: Share = 0.06


@dataclass(frozen=True, slots=True)
class Words(Checked):
    """Where a line is split into words (`pipelines.layout.words.word_gap`).

    `gap`, `slack`, `narrowest` and `widest` are in letter heights; the others have no unit.

    Attributes
    ----------
    gap : float
        The usual threshold between the two kinds of gaps: half of the white between words. A higher value
        joins words.
    slack : float
        Standard deviation of a line's threshold about the usual one. A higher value trusts the gaps of the
        line more.
    narrowest, widest : float
        Gaps are clipped to this range. Gaps twice as wide as `widest` separate columns, and are left out if
        the others are of two kinds. A larger `widest` lets one wide gap move the threshold.
    gaps : int
        A line of fewer gaps uses the usual threshold.
    alike : float
        The threshold where a line's gaps are of one kind, or too few, as a share of the usual one. A higher
        value joins words.
    apart : float
        Least difference of the means of two kinds of gaps, as a share of the usual threshold. A higher value
        takes more lines' gaps for one kind.
    spread : float
        The same in standard deviations of the gaps about their means.
    few, far : int and float
        Where at most so many gaps, all wider than this many times the usual threshold, are above it, it is
        searched for among the others as well.
    lowest, highest : float
        Bounds of the threshold, as shares of the usual one. A larger `highest` joins words of widely spaced
        letters.
    """

    gap: Annotated[float, Unit(0.01, 100, "letter heights")] = 0.5
    slack: Annotated[float, Unit(0.01, 100, "letter heights")] = 0.5
    narrowest: Annotated[float, Unit(-10, 0, "letter heights")] = -0.2
    widest: Heights = 1.5
    gaps: Annotated[int, Unit(2, 1_000, whole=True)] = 4
    alike: Factor = 0.9
    apart: Factor = 0.5
    spread: Factor = 3.5
    few: Count = 2
    far: Factor = 1.8
    lowest: Factor = 0.3
    highest: Factor = 1.8

    def __post_init__(self) -> None:
        Checked.__post_init__(self)
        if self.lowest > self.highest:
            raise ValueError(f"Words.lowest is {self.lowest}: it must not be above highest, {self.highest}")


@dataclass(frozen=True, slots=True)
class Marks(Checked):
    """Which ink over a letter is an accent or a dot (`pipelines.layout.marks`).

    Attributes
    ----------
    tallest : float
        Largest height of a mark, as a share of its letter's height and of the line's letters. A higher value
        takes upper parts of broken letters for marks.
    widest : float
        Largest width of a mark. In heights of the line's letters. A higher value takes bars for marks.
    sunk : float
        Largest vertical overlap with its letter, as a share of the letter's height. A lower value overlooks
        marks that overlap their letter.
    least_area : float
        Least ink of a mark, in squares of the height of the line's letters. A higher value overlooks thin
        dots.
    dot_size : float
        Largest width and height of each of two dots over the sides of a letter. In heights of the line's
        letters. A higher value takes letters for dots.
    stem : float
        A letter narrower at its waist than this share of its height, under one dot, is an i or a j. A higher
        value leaves accents on narrow letters.
    widest_letter : float
        Ink under a dot that is more than this many times as wide as high is several touching letters. A
        higher value takes them for one wide letter.
    dot_narrow, dot_wide : float
        A mark is a dot if its width lies between these shares of its height.
    dot_full : float
        Least share of ink in the box of a dot. A higher value takes fewer marks for dots.
    """

    tallest: Share = 0.62
    widest: Heights = 0.9
    sunk: Share = 0.15
    least_area: Share = 0.01
    dot_size: Heights = 0.4
    stem: Heights = 0.4
    widest_letter: Factor = 1.3
    dot_narrow: Factor = 0.5
    dot_wide: Factor = 1.8
    dot_full: Share = 0.6


@dataclass(frozen=True, slots=True)
class Cuts(Checked):
    """Where letters that touch may be cut apart (`pipelines.layout.segment.cut_columns`).

    Attributes
    ----------
    least_piece : float
        Least width of a piece. In letter heights. A higher value leaves an i in its neighbour.
    least_width : float
        Narrower stacks are not cut. In letter heights. A higher value leaves pairs of narrow letters uncut.
    thin : float
        A cut goes through at most this much ink. In letter heights. A higher value cuts letters in two.
    strokes : float
        The same in stroke widths; the larger of the two counts.
    extent : float
        Weight of the distance between a column's highest and lowest ink, relative to its ink. A higher value
        prefers cuts where the outline bends inwards.
    blur, least_blur : float
        Standard deviation of the blur along the columns, in letter heights, and at least, in pixels. A higher
        value finds fewer places to cut.
    level : float
        A column counts as thin as the thinnest near it if its cost is at most this much higher, in pixels.
    """

    least_piece: Heights = 0.08
    least_width: Heights = 0.4
    thin: Heights = 0.35
    strokes: Factor = 2.6
    extent: Factor = 0.35
    blur: Heights = 0.04
    least_blur: Annotated[float, Unit(0.1, 100, "pixels")] = 0.6
    level: Pixels = 1e-3


@dataclass(frozen=True, slots=True)
class Runs(Checked):
    """Which neighbouring pieces may be one letter (`pipelines.layout.segment.find_runs`).

    Attributes
    ----------
    atoms : int
        Most atoms of one letter, unless it is whole stacks. A higher value is slower.
    gap : float
        Largest gap between atoms of different stacks in one run. In letter heights. A higher value joins
        neighbours.
    widest, widest_cut : float
        Largest width of a run of several stacks, and of a run within a single stack. In letter heights. A
        lower value leaves a wide m or w in pieces.
    """

    atoms: Count = 6
    gap: Heights = 0.3
    widest: Heights = 1.7
    widest_cut: Heights = 2.2


@dataclass(frozen=True, slots=True)
class Strips(Checked):
    """How a line is scaled to a strip for the line network (`pipelines.layout.strips`).

    The line network was trained on strips with these values: other values need another network.

    Attributes
    ----------
    body : int
        Rows that all ink except the tips fills. A higher value makes letters larger and cuts off more of the
        tips.
    tips : float
        Share of the ink that lies above the body, and below it. A higher value makes letters larger.
    narrowest : int
        Least number of columns of a strip.
    halo : int
        Side, in pixels, of the square by which ink is dilated, so that its soft edge is included. A higher
        value lets neighbouring lines in.
    other_size : float
        A short line that is read with little confidence is read again in this size, as a share of the first
        one.
    short : int
        Most stacks of a short line. A higher value is slower.
    around : float
        Width of the surroundings against which the contrast of a line is measured. In heights of its ink.
    letters : int
        The slope is measured on about this many letters at most. A higher value is slower.
    apart : float
        Least distance of the letters of such a pair. In letter heights.
    pairs : int
        Least number of pairs; a line with fewer is taken as level.
    steepest : float
        Largest slope, in rows per column.
    """

    body: Annotated[int, Unit(1, 32, "rows", whole=True)] = 20
    tips: Annotated[float, Unit(0, 0.49)] = 0.02
    narrowest: Count = 8
    halo: Count = 5
    other_size: Factor = 0.88
    short: Count = 16
    around: Share = 0.4
    letters: Count = 200
    apart: Heights = 3
    pairs: Count = 6
    steepest: Factor = 0.3
