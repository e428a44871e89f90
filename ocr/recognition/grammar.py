"""The language model as tables that the decoder indexes with arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ocr.recognition.language import ORDER, Kind, Language, kind_of
from ocr.recognition.weights import Weights

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """A finite-state model of words: its state is the kind of the last character and an n-gram context.

    A context is the number of the last three symbols, or `contexts` - 1 for a word with digits, to which the
    n-gram model does not apply. A transition is one of the model's symbols, or one of two more: dropped ink,
    which changes nothing, and a digit.

    Attributes
    ----------
    kinds : int64 array, shape (C * K,)
        The kind of each class after each kind.
    kind_scores : float64 array, shape (C * K,)
        Weighted log P(kind | kind before), 0 for the reject class and for apostrophes in words.
    transitions : int64 array, shape (C,)
        The transition of each class.
    width : int
        Number of transitions.
    scores : float64 array, shape (contexts * width,)
        Weighted n-gram score of each transition from each context.
    contexts : int32 array, shape (contexts * width,)
        The context after it.
    start : int
        The context at the start of a word.
    end_scores : float64 array, shape (K,)
        Weighted log P(end of the word | kind before).
    """

    kinds: Ints
    kind_scores: Floats
    transitions: Ints
    width: int
    scores: Floats
    contexts: npt.NDArray[np.int32]
    start: int
    end_scores: Floats

    def ngram_score(self, classes: Ints) -> float:
        """Return the weighted n-gram score of a word of these classes, int64 (L,), with its end."""
        score, context = 0.0, self.start
        for transition in (*self.transitions[classes].tolist(), 0):
            place = context * self.width + transition
            score, context = score + float(self.scores[place]), int(self.contexts[place])
        return score


@lru_cache(maxsize=8)
def grammar_of(classes: tuple[str, ...], language: Language | None, weights: Weights) -> Grammar:
    """Build the tables for the classes of a network; without a language all n-gram scores are 0."""
    follows = weights.kind_weight * np.array(weights.log_kinds())
    free = np.array([[_is_free(c, before, language) for before in Kind] for c in classes])
    after = np.array([[kind_of(c, before) if c else before for before in Kind] for c in classes])
    after = np.where(free, np.arange(len(Kind)), after)
    kind_scores = np.take_along_axis(follows.T, after.astype(np.int64), axis=0)
    kind_scores[free] = 0
    scores, contexts = ngram_tables(language, weights)
    width = scores.shape[1]
    dropped, digit = width - 2, width - 1
    return Grammar(
        after.astype(np.int64).ravel(),
        kind_scores.ravel(),
        np.array([_transition(c, language, dropped, digit) for c in classes], np.int64),
        width,
        scores.ravel(),
        contexts.ravel(),
        0 if language is not None else len(scores) - 1,
        follows[:, Kind.BORDER].copy(),
    )


def _is_free(character: str, before: Kind, language: Language | None) -> bool:
    """Return whether a class has no kind of its own and costs nothing.

    These are dropped ink, and between letters a mark that the n-gram model has in words: the apostrophe of
    DON'T and l'eau, in English and French.
    """
    if not character:
        return True
    spelled = language is not None and language.orthography.symbol_of(character) > 0
    return spelled and not character.isalnum() and before in (Kind.LOWER, Kind.INITIAL, Kind.UPPER)


def _transition(character: str, language: Language | None, dropped: int, digit: int) -> int:
    if not character:
        return dropped
    symbol = language.orthography.symbol_of(character) if language is not None else 0
    return digit if not symbol and character.isdigit() else symbol


@lru_cache(maxsize=4)
def ngram_tables(language: Language | None, weights: Weights) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Return the scores of all transitions from all contexts, and the contexts that they lead to.

    A word's first letter scores 0, and so does its end after a single letter, as single letters may be
    anything.
    """
    if language is None:
        return np.zeros((1, 3)), np.zeros((1, 3), np.int32)
    size = len(language.table)
    none = size ** (ORDER - 1)
    scores = np.zeros((none + 1, size + 2))
    known = scores[:none, :size]
    np.maximum(language.table.reshape(none, size), weights.language_model_floor, out=known)
    known += weights.letter_bonus
    known *= weights.language_model_weight
    number = np.arange(none, dtype=np.int32)
    known[number % size == 0, 1:] = 0
    known[number // size % size == 0, 0] = 0
    scores[:, size + 1] = scores[:, 0]
    contexts = np.full((none + 1, size + 2), none, np.int32)
    contexts[:none, :size] = (number % size**2 * size)[:, None] + np.arange(size, dtype=np.int32)
    contexts[:none, 0] = 0
    contexts[:none, size] = number
    return scores, contexts
