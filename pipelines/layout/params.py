"""The numbers of layout that decide a reading, in one place."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class LayoutParams:
    """What is a letter, what stands together, and where letters that touch are cut.

    Lengths are shares of the height of ordinary letters, so that none depends on the size of a picture. A
    pipeline brings its own (`pipelines.pipeline.Pipeline.layout`), and its sheets carry them. The values were
    chosen by hand on the samples and on development pictures.

    Attributes
    ----------
    speck : float
        A component that is smaller than this, the longer way, is a speck. More leaves out dots and commas.
    speck_area : float
        Or one of less ink than this, in squares of the letter height.
    tallest, widest : float
        A component that is higher or wider is a rule, a frame or a drawing. Less leaves out large initials
        and words that are written in one stroke.
    broken : float
        A small piece within a letter's box, and so close to its ink, broke off it. More joins neighbours.
    word_gap : float
        Half of the white between words. More joins words.
    word_slack : float
        How far from that the border between two kinds of gaps may lie: a standard deviation.
    least_piece : float
        Width of the narrowest piece that touching letters are cut into. More leaves an i in its neighbour.
    thin : float
        A column that holds no more ink than this may be cut through. More cuts letters in two.
    joined_gap : float
        Pieces that are farther apart are not joined to one letter.

    Examples
    --------
    >>> LayoutParams(word_gap=0.7).word_gap
    0.7
    >>> LayoutParams(speck=-1.0)
    Traceback (most recent call last):
    ValueError: speck is -1.0: it must be from 0 to 100 letter heights
    """

    speck: float = 0.1
    speck_area: float = 0.006
    tallest: float = 4.5
    widest: float = 30.0
    broken: float = 0.06
    word_gap: float = 0.5
    word_slack: float = 0.5
    least_piece: float = 0.08
    thin: float = 0.35
    joined_gap: float = 0.3

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not 0 <= value <= 100:
                raise ValueError(f"{field.name} is {value}: it must be from 0 to 100 letter heights")


STANDARD = LayoutParams()
