"""The K best readings of words; a word is a lattice of runs of atoms and their possible characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.beam import Arcs, Paths, best_paths
from ocr.recognition.classify import log_softmax
from ocr.recognition.grammar import grammar_of
from ocr.recognition.language import Language
from ocr.recognition.weights import Weights

Ints = npt.NDArray[np.int64]
Scores = npt.NDArray[np.floating]

CODE = 2
"""Fewest digits of a word in capitals to which the n-gram model does not apply: one may be a misread O."""
_NEVER = -1e9
"""Stands for a log-probability of minus infinity where differences are taken."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One hypothesis for a word.

    Attributes
    ----------
    score : float
        Log-probability, up to a constant for the word.
    steps : tuple of (int, int)
        The runs it is made of, counted from the word's first run, and the class of each.
    """

    score: float
    steps: tuple[tuple[int, int], ...]


def read_words(
    runs: Ints,
    scores: Scores,
    classes: tuple[str, ...],
    words: Sequence[slice],
    weights: Weights,
    language: Language | None = None,
    evidence: Scores | None = None,
) -> list[list[Reading]]:
    """Find the K best readings of words by beam search, all words at once.

    A reading covers every atom of its word exactly once. A run's log-probability counts once for each of its
    atoms, so that readings with different numbers of letters are comparable. An atom may be dropped as a
    speck, at the score of the reject class plus a penalty. The n-gram model is left out of the score of words
    in capitals with several digits.

    Parameters
    ----------
    runs : int64 array, shape (R, 2)
        First atom and end of every candidate, sorted.
    scores : float array, shape (R, C)
        Log-probabilities of the classes.
    classes : tuple of C str
        The empty string is the reject class, "no character".
    words : sequence of slice
        The runs of each word, none empty.
    weights : Weights
    language : Language, optional
        Its n-gram model and word list; without it letters are independent.
    evidence : float array, shape (R, C), optional
        Log-probabilities from another source, such as the line network; counted once for each run.

    Returns
    -------
    list of list of Reading
        For each word, the best reading first; empty where nothing may be read.
    """
    if not words:
        return []
    starts = np.array([part.start for part in words], np.int64)
    sizes = np.array([part.stop for part in words], np.int64) - starts
    before = np.cumsum(sizes) - sizes
    rows = np.arange(sizes.sum()) + np.repeat(starts - before, sizes)
    runs, scores = runs[rows], scores[rows]
    told = weights.line_weight * evidence[rows] if evidence is not None else np.zeros_like(scores)
    word = np.repeat(np.arange(len(words)), sizes)
    borders = runs - runs[before, 0][word][:, None]
    lengths = np.maximum.reduceat(borders[:, 1], before)
    arcs, run = _arcs(word, borders, scores, told, classes, weights)
    grammar = grammar_of(classes, language, weights)
    paths = best_paths(arcs, lengths, grammar, weights)
    if language is not None:
        texts = _texts(arcs.classes[paths.arcs], paths.borders, classes)
        known = np.array([language.zipf_of(text) for text in texts], np.float64)
        bonus = weights.known_word_bonus * known * (lengths[paths.words] > 1)
        codes = np.flatnonzero([_is_code(text) for text in texts]).tolist()
        for k in codes:
            bonus[k] -= grammar.ngram_score(arcs.classes[paths.arcs[paths.borders[k] : paths.borders[k + 1]]])
        paths = replace(paths, scores=paths.scores + bonus)
    return _readings(paths, run - before[arcs.words], arcs.classes, len(words))


def _readings(paths: Paths, runs: Ints, classes: Ints, count: int) -> list[list[Reading]]:
    """Return the readings of each word, the best first.

    Parameters
    ----------
    paths : Paths
    runs, classes : int64 arrays, shape (N,)
        Of each arc, the run counted from the word's first.
    count : int
        Number of words.
    """
    steps = list(zip(runs[paths.arcs].tolist(), classes[paths.arcs].tolist(), strict=True))
    words, scores, borders = paths.words.tolist(), paths.scores.tolist(), paths.borders.tolist()
    readings: list[list[Reading]] = [[] for _ in range(count)]
    for k in np.lexsort((-paths.scores, paths.words)).tolist():
        readings[words[k]].append(Reading(scores[k], tuple(steps[borders[k] : borders[k + 1]])))
    return readings


def _is_code(text: str) -> bool:
    """Return whether a word has capitals alone and several digits: its letters do not spell a word."""
    return text.isupper() and sum(map(str.isdigit, text)) >= CODE


def _texts(of_arcs: Ints, borders: Ints, classes: tuple[str, ...]) -> list[str]:
    """Return the text of each path: its classes, concatenated."""
    sizes = np.array([len(c) for c in classes])[of_arcs]
    ends = np.concatenate([[0], np.cumsum(sizes)])[borders].tolist()
    text = "".join([classes[c] for c in of_arcs.tolist()])
    return [text[first:stop] for first, stop in pairwise(ends)]


def _arcs(
    word: Ints, borders: Ints, scores: Scores, told: Scores, classes: tuple[str, ...], weights: Weights
) -> tuple[Arcs, Ints]:
    """Return the arcs that are worth trying, and the run of each.

    Parameters
    ----------
    word : int64 array, shape (R,)
    borders : int64 array, shape (R, 2)
        First atom and end of each run, counted from the beginning of its word.
    scores, told : float arrays, shape (R, C)
    """
    run, chosen = _tried(scores, told, weights)
    reject = np.array([not c for c in classes])
    atoms = (borders[:, 1] - borders[:, 0])[run]
    shape, said = scores[run, chosen].astype(np.float64), told[run, chosen].astype(np.float64)
    dropped = reject[chosen]
    if dropped.any():
        alone = np.bincount(run, minlength=len(word))[run] == 1
        tried = ~dropped | (atoms == 1) & (alone | (shape > np.log(weights.class_floor)))
        parts = (run, chosen, atoms, shape, said, dropped)
        run, chosen, atoms, shape, said, dropped = (part[tried] for part in parts)
    whole = np.where(dropped, 0, _wholeness(scores[:, ~reject])[run])
    named = atoms * whole + weights.class_weight * (shape - whole) + said
    score = np.where(dropped, shape - weights.drop_penalty + said, named)
    return Arcs(word[run], borders[run, 0], borders[run, 1], chosen, score), run


def _tried(scores: Scores, told: Scores, weights: Weights) -> tuple[Ints, Ints]:
    """Return pairs of a run and a class to try, the likeliest class first."""
    both = log_softmax(np.maximum(scores + told, _NEVER))
    kept = both > np.log(weights.class_floor)
    counts = np.count_nonzero(kept, axis=1)
    most = min(weights.classes_per_run, both.shape[1])
    for rows, count in ((counts > most, most), (counts < 2, min(2, most))):
        best = both[rows]
        kept[rows] = best >= np.partition(best, -count, axis=1)[:, -count, None]
    run, chosen = np.nonzero(kept & np.isfinite(scores))
    counts = np.bincount(run, minlength=len(both))
    first = (np.cumsum(counts) - counts)[run]
    listed = np.full((len(both), counts.max(initial=0)), np.inf, both.dtype)
    listed[run, np.arange(len(run)) - first] = -both[run, chosen]
    order = np.argsort(listed, axis=1, kind="stable")
    return run, chosen[first + order[np.arange(listed.shape[1]) < counts[:, None]]]


def _wholeness(letters: Scores) -> npt.NDArray[np.float64]:
    """Return the log-probability that each run is a character: one of its three best."""
    best = np.partition(letters, -3, axis=1)[:, -3:] if letters.shape[1] > 3 else letters
    return np.asarray(np.logaddexp.reduce(best, axis=1), np.float64)
