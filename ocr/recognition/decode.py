"""The K best readings of words: each a lattice of runs of atoms and the characters that each may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr.recognition.beam import Arcs, Paths, best_paths
from ocr.recognition.classify import log_softmax
from ocr.recognition.grammar import grammar_of
from ocr.recognition.language import Language
from ocr.recognition.weights import Weights

Ints = npt.NDArray[np.int64]
Scores = npt.NDArray[np.floating]

_NEVER = -1e9
"""Stands for a log-probability of minus infinity where differences are taken."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One hypothesis for a word.

    Attributes
    ----------
    score : float
        Log-probability, up to a constant of the word.
    steps : tuple of (int, int)
        The runs it is made of, counted from the word's first, and the class of each.
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

    A reading covers every atom of its word once. A run's log-probability counts once for each of its atoms,
    so that readings that cut a word into more letters and into fewer compare. An atom may be dropped as a
    speck, at the score of the reject class and a penalty.

    Parameters
    ----------
    runs : int64 array, shape (R, 2)
        First atom and past the last of every candidate segment, sorted.
    scores : float array, shape (R, C)
        Log-probabilities of the classes.
    classes : tuple of C str
        The empty string is the reject class, "no character".
    words : sequence of slice
        Which runs belong to each word, none empty.
    weights : Weights
    language : Language, optional
        Its n-gram model and word list; without it every letter stands for itself.
    evidence : float array, shape (R, C), optional
        Log-probabilities from another source, such as the line network; counted once for each run.

    Returns
    -------
    list of list of Reading
        Of each word the best first; empty where nothing may be read.
    """
    if not words:
        return []
    starts = np.array([part.start for part in words], np.int64)
    sizes = np.array([part.stop for part in words], np.int64) - starts
    before = np.cumsum(sizes) - sizes
    rows = np.arange(sizes.sum()) + np.repeat(starts - before, sizes)
    if np.array_equal(rows, np.arange(len(runs))):
        rows = slice(None)
    extents, scores = runs[rows], scores[rows]
    told = weights.line_weight * evidence[rows] if evidence is not None else np.zeros_like(scores)
    word = np.repeat(np.arange(len(words)), sizes)
    borders = extents - extents[before, 0][word][:, None]
    lengths = np.maximum.reduceat(borders[:, 1], before)
    arcs, run = _arcs(word, borders, scores, told, classes, weights)
    paths = best_paths(arcs, lengths, grammar_of(classes, language, weights), weights)
    chosen = run - before[arcs.words]
    steps = list(zip(chosen[paths.arcs].tolist(), arcs.classes[paths.arcs].tolist(), strict=True))
    found = _readings(paths, steps, len(words))
    if language is None:
        return found
    return [
        _with_known_words(readings, classes, language, weights) if length > 1 else readings
        for readings, length in zip(found, lengths.tolist(), strict=True)
    ]


def _arcs(
    word: Ints, borders: Ints, scores: Scores, told: Scores, classes: tuple[str, ...], weights: Weights
) -> tuple[Arcs, Ints]:
    """Return the ways to go on that are worth trying, and the run of each.

    Parameters
    ----------
    word : int64 array, shape (R,)
    borders : int64 array, shape (R, 2)
        Where each run begins and ends, in atoms from the beginning of its word.
    scores, told : float arrays, shape (R, C)
    """
    reject = np.array([not c for c in classes])
    both = log_softmax(np.maximum(scores + told, _NEVER))
    order = np.argsort(-both, axis=1)[:, : weights.classes_per_run]
    likely = np.take_along_axis(both, order, axis=1)
    finite = np.isfinite(np.take_along_axis(scores, order, axis=1))
    kept = finite & (likely > np.log(weights.class_floor))
    kept[:, :2] |= finite[:, :2]
    atoms = borders[:, 1] - borders[:, 0]
    run, place = np.nonzero(kept)
    chosen = order[run, place]
    shape, said = scores[run, chosen].astype(np.float64), told[run, chosen].astype(np.float64)
    dropped = reject[chosen]
    droppable = (shape > float(np.log(weights.class_floor))) | (kept.sum(axis=1) == 1)[run]
    tried = ~dropped | (atoms[run] == 1) & droppable
    run, chosen, shape, said, dropped = (part[tried] for part in (run, chosen, shape, said, dropped))
    whole = _wholeness(scores[:, ~reject])[run]
    whole[dropped] = 0
    named = atoms[run] * whole + weights.class_weight * (shape - whole) + said
    score = np.where(dropped, shape - weights.drop_penalty + said, named)
    return Arcs(word[run], borders[run, 0], borders[run, 1], chosen, score), run


def _wholeness(letters: Scores) -> npt.NDArray[np.float64]:
    """Return the log-probability that each run is one of its three best characters: that it is one at all."""
    best = np.partition(letters, -3, axis=1)[:, -3:] if letters.shape[1] > 3 else letters
    return np.logaddexp.reduce(best, axis=1).astype(np.float64)


def _readings(paths: Paths, steps: list[tuple[int, int]], count: int) -> list[list[Reading]]:
    found: list[list[Reading]] = [[] for _ in range(count)]
    ends = zip(paths.words.tolist(), paths.scores.tolist(), paths.borders, paths.borders[1:], strict=False)
    for word, score, first, stop in ends:
        found[word].append(Reading(score, tuple(steps[first:stop])))
    return found


def _with_known_words(
    readings: list[Reading], classes: tuple[str, ...], language: Language, weights: Weights
) -> list[Reading]:
    """Return the readings with the bonus for known words, sorted by score."""
    gains = [
        weights.known_word_bonus * language.zipf_of("".join([classes[c] for _, c in reading.steps]))
        for reading in readings
    ]
    known = [Reading(r.score + gain, r.steps) for r, gain in zip(readings, gains, strict=True)]
    return sorted(known, key=lambda reading: -reading.score)
