"""Which gaps of a line are between words, for all that is known of them together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocr.recognition.language import Language

WORDS = 0.8
"""Weight of how usual the words are that gaps make."""
LONGEST = 24
"""Letters beyond which no longer word is tried."""
UNDOUBTED = 10.0
"""Log-odds beyond which, either way, a gap is not doubted."""
LETTER = 2.2
"""What each character of a text costs, in nats."""
UNKNOWN, SELDOM, COMMON = -1.0, 0.0, 3.0
"""How usual a word is that is in no list, at least one that is, and at most."""
TEN = float(np.log(10))
BILLION = 9.0
"""Zipf's measure of a word that is all of the text."""

CLOSE, APART = -4.0, 3.0
"""What it adds to the log-odds of a gap that a mark stands beside it which keeps close, or apart."""
CLOSING, ENDING, OPENING = frozenset(",.;:!?)"), frozenset(",;:!?)"), frozenset("(")
"""Marks that keep close to what is before them, apart from a word behind them, and close to what follows."""


def choose_gaps(
    text: Sequence[str], odds: npt.NDArray[np.float64], language: Language | None
) -> npt.NDArray[np.bool_]:
    """Tell which gaps between the characters of a line are between words, bool (N - 1,).

    Of all ways to part the line, the most probable: the sum of the log-odds of its gaps, and of how usual its
    words are (Viterbi over the places where a word may end).

    Parameters
    ----------
    text : sequence of N str
        The characters.
    odds : float array, shape (N - 1,)
        Log-odds that the gap behind each is between words.
    language : Language, optional
        Without one every gap is for itself, and so where letters stand one by one.
    """
    apart = odds > 0
    if language is None or _are_letters(apart):
        return apart
    odds = odds + np.array([mark_odds(text, place) for place in range(len(odds))])
    letters = "".join(text).lower()
    places = [0, *(np.flatnonzero(odds > -UNDOUBTED) + 1).tolist(), len(letters)]
    entries = [UNDOUBTED + 1, *odds[odds > -UNDOUBTED].tolist()]
    best, begun = [0.0], [0]
    for end in range(1, len(places)):
        scores = {}
        for start in range(end - 1, -1, -1):
            word = letters[places[start] : places[end]]
            scores[start] = best[start] + min(entries[start], UNDOUBTED) + WORDS * usual(word, language)
            if len(word) > LONGEST or entries[start] > UNDOUBTED:
                break
        begun.append(max(scores, key=scores.__getitem__))
        best.append(scores[begun[-1]])
    between = np.zeros(len(letters) + 1, bool)
    end = len(places) - 1
    while end:
        end = begun[end]
        between[places[end]] = True
    return between[1:-1]


def _are_letters(between: npt.NDArray[np.bool_]) -> bool:
    """Whether half the words that gaps make are single letters: then they are no words."""
    lengths = np.diff(np.flatnonzero(np.concatenate([[True], between, [True]])))
    return bool(np.median(lengths) < 2)


def mark_odds(text: Sequence[str], place: int) -> float:
    """Return what it adds to the log-odds of the gap behind a character what marks are beside it."""
    before, after = text[place], text[place + 1]
    if after in CLOSING or before in OPENING:
        return CLOSE
    if after.isalpha() and (before in ENDING or (after.isupper() and _ends_sentence(text, place))):
        return APART
    return 0.0


def _ends_sentence(text: Sequence[str], place: int) -> bool:
    """Whether there is a full stop that stands behind more than an initial."""
    return text[place] == "." and place > 1 and text[place - 1].isalpha() and text[place - 2].isalpha()


def usual(chunk: str, language: Language) -> float:
    """Return about how likely small letters are to be a word, in nats, beside what any letters cost.

    What marks part counts as words, so that they alone are no reason for a gap; numbers may be any, and what
    has letters too is in no list.
    """
    if language.orthography.is_plain(chunk):
        return _usual_word(chunk, language)
    words = language.orthography.words_in(chunk)
    if any(character.isdigit() for character in chunk):
        return UNKNOWN if words else 0.0
    return sum(_usual_word(word, language) for word in words)


def _usual_word(word: str, language: Language) -> float:
    if word in language.orthography.one_letter_words:
        return SELDOM
    if word not in language.words:
        return UNKNOWN
    return min(max(SELDOM, LETTER * len(word) + TEN * (language.words[word] - BILLION)), COMMON)
