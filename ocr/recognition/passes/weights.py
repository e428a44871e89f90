"""Weights of the passes, in nats: groups of fields of `ocr.recognition.weights.Weights`."""

from __future__ import annotations

from dataclasses import dataclass

from ocr.recognition.units import Count, Weight
from pipelines.units import Checked


@dataclass(frozen=True, slots=True)
class GapWeights(Checked):
    """Weights of evidence about gaps between words, besides their widths.

    Attributes
    ----------
    white_weight : float
        Weight of the line network's log-odds of a gap; 0 or more.
    most_white : float
        Cap of these log-odds, either way, in nats. A lower value keeps wide gaps where the network is
        confident and wrong.
    white_bonus : float
        Added to these log-odds, in nats: the network was trained on many lines of one word, and finds too few
        gaps. A higher value splits more words.
    white_apart : float
        A line has separate letters if the mean log-odds of its narrow gaps are above this, in nats. A higher
        value finds fewer such lines.
    word_weight : float
        Weight of the scores of the words that gaps make; 0 or more. A higher value prefers known words.
    longest_word : int
        Most characters of a word, 1 or more. A higher value is slower.
    undoubted : float
        Gaps with log-odds above this, either way, are decided without words, in nats. A higher value lets
        words decide more gaps.
    unknown_word_penalty : float
        Cost of a word that is in no list, in nats. A higher value leaves fewer unknown words.
    usual_length : int
        An unknown word of more letters costs more: it may be several words. A higher value leaves more of
        these together.
    length_penalty : float
        What it costs more for each letter beyond the usual length, in nats. A higher value splits long
        unknown words.
    most_usual : float
        Cap of the score of a frequent word, in nats. A higher value splits text at short words.
    closed_penalty : float
        Cost of a gap next to a mark that attaches to its word, in nats.
    colon_penalty : float
        Cost of a gap before a colon, which many forms and receipts leave; in nats, 0 or more.
    apart_bonus : float
        Bonus of a gap after a mark that ends a part of a sentence, in nats.
    """

    white_weight: Weight
    most_white: Weight
    white_bonus: Weight
    white_apart: Weight
    word_weight: Weight
    longest_word: Count
    undoubted: Weight
    unknown_word_penalty: Weight
    usual_length: Count
    length_penalty: Weight
    most_usual: Weight
    closed_penalty: Weight
    colon_penalty: Weight
    apart_bonus: Weight


@dataclass(frozen=True, slots=True)
class MarkWeights(Checked):
    """Weights of the shape of a mark over a letter.

    Attributes
    ----------
    most_against : float
        Cap of the evidence of a shape against any accent, in nats. A lower value lets the words decide more
        often.
    unlikely_penalty : float
        Cost of an unlikely shape of an accent: a dot with a hole, a tilde in two parts, a narrow diaeresis in
        one; in nats.
    odd_penalty : float
        Cost of a shape that an accent has only if it is badly drawn, in nats.
    filled_ring_penalty : float
        Cost of a ring without a visible hole, in nats.
    small_ring_penalty : float
        The same for a mark as small and round as a dot.
    slope_weight : float
        For an acute accent, against a grave: nats for a rise by the mark's longer side.
    upright_bonus : float
        For an acute accent if the mark is higher than wide, in nats.
    bulge_weight : float
        For a circumflex, against a caron: nats for a bulge upwards by the mark's longer side.
    wave_weight : float
        For a tilde: nats for a wave as high as the mark's longer side.
    level_weight : float
        Against a tilde: nats for a bulge by the mark's longer side.
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
    """Weights for combining the letters and marks of a word.

    Attributes
    ----------
    spelling_weight : float
        For a spelling that is ten times as frequent, in nats. A higher value prefers frequent spellings over
        the ink.
    unlisted : float
        Assumed frequency of a spelling that is in no word list (Zipf scale). A higher value trusts the ink of
        unknown words more.
    letter_weight : float
        For the log of how frequent a letter is, relative to the same without its accent, in words that are in
        no list. A higher value prefers usual letters over the ink.
    missed_penalty : float
        Cost of a separate accent that was not seen, in nats.
    dust_penalty : float
        Cost of taking a mark over a letter for dust, in nats.
    touching_penalty : float
        Cost of an accent, other than a ring, that touches its letter, in nats.
    crown_weight : float
        Weight of the shape of an accent that touches its letter.
    lookalike_penalty : float
        Cost of replacing a letter by a look-alike, in nats.
    grown_bonus : float
        For a ligature whose ink is connected, or for the letter that a capital inside a small word stands
        for, as B for ß; against them otherwise; in nats.
    """

    spelling_weight: Weight
    unlisted: Weight
    letter_weight: Weight
    missed_penalty: Weight
    dust_penalty: Weight
    touching_penalty: Weight
    crown_weight: Weight
    lookalike_penalty: Weight
    grown_bonus: Weight
