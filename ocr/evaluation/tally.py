"""Counts of readings in one view, which are summed over pictures and turned into rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from ocr.document import Document, Glyph, Word
from ocr.evaluation.alignment import edits, partners
from ocr.evaluation.views import View, folded

NONE = 1_000_000
"""The rank of a character that is not among the alternatives."""

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Sureness:
    """Confidence and correctness of N letters or words."""

    sure: Floats
    right: Flags

    @classmethod
    def join(cls, parts: Iterable[Self]) -> Self:
        """Concatenate several."""
        parts = list(parts)
        sure = np.concatenate([np.zeros(0), *(part.sure for part in parts)])
        return cls(sure, np.concatenate([np.zeros(0, bool), *(part.right for part in parts)]))


NOT_SAID = Sureness(np.zeros(0), np.zeros(0, bool))


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts of one picture, or of many.

    Attributes
    ----------
    edits, length : int
        Character edits, and characters of the reference.
    word_edits, words : int
        The same for words.
    ranks : int64 array
        For each letter that is aligned with one of the reference, the rank of the right character among its
        alternatives: 0 for the first, `NONE` if it is missing.
    of_letters, of_words : Sureness
        Empty for readers without confidences.
    """

    edits: int
    length: int
    word_edits: int
    words: int
    ranks: Integers
    of_letters: Sureness
    of_words: Sureness

    @classmethod
    def join(cls, parts: Iterable[Self]) -> Self:
        """Sum several."""
        parts = list(parts)
        return cls(
            sum(part.edits for part in parts),
            sum(part.length for part in parts),
            sum(part.word_edits for part in parts),
            sum(part.words for part in parts),
            np.concatenate([np.zeros(0, np.int64), *(part.ranks for part in parts)]),
            Sureness.join(part.of_letters for part in parts),
            Sureness.join(part.of_words for part in parts),
        )

    @property
    def cer(self) -> float:
        """Character error rate: edits over reference characters."""
        return self.edits / max(1, self.length)

    @property
    def wer(self) -> float:
        """Word error rate: edits over reference words."""
        return self.word_edits / max(1, self.words)

    def top(self, k: int) -> float | None:
        """Return how often the right character is among the first `k` alternatives; None without letters."""
        return float((self.ranks < k).mean()) if len(self.ranks) else None


def tally_text(reference: str, reading: str, view: View) -> Tally:
    """Count the errors of a reading that is only a text."""
    return Tally(*_errors(reference, reading, view), np.zeros(0, np.int64), NOT_SAID, NOT_SAID)


def tally_document(reference: str, document: Document, view: View) -> Tally:
    """Count the errors of a document, with the confidence of each letter and word."""
    ranks, of_letters = _letters(reference, document, view)
    return Tally(
        *_errors(reference, document.text, view), ranks, of_letters, _words(reference, document, view)
    )


@dataclass(frozen=True, slots=True)
class AlignedLetter:
    """A letter that was read and the reference character it is aligned with, in some view; empty for none."""

    glyph: Glyph
    character: str
    expected: str

    @property
    def is_right(self) -> bool:
        return self.character == self.expected


def aligned_letters(reference: str, document: Document, view: View) -> list[AlignedLetter]:
    """Return the letters in order, without those that a view leaves out, aligned with the reference."""
    parts: list[tuple[str, Glyph | None]] = []
    for word in document.words:
        parts += [(view.fold(" "), None)] if parts else []
        parts += [(view.fold(folded(glyph.text)), glyph) for glyph in word.glyphs]
    owners = [glyph for text, glyph in parts for _ in text]
    read, expected = "".join(text for text, _ in parts), view.fold(folded(reference))
    return [
        AlignedLetter(glyph, character, expected[place] if place >= 0 else "")
        for character, glyph, place in zip(read, owners, partners(expected, read).tolist(), strict=True)
        if glyph is not None
    ]


def word_texts(text: str, view: View) -> list[str]:
    """Return the words of a text in a view, without words that become empty."""
    return [kept for word in folded(text).split() if (kept := view.fold(word))]


def right_words(reference: str, document: Document, view: View) -> list[tuple[Word, bool]]:
    """Return each word that is not empty in the view, and whether it equals its counterpart."""
    read = [(word, text) for word in document.words if (text := view.fold(folded(word.text)))]
    expected = word_texts(reference, view)
    places = partners(expected, [text for _, text in read])
    return [
        (word, place >= 0 and text == expected[place])
        for (word, text), place in zip(read, places.tolist(), strict=True)
    ]


def _errors(reference: str, reading: str, view: View) -> tuple[int, int, int, int]:
    expected, found = view.fold(folded(reference)), view.fold(folded(reading))
    words = word_texts(reference, view)
    return edits(expected, found), len(expected), edits(words, word_texts(reading, view)), len(words)


def _letters(reference: str, document: Document, view: View) -> tuple[Integers, Sureness]:
    letters = aligned_letters(reference, document, view)
    ranks = [_rank(letter, view) for letter in letters if letter.expected.strip()]
    sure = np.array([letter.glyph.confidence for letter in letters], float)
    right = np.array([letter.is_right for letter in letters], bool)
    return np.array(ranks, np.int64), Sureness(sure, right)


def _rank(letter: AlignedLetter, view: View) -> int:
    texts = list(dict.fromkeys(view.fold(folded(other.text)) for other in letter.glyph.alternatives))
    return texts.index(letter.expected) if letter.expected in texts else NONE


def _words(reference: str, document: Document, view: View) -> Sureness:
    pairs = right_words(reference, document, view)
    sure = np.array([word.confidence for word, _ in pairs], float)
    return Sureness(sure, np.array([is_right for _, is_right in pairs], bool))
