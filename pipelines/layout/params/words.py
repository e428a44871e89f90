"""The numbers that put components together to letters and letters to words, and take them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.layout.params.units import Count, Divisor, Heights, Pixels
from pipelines.units import Checked, Factor, Share, Unit


@dataclass(frozen=True, slots=True)
class Stacks(Checked):
    """Which components of a line stand over each other, as one letter (`pipelines.layout.words`).

    Attributes
    ----------
    pieces : int
        Components that one stack is made of, at most. A letter of a dot matrix has about thirty; more are a
        texture.
    groups : int
        A component is compared with so many stacks to its left. More is slower.
    apart : float
        Two components lie one over the other if they share less than this of the lower one's height. More
        joins letters that lean over each other.
    over : float
        And share more than this of the narrower one's width. Less joins neighbours.
    around : float
        The same, where the ink of one goes round the other.
    broken_off : float
        The same, where one is a small piece that broke off the other.
    between : float
        One goes round the other if its ink is on both sides on one in so many of the other's rows. More joins
        letters such as L and T.
    piece_area : float
        A piece that broke off has at most this share of the other's ink. More joins neighbours.
    broken : float
        And is so close to the other's ink: a share of the other's height. More joins neighbours.
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

    All but `gap`, `slack`, `narrowest` and `widest` are free of units; these are in letter heights.

    Attributes
    ----------
    gap : float
        Half of the white between words: the usual border between two kinds of gaps. More joins words.
    slack : float
        How far from that the border may lie: a standard deviation. More trusts the gaps of the line.
    narrowest, widest : float
        Gaps are taken as no narrower and no wider. What is twice as wide as the second parts columns, and is
        left out if the others are of two kinds. A larger second lets one wide gap move the border.
    gaps : int
        A line of fewer gaps tells nothing of its own.
    alike : float
        The border where a line's gaps are of one kind, or too few, as a share of the usual one. More joins
        words.
    apart : float
        The means of two kinds of gaps differ at least by this share of the usual border. More takes more
        lines' gaps for one kind.
    spread : float
        And by so many standard deviations of the gaps about them.
    lowest, highest : float
        The border is kept between these shares of the usual one. A larger second joins words of wide
        lettering.
    """

    gap: Annotated[float, Unit(0.01, 100, "letter heights")] = 0.5
    slack: Annotated[float, Unit(0.01, 100, "letter heights")] = 0.5
    narrowest: Annotated[float, Unit(-10, 0, "letter heights")] = -0.2
    widest: Heights = 1.5
    gaps: Annotated[int, Unit(2, 1_000, whole=True)] = 4
    alike: Factor = 0.9
    apart: Factor = 0.5
    spread: Factor = 3.5
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
        A mark is at most this share of its letter's height, and of the height of its line's letters. More
        takes upper parts of broken letters for marks.
    widest : float
        And at most so wide. In heights of the line's letters. More takes bars for marks.
    sunk : float
        It may reach so far into its letter, as a share of that one's height. Less overlooks marks that touch
        the letter's height.
    least_area : float
        It has more ink than this, in squares of the height of the line's letters. More overlooks thin dots.
    dot_size : float
        Of two dots that stand beside what they belong to, each is at most so wide and high. In heights of the
        line's letters. More takes letters for dots.
    stem : float
        A letter narrower at its waist than this share of its height, under one dot, is an i or a j. More
        leaves accents on narrow letters.
    widest_letter : float
        What is more times as wide as high, under a dot, is several letters that touch. More takes such for
        one wide letter.
    dot_narrow, dot_wide : float
        A mark is a dot if its width lies between these shares of its height.
    dot_full : float
        And if more than this share of its box is ink. More takes fewer marks for dots.
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
        Width of the narrowest piece that letters are cut into. In letter heights. More leaves an i in its
        neighbour.
    least_width : float
        What is narrower is not cut. In letter heights. More leaves pairs of narrow letters uncut.
    thin : float
        A column that holds no more ink than this may be cut through. In letter heights. More cuts letters in
        two.
    strokes : float
        Or no more than so many widths of a stroke.
    extent : float
        Weight of the height between a column's highest and lowest ink beside its ink. More prefers to cut
        where the outline bends in.
    blur, least_blur : float
        Standard deviation of the blur along the columns, in letter heights, and at least, in pixels. More
        finds fewer places to cut.
    level : float
        A column is as thin as the thinnest near it if it costs no more than this above it, in pixels.
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
        Pieces that one letter is made of, at most. More is slower.
    gap : float
        Pieces of different stacks that are farther apart are not joined. In letter heights. More joins
        neighbours.
    widest, widest_cut : float
        A letter of several stacks is narrower than the first, and one that is cut out of a single stack than
        the second. In letter heights. Less leaves a wide m or w in pieces.
    """

    atoms: Count = 6
    gap: Heights = 0.3
    widest: Heights = 1.7
    widest_cut: Heights = 2.2


@dataclass(frozen=True, slots=True)
class Strips(Checked):
    """How a line is laid into a strip for the line network (`pipelines.layout.strips`).

    The network was trained on strips of these values: others need a network of their own.

    Attributes
    ----------
    body : int
        Rows that all ink but the tips fills. More makes letters larger and cuts off more of the tips.
    tips : float
        Share of the ink that lies above the body, and below it. More makes letters larger.
    narrowest : int
        A strip has at least so many columns.
    halo : int
        Side, in pixels, of the square by which ink is widened, so that its soft edge comes along. More lets
        neighbouring lines in.
    other_sizes : tuple of float
        A line that is not read surely is looked at again in these sizes, as shares of the first one.
    around : float
        What is so near belongs to the surroundings of a line, by which its contrast is told. In heights of
        its ink.
    letters : int
        The slope is measured on about so many letters at most. More is slower.
    apart : float
        On pairs of letters farther apart than this. In letter heights.
    pairs : int
        On at least so many pairs; a line of fewer is taken as level.
    steepest : float
        The slope is no steeper, in rows a column.
    """

    body: Annotated[int, Unit(1, 32, "rows", whole=True)] = 20
    tips: Annotated[float, Unit(0, 0.49)] = 0.02
    narrowest: Count = 8
    halo: Count = 5
    other_sizes: tuple[Factor, ...] = (0.88, 1.12)
    around: Share = 0.4
    letters: Count = 200
    apart: Heights = 3
    pairs: Count = 6
    steepest: Factor = 0.3
