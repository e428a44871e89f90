"""What the passes weigh against what, in nats: groups of fields of `ocr.recognition.weights.Weights`."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.recognition.units import Count, Weight
from pipelines.units import Checked


@dataclass(frozen=True, slots=True)
class GapWeights(Checked):
    """What tells gaps between words from gaps between letters, beside their widths.

    Attributes
    ----------
    white_weight : float
        Weight of what the line network says of a gap; 0 or more.
    most_white : float
        The most of that, either way, in nats. Less keeps wide gaps where the network is surely wrong.
    white_bonus : float
        Added to that, in nats: the network learned from many lines of one word, and finds too few gaps. More
        parts more words.
    white_apart : float
        Letters stand apart on a line whose narrow gaps are white between words by these mean log-odds, in
        nats. More finds fewer such lines.
    word_weight : float
        Weight of how usual the words are that gaps make; 0 or more. More parts and joins known words.
    longest_word : int
        Characters beyond which no longer word is tried, 1 or more. More is slower.
    undoubted : float
        Gaps whose log-odds are beyond this, either way, are as they are, in nats. More lets words decide
        more gaps.
    unknown_word_penalty : float
        What a word costs that is in no list, in nats. More parts and joins text so that fewer are unknown.
    most_usual : float
        The most that a usual word is worth, in nats. More parts text at small words.
    closed_penalty : float
        What a gap costs beside a mark that keeps close to its word, in nats.
    apart_bonus : float
        What a gap gains behind a mark that ends a part of a sentence, in nats.
    """

    white_weight: Weight
    most_white: Weight
    white_bonus: Weight
    white_apart: Weight
    word_weight: Weight
    longest_word: Count
    undoubted: Weight
    unknown_word_penalty: Weight
    most_usual: Weight
    closed_penalty: Weight
    apart_bonus: Weight


@dataclass(frozen=True, slots=True)
class MarkWeights(Checked):
    """What the shape of a mark over a letter says of its name.

    Attributes
    ----------
    most_against : float
        The most that a shape says against any accent, in nats. Less lets the words decide more often.
    unlikely_penalty : float
        What an accent costs that seldom looks so: a dot with a hole, a tilde in two parts, a narrow
        diaeresis in one; in nats.
    odd_penalty : float
        What an accent costs that looks so only if it is badly drawn, in nats.
    filled_ring_penalty : float
        What a ring costs whose hole is not seen, in nats.
    small_ring_penalty : float
        The same of a mark as small and round as a dot.
    slope_weight : float
        For an acute accent, against a grave: nats for a rise of the mark's longer side.
    upright_bonus : float
        For an acute accent if the mark is higher than wide, in nats.
    bulge_weight : float
        For a circumflex, against a caron: nats for a bulge upwards of the mark's longer side.
    wave_weight : float
        For a tilde: nats for a wave of the mark's longer side.
    level_weight : float
        Against a tilde: nats for a bulge of the mark's longer side.
    wide_bonus : float
        For a tilde if the mark is wide, and against one if it is not, in nats.
    """

    most_against: Weight
    unlikely_penalty: Weight
    odd_penalty: Weight
    filled_ring_penalty: Weight
    small_ring_penalty: Weight
    slope_weight: Weight
    upright_bonus: Weight
    bulge_weight: Weight
    wave_weight: Weight
    level_weight: Weight
    wide_bonus: Weight


@dataclass(frozen=True, slots=True)
class AccentWeights(Checked):
    """What is weighed when the letters and marks of a word are put together.

    Attributes
    ----------
    spelling_weight : float
        For a spelling that is ten times as common, in nats. More prefers the common one to what is seen.
    unlisted : float
        How common a spelling counts that is in no word list (Zipf scale). More believes the ink of unknown
        words.
    missed_penalty : float
        What an accent costs that stands apart from its letter and was not seen, in nats.
    dust_penalty : float
        What it costs to take a mark over a letter for dust, in nats.
    touching_penalty : float
        What an accent other than a ring costs that touches its letter, in nats.
    lookalike_penalty : float
        What a letter costs that was taken for another, in nats.
    grown_bonus : float
        For two letters that are grown together if their ink is one, or for the letter that a capital inside a
        small word stands for, as B for ß; against them otherwise; in nats.
    """

    spelling_weight: Weight
    unlisted: Weight
    missed_penalty: Weight
    dust_penalty: Weight
    touching_penalty: Weight
    lookalike_penalty: Weight
    grown_bonus: Weight
