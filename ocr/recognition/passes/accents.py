"""Accents: names of the marks over letters, and the spelling of words with them.

The networks know letters without accents. A mark is lifted off its letter (`pipelines.layout.marks`), the
letter is read by itself, and both are combined again if the language has such a letter. A mark that is joined
to its letter is detected from the ink (`ocr.recognition.passes.ink`) or from the word. All evidence is summed
as log-odds.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from ocr.languages.orthography import alphabetic
from ocr.recognition.language import Language
from ocr.recognition.passes.ink import Ink
from ocr.recognition.passes.mark_names import (
    ACUTE,
    CARON,
    CIRCUMFLEX,
    DIAERESIS,
    DOT,
    GRAVE,
    RING,
    TILDE,
    Names,
    name_mark,
)
from ocr.recognition.weights import Weights

_JOINED = frozenset("\u0327\u0328")
_APART = frozenset((GRAVE, ACUTE, CIRCUMFLEX, TILDE, DOT, DIAERESIS, RING, CARON))


def spelled(
    characters: Sequence[str],
    names: Sequence[Names | None],
    language: Language,
    weights: Weights,
    inks: Sequence[Ink] | None = None,
    in_text: bool = False,
) -> list[str]:
    """Combine marks and letters, preferring known words if the ink allows it.

    Parameters
    ----------
    characters : sequence of str
        The characters of a word, as read without the marks.
    names : sequence of mapping or None
        For each, the log-likelihoods of names of the mark over it, from `name_mark`; None where there is
        none.
    language : Language
    weights : Weights
    inks : sequence of Ink, optional
        The measured ink of each.
    in_text : bool
        Whether the word stands between words of small letters.

    Returns
    -------
    list of str
        One item for each character; an empty one is joined with the item before it (a ligature).
    """
    characters = _elided(_opened(characters, language), language)
    if in_text and len(characters) == 1 and names[0] is None:
        characters = [_accented_word(characters[0], language)]
    found = [
        _unstemmed(characters, k, language) if name is not None else characters[k]
        for k, name in enumerate(names)
    ]
    seen = [
        _Seen(
            character, name, ink, k > 0 and found[k - 1].islower(), _crown(character, ink, language, weights)
        )
        for k, (character, name, ink) in enumerate(
            zip(found, names, inks or [Ink()] * len(found), strict=True)
        )
    ]
    start, inside = 0, _read_as(language)
    for stop in range(len(seen) + 1):
        if stop < len(seen) and seen[stop].read.lower() in inside:
            continue
        if stop > start:
            part = slice(start, stop)
            spelling = _best_spelling(seen[part], language, weights)
            found[part] = [
                _cased(letter, each, language) for letter, each in zip(spelling, seen[part], strict=True)
            ]
        start = stop + 1
    return found


@dataclass(frozen=True, slots=True)
class _Seen:
    """A character as read, the mark over it, its ink, and whether a small letter comes before it.

    `crown` names a mark that touches the character.
    """

    read: str
    name: Names | None
    ink: Ink
    inside: bool
    crown: Names


def _crown(character: str, ink: Ink, language: Language, weights: Weights) -> Names:
    """Return the log-likelihoods of names of a mark that touches its letter; none where it has none."""
    if ink.over is None or character.lower() not in _with_accents(language):
        return {}
    return name_mark(ink.over, weights.marks)


@lru_cache(maxsize=16)
def _with_accents(language: Language) -> frozenset[str]:
    """Return the characters that may be read for a letter with an accent."""
    known = language.orthography
    parts = (known.plain_letter(letter) + known.looks_like(letter) for letter in language.letters)
    return frozenset("".join(parts).lower())


def _opened(characters: Sequence[str], language: Language) -> Sequence[str]:
    """Turn a ? or ! before a letter into the opening mark, where the language has one."""
    on_head = {upright: opener for opener, upright in language.orthography.opening_marks.items()}
    first = on_head.get(characters[0])
    return [first, *characters[1:]] if first and characters[1:2] and characters[1].isalnum() else characters


def _elided(characters: Sequence[str], language: Language) -> Sequence[str]:
    """Turn a 1 or I before an apostrophe and a letter into the l of an article, where the language has it."""
    if len(characters) > 2 and characters[1] == "'" and characters[2].isalpha():
        for letter, looks in language.orthography.elided.items():
            if characters[0] in looks:
                return [letter, *characters[1:]]
    return characters


def _accented_word(character: str, language: Language) -> str:
    """Return the accented letter that is a word and may be mistaken for a character; else the character."""
    words = language.orthography.accented_words
    return next((letter for letter, looks in words.items() if character in looks), character)


def _unstemmed(characters: Sequence[str], place: int, language: Language) -> str:
    """Return what a character under a mark is: a plain stem is an i, or next to a capital letter an I."""
    beside = characters[place - 1] if place else "".join(characters[1:2])
    for letter, stems in language.orthography.under_marks.items():
        if characters[place] in stems:
            return letter.upper() if beside.isupper() else letter
    return characters[place]


def _best_spelling(seen: Sequence[_Seen], language: Language, weights: Weights) -> list[str]:
    """Return the likeliest spelling of a word of small letters, a letter for each character seen."""
    bare = "".join(each.read.lower() for each in seen)
    unlisted, spelling_weight = weights.accents.unlisted, weights.accents.spelling_weight
    ways = [(_by_ink(seen, bare, language, weights), unlisted)]
    for like in _lookalikes(bare, language):
        spellings = language.spellings.get(like) or {like: language.words.get(like, unlisted)}
        ways += [(_aligned(word, bare, language), zipf) for word, zipf in spellings.items()]

    def score(way: tuple[list[str], float]) -> float:
        letters, zipf = way
        together = [*(letter == "" for letter in letters[1:]), False]
        likely = (
            _likelihood(letter, each, language, weights, joined)
            for letter, each, joined in zip(letters, seen, together, strict=True)
        )
        return spelling_weight * zipf + sum(likely)

    return max((way for way in ways if len(way[0]) == len(bare)), key=score)[0]


def _by_ink(seen: Sequence[_Seen], bare: str, language: Language, weights: Weights) -> list[str]:
    """Return the likeliest letter for each character by its ink."""
    letters = [
        max(
            _letters(each.read.lower(), language),
            key=lambda letter: (
                _likelihood(letter, each, language, weights)
                + weights.accents.letter_weight * _log_share(language).get(letter, 0.0)
            ),
        )
        for each in seen
    ]
    for letter in sorted(language.letters):
        pair = language.orthography.plain_letter(letter)
        for k in range(len(bare) - 1) if len(pair) == 2 else ():
            if bare[k : k + 2] == pair and seen[k].ink.grown:
                letters[k : k + 2] = [letter, ""]
    return letters


@lru_cache(maxsize=16)
def _log_share(language: Language) -> dict[str, float]:
    """Return, of each letter with an accent, the log of its frequency relative to the letter without it.

    It is counted on the words of the language, and at most 0.
    """
    counts: defaultdict[str, float] = defaultdict(float)
    for bare, zipf in language.words.items():
        for word, frequency in language.spellings.get(bare, {bare: zipf}).items():
            for letter in word:
                counts[letter] += 10**frequency
    plain_letter = language.orthography.plain_letter
    return {
        letter: min(0.0, log(counts[letter] / counts[plain_letter(letter)]))
        for letter in language.letters
        if counts[letter] and counts[plain_letter(letter)]
    }


def _aligned(word: str, bare: str, language: Language) -> list[str]:
    """Return the letters of a word; a ligature of two of `bare` is followed by an empty item."""
    letters: list[str] = []
    for letter in word:
        pair = language.orthography.plain_letter(letter)
        k = len(letters)
        letters += [letter, ""] if len(pair) == 2 and bare[k : k + 2] == pair else [letter]
    return letters


def _lookalikes(bare: str, language: Language) -> list[str]:
    """Return a word and, if it is not in the list, its variants with one letter replaced by a look-alike."""
    if bare in language.words:
        return [bare]
    like = _looks(language)
    changed = [
        bare[:k] + letter + bare[k + 1 :]
        for k, character in enumerate(bare)
        for letter, taken in like
        if character in taken
    ]
    return [bare, *(word for word in changed if word in language.words)]


@lru_cache(maxsize=16)
def _looks(language: Language) -> list[tuple[str, str]]:
    """Return the letters of the alphabet, with the look-alikes of letters made of them."""
    known = language.orthography
    taken = ((known.plain_letter(letter), known.looks_like(letter)) for letter in sorted(language.letters))
    return [(letter, looks) for letter, looks in taken if looks]


@lru_cache(maxsize=16)
def _read_as(language: Language) -> frozenset[str]:
    """Return the small characters that the letters of a word may be read as."""
    looks = "".join(looks for _, looks in _looks(language))
    return alphabetic(language.orthography.alphabet) | frozenset(looks.lower())


def _letters(letter: str, language: Language) -> list[str]:
    """Return a letter and the letters of the language that are made of it."""
    plain_letter = language.orthography.plain_letter
    return [letter, *sorted(each for each in language.letters if plain_letter(each) == letter)]


def _mark_of(letter: str) -> str:
    """Return the mark of a letter; empty where there is none."""
    return unicodedata.normalize("NFD", letter)[1:]


def _likelihood(
    letter: str, seen: _Seen, language: Language, weights: Weights, together: bool = False
) -> float:
    """Return the log-odds, from ink and mark, of a letter against the same letter without a mark."""
    mark, bare = _mark_of(letter), language.orthography.plain_letter(letter)
    costs = weights.accents
    likely = _shaped(letter, bare, seen, language, costs.grown_bonus, together)
    if seen.read.lower() != bare[:1]:
        likely -= costs.lookalike_penalty
    if mark in _JOINED:
        likely += seen.ink.tail
    if seen.name is None:
        touching = seen.ink.crown + (0.0 if mark == RING else -costs.touching_penalty)
        touching += costs.crown_weight * seen.crown.get(
            mark, -weights.marks.most_against if seen.crown else 0.0
        )
        return likely + (max(-costs.missed_penalty, touching) if mark in _APART else 0.0)
    if mark in _APART:
        return likely + seen.name.get(mark, -weights.marks.most_against)
    return likely + (0.0 if letter in "ij" and seen.name.get(DOT) == 0 else -costs.dust_penalty)


def _shaped(letter: str, bare: str, seen: _Seen, language: Language, grown: float, together: bool) -> float:
    """Return the log-odds, from the ink, of a letter with a stroke through it, or of a ligature."""
    known = language.orthography.letters.get(letter)
    if known is not None and known.stroke:
        return seen.ink.bar if known.stroke == "stem" else seen.ink.slash
    if known is not None and known.inside:
        return grown if seen.inside and seen.read == known.inside else -grown if seen.read == bare else 0.0
    if len(bare) == 2:
        return grown if together and seen.ink.grown else -grown if together else seen.ink.wide
    return 0.0


def _cased(letter: str, seen: _Seen, language: Language) -> str:
    """Give a letter the case of what was read, as a small letter with a tail looks like a capital."""
    if letter == language.orthography.plain_letter(letter) and letter == seen.read.lower():
        return seen.read
    is_capital = seen.read.isupper() and not (seen.inside and _mark_of(letter) in _JOINED)
    return letter.upper() if is_capital and len(letter.upper()) == 1 else letter
