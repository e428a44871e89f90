"""Parameters of letters: their places on the line, candidates, and views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ocr.recognition.units import Count, LetterHeights, Nats, Weight, XHeights
from pipelines.units import Checked, Share, Unit


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
    usual_letters : int
        On an uneven line, deviations are measured in the scatter of its own letters, as if this many letters
        more had the usual one.
    most_scatter : float
        Cap of the scatter of a line, relative to the usual. A higher value trusts the places of such lines
        less.
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
    usual_letters: Count = 6
    most_scatter: Annotated[float, Unit(1, 100)] = 1.5
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
    mark_size : float
        A piece of a stack may be a mark beside the letter, such as an apostrophe, if both of its sides are
        below this.
    mark_reach : float
        Such a mark is taken out of its stack if the line network reads a mark within this distance. A higher
        value takes dots of other letters for marks.
    place_weight : float
        Weight of the place of a glyph on its line, relative to its shape.
    silent : int
        Frames of the line network this far from all ink say nothing. A higher value loses the letters beside
        a wide gap.
    long : int
        A line of at least this many letters of which the line network is unsure was probably cut out badly:
        its evidence counts less.
    unsure : float
        It is unsure where the mean log-probability of its letters is below this, in nats.
    least_trust : float
        The evidence's weight falls with the distance of the mean from `unsure`, but not below this.
    surely_read : float
        A line is read again if that mean is below this, in nats. A higher value is slower.
    """

    settled: Share = 0.98
    sure: Share = 0.5
    widest: LetterHeights = 2.2
    agreed: Share = 0.6
    like_shape: Share = 0.1
    doubted: Nats = 6.0
    inner: Share = 0.25
    unlikely: Nats = 6.0
    mark_size: LetterHeights = 0.6
    mark_reach: LetterHeights = 0.35
    place_weight: Weight = 0.5
    silent: Count = 16
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
