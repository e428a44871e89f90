"""Which gaps of a line are between words, by all evidence together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.languages.orthography import alphabetic
from ocr.recognition.language import Language
from ocr.recognition.passes.weights import GapWeights
from ocr.recognition.weights import Weights
from pipelines.median import median

TEN = float(np.log(10))
BILLION = 9.0
"""Zipf value of a word that makes up all text: log10 of its count per billion words."""

CLOSING, ENDING, OPENING = frozenset(",.;!?)"), frozenset(",;:!?)"), frozenset("(")
"""Marks that attach to what is before them (a colon mostly does), are followed by a space, and attach to
what follows."""
WORD_END = frozenset('%)"')
"""Marks that may follow the end of a sentence."""
COUNTING, MOST_DIGITS = frozenset(".)"), 2
"""Marks after the number of a list item, at the beginning of a line, and its largest number of digits."""
ADDRESSES = ("@", "www.", "://", ":/l")
"""Parts of mail and web addresses, and their usual misreadings."""
INSIDE = frozenset(".,:")
"""Marks that stand between the digits of an amount or a time."""
BETWEEN, DOUBTFUL = frozenset("&=/"), 2.0
"""Signs that have white on both sides or on none, and the log-odds against a gap that is doubtful."""


def choose_gaps(
    text: Sequence[str], odds: npt.NDArray[np.float64], language: Language | None, weights: Weights
) -> npt.NDArray[np.bool_]:
    """Return which gaps between the characters of a line are between words, bool (N - 1,).

    The most probable segmentation is returned: it maximises the sum of the log-odds of its gaps and of the
    scores of its words (Viterbi over the places where a word may end). A word is looked up only if it could
    beat the best found so far.

    Parameters
    ----------
    text : sequence of N str
        The characters.
    odds : float array, shape (N - 1,)
        Log-odds that the gap after each character is between words.
    language : Language, optional
        Without one, each gap is decided by its own odds, as in rows of separate letters.
    weights : Weights
    """
    apart = odds > 0
    if language is None or _are_letters(apart):
        return apart
    odds = odds + [mark_odds(text, place, weights.gaps) for place in range(len(odds))]
    odds = balanced(text, odds)
    odds += _counting(text, weights.gaps) + _addresses(text, odds, weights.gaps)
    letters = "".join(text).lower()
    undoubted, longest = weights.gaps.undoubted, weights.gaps.longest_word
    places = [0, *(np.flatnonzero(odds > -undoubted) + 1).tolist(), len(letters)]
    entries = [undoubted + 1, *odds[odds > -undoubted].tolist()]
    best, begun, reach = [0.0], [0], []
    alphabet = alphabetic(language.orthography.alphabet)
    weight, most = weights.gaps.word_weight, weights.gaps.word_weight * weights.gaps.most_usual
    plain_from = 0
    for end in range(1, len(places)):
        stop, first, greatest = places[end], end - 1, -np.inf
        reach.append(best[-1] + min(entries[first], undoubted))
        for place in range(places[first], stop):
            plain_from = plain_from if letters[place] in alphabet else place + 1
        for start in range(first, -1, -1):
            is_plain = places[start] >= plain_from
            if not is_plain or reach[start] + most > greatest:
                word = letters[places[start] : stop]
                worth = _usual_word(word, language, weights) if is_plain else usual(word, language, weights)
                if reach[start] + weight * worth > greatest:
                    first, greatest = start, reach[start] + weight * worth
            if stop - places[start] > longest or entries[start] > undoubted:
                break
        begun.append(first)
        best.append(greatest)
    between = np.zeros(len(letters) + 1, bool)
    end = len(places) - 1
    while end:
        end = begun[end]
        between[places[end]] = True
    return between[1:-1]


def _are_letters(between: npt.NDArray[np.bool_]) -> bool:
    """Return whether half of the words that the gaps make are single letters: then they are not words."""
    lengths = np.diff(np.flatnonzero(np.concatenate([[True], between, [True]])))
    return bool(median(lengths) < 2)


def _counting(text: Sequence[str], weights: GapWeights) -> npt.NDArray[np.float64]:
    """Return what a number that counts lines, such as the 1. of a list, adds to the odds behind it."""
    odds = np.zeros(len(text) - 1)
    digits = next((k for k, character in enumerate(text) if not character.isdigit()), len(text))
    is_number = 0 < digits <= MOST_DIGITS and digits + 1 < len(text)
    if is_number and text[digits] in COUNTING and text[digits + 1].isalpha():
        odds[digits] = weights.apart_bonus
    return odds


def _addresses(
    text: Sequence[str], odds: npt.NDArray[np.float64], weights: GapWeights
) -> npt.NDArray[np.float64]:
    """Return what an address of a page or of mail adds to the odds of gaps within it: it has no spaces.

    It reaches from one gap that is clearly wide to another.
    """
    found = np.zeros(len(odds))
    borders = [0, *(np.flatnonzero(odds > weights.apart_bonus) + 1).tolist(), len(text)]
    for start, stop in pairwise(borders):
        part = "".join(text[start:stop])
        if any(sign in part for sign in ADDRESSES):
            found[start : stop - 1] = -weights.closed_penalty
    return found


def balanced(text: Sequence[str], odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return odds in which a doubtful gap beside a sign between words is as likely as that on its other side.

    They are only evened out where both together are for a gap.

    Examples
    --------
    >>> balanced("a&b", np.array([3.0, -1.0])).tolist(), balanced("a&b", np.array([3.0, -5.0])).tolist()
    ([1.0, 1.0], [3.0, -5.0])
    """
    odds = odds.copy()
    for place in range(1, len(text) - 1):
        both = odds[place - 1 : place + 1]
        if text[place] in BETWEEN and both.sum() > 0 and both.min() > -DOUBTFUL:
            both[:] = both.mean()
    return odds


def mark_odds(text: Sequence[str], place: int, weights: GapWeights) -> float:
    """Return what the marks next to the gap after a character add to its log-odds."""
    before, after = text[place], text[place + 1]
    if after == ":":
        return -weights.colon_penalty
    if after in CLOSING or before in OPENING or (after.isdigit() and _in_number(text, place)):
        return -weights.closed_penalty
    if after.isalpha() and (before in ENDING or (after.isupper() and _ends_sentence(text, place))):
        return weights.apart_bonus
    return 0.0


def _in_number(text: Sequence[str], place: int) -> bool:
    """Return whether there is a point, a comma or a colon right after a digit."""
    return text[place] in INSIDE and place > 0 and text[place - 1].isdigit()


def _ends_sentence(text: Sequence[str], place: int) -> bool:
    """Return whether there is a full stop after a word or a closing mark, not after an initial."""
    if text[place] != "." or place < 2:
        return False
    return text[place - 1] in WORD_END or (text[place - 1].isalpha() and text[place - 2].isalpha())


def usual(chunk: str, language: Language, weights: Weights) -> float:
    """Return the log-likelihood of small letters as a word, in nats, relative to that of arbitrary letters.

    Each part between marks counts as a word, so that marks alone give no reason for a gap. All numbers are
    equally likely; codes of letters and digits are unknown words.
    """
    if language.orthography.is_plain(chunk):
        return _usual_word(chunk, language, weights)
    words = language.orthography.words_in(chunk)
    if any(character.isdigit() for character in chunk):
        return -weights.gaps.unknown_word_penalty if words else 0.0
    return sum(_usual_word(word, language, weights) for word in words)


def _usual_word(word: str, language: Language, weights: Weights) -> float:
    if word in language.orthography.one_letter_words:
        return 0.0
    if word not in language.words:
        longer = max(0, len(word) - weights.gaps.usual_length)
        return -weights.gaps.unknown_word_penalty - weights.gaps.length_penalty * longer
    likely = weights.letter_bonus * len(word) + TEN * (language.words[word] - BILLION)
    return min(max(0.0, likely), weights.gaps.most_usual)
