"""Beam search through the lattices of many words at once, vectorised over hypotheses.

Step t holds all hypotheses that cover the first t atoms of their word. They extend hypotheses of earlier
steps by all arcs that end at t, in all words together. A hypothesis keeps its score, the state of the
language model, and a back pointer.

References
----------
B. Lowerre: The HARPY speech recognition system, 1976: beam search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.grammar import Grammar
from ocr.recognition.language import Kind
from ocr.recognition.weights import Weights

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

FEW = 2048
"""Up to this many pairs of a hypothesis and an arc, scoring all is faster than pruning first."""
ROUNDING = 0.001
"""Rounding slack of the bound on the language model's score, in nats."""
_FIRST = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Transitions from one border of a word to a later one: a run of atoms read as a class, or dropped.

    Attributes
    ----------
    words : int64 array, shape (N,)
        The word of each arc, from 0.
    starts, ends : int64 arrays, shape (N,)
        Its borders, counted from the beginning of the word.
    classes : int64 array, shape (N,)
    scores : float64 array, shape (N,)
        What is added to a hypothesis, without the language model.
    """

    words: Ints
    starts: Ints
    ends: Ints
    classes: Ints
    scores: Floats

    def sorted(self) -> tuple[Arcs, Ints]:
        """Return the arcs sorted by their ends (stably), and the index that each had."""
        order = np.argsort(self.ends, kind="stable")
        words, starts, ends = self.words[order], self.starts[order], self.ends[order]
        return Arcs(words, starts, ends, self.classes[order], self.scores[order]), order


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The best paths through the words, grouped by word, the best first.

    Attributes
    ----------
    words : int64 array, shape (M,)
    scores : float64 array, shape (M,)
    arcs : int64 array, shape (N,)
        The arcs of all paths, one path after another.
    borders : int64 array, shape (M + 1,)
        Where each path begins in `arcs`, and the total length.
    """

    words: Ints
    scores: Floats
    arcs: Ints
    borders: Ints


class _Beams:
    """The hypotheses at every border of every word, at most `width` at each, the best first.

    Parameters
    ----------
    arcs : Arcs
        Sorted by their ends.
    lengths : int64 array, shape (W,)
        Atoms of each word.
    """

    def __init__(self, arcs: Arcs, lengths: Ints, grammar: Grammar, weights: Weights) -> None:
        self.grammar, self.weights = grammar, weights
        self.width = weights.beam_width
        first = np.cumsum(lengths + 1) - (lengths + 1)
        places = int((lengths + 1).sum()) * self.width
        self.roots, self.finals = first * self.width, (first + lengths) * self.width
        self.scores = np.full(places, -np.inf)
        self.rows = self.scores.reshape(-1, self.width)
        self.kinds = np.zeros(places, np.int64)
        self.contexts = np.zeros(places, np.int32)
        self.nodes = np.zeros(places, np.int64)
        self.scores[self.roots] = 0
        self.kinds[self.roots] = Kind.BORDER
        self.contexts[self.roots] = grammar.start
        self.words, self.arc_scores = arcs.words, arcs.scores
        self.sources = first[arcs.words] + arcs.starts
        self.targets = (first[arcs.words] + arcs.ends) * self.width
        self.classes = arcs.classes * len(Kind)
        self.transitions = grammar.transitions[arcs.classes]
        self.ending = arcs.ends == lengths[arcs.words]
        self.spelled = lengths[arcs.words] > 1
        self.before, self.by = [np.zeros(1, np.int64)], [np.zeros(1, np.int64)]
        self.count = 1

    def step(self, first: int, stop: int) -> None:
        """Find the best hypotheses at the end of arcs `first` to `stop`, which all end at the same step."""
        sources = self.sources[first:stop]
        scores = self.rows[sources]
        scores += self.arc_scores[first:stop, None]
        floors: Floats | float = -np.inf
        if scores.size > FEW:
            best = self.extended(np.arange(first, stop), sources * self.width)[0]
            floors = _group_max(best, self.words[first:stop]) - self.weights.prune_threshold
            floors -= (1 + self.ending[first:stop]) * (self.weights.most_gain() + ROUNDING)
            floors = floors[:, None]
        pairs = np.flatnonzero(scores > floors)
        if not len(pairs):
            return
        arcs, places = np.divmod(pairs, self.width)
        places += sources[arcs] * self.width
        arcs += first
        scores, kinds, contexts = self.extended(arcs, places)
        words = self.words[arcs]
        kept = np.flatnonzero(scores > _group_max(scores, words) - self.weights.prune_threshold)
        kept = kept[np.lexsort((-scores[kept], words[kept]))]
        words = words[kept]
        rank = np.arange(len(kept)) - np.searchsorted(words, words)
        kept, rank = kept[rank < self.width], rank[rank < self.width]
        arcs = arcs[kept]
        targets = self.targets[arcs] + rank
        self.scores[targets] = scores[kept]
        self.kinds[targets] = kinds[kept]
        self.contexts[targets] = contexts[kept]
        self.nodes[targets] = np.arange(self.count, self.count + len(kept))
        self.before.append(self.nodes[places[kept]])
        self.by.append(arcs)
        self.count += len(kept)

    def extended(self, arcs: Ints, places: Ints) -> tuple[Floats, Ints, npt.NDArray[np.int32]]:
        """Return the scores, kinds and contexts of hypotheses after each is extended by an arc.

        Where that ends the word, the language model's score of the end is included.
        """
        grammar = self.grammar
        by_kind = self.classes[arcs] + self.kinds[places]
        by_context = self.contexts[places] * grammar.width + self.transitions[arcs]
        spelled = self.spelled[arcs]
        scores = self.scores[places] + self.arc_scores[arcs]
        scores += spelled * grammar.kind_scores[by_kind]
        scores += grammar.scores[by_context]
        kinds, contexts = grammar.kinds[by_kind], grammar.contexts[by_context]
        ending = self.ending[arcs]
        if ending.any():
            end = spelled * grammar.end_scores[kinds] + grammar.scores[contexts * grammar.width]
            scores += np.where(ending, end, 0.0)
        return scores, kinds, contexts

    def paths(self) -> Paths:
        """Follow the back pointers of the hypotheses that cover whole words."""
        places = self.finals[:, None] + np.arange(self.width)
        words, ranks = np.nonzero(self.scores[places] > -np.inf)
        chosen = places[words, ranks]
        before, by = np.concatenate(self.before), np.concatenate(self.by)
        nodes, steps = self.nodes[chosen], []
        while nodes.any():
            steps.append(nodes)
            nodes = before[nodes]
        along = np.array(steps[::-1], np.int64).reshape(len(steps), len(chosen)).T
        borders = np.cumsum([0, *(along > 0).sum(axis=1)])
        return Paths(words, self.scores[chosen], by[along[along > 0]], borders)


def _group_max(values: Floats, groups: Ints) -> Floats:
    """Return for each value the largest of its group; groups are sorted."""
    starts = np.concatenate([_FIRST, np.flatnonzero(groups[1:] != groups[:-1]) + 1])
    sizes = np.concatenate([starts[1:], [len(values)]]) - starts
    return np.repeat(np.maximum.reduceat(values, starts), sizes)


def best_paths(arcs: Arcs, lengths: Ints, grammar: Grammar, weights: Weights) -> Paths:
    """Return the best paths through each word, at most as many as the beam is wide, sorted by score.

    Parameters
    ----------
    arcs : Arcs
        Grouped by word. Ties between paths are broken by the order of their arcs.
    lengths : int64 array, shape (W,)
        Atoms of each word.
    """
    by_end, order = arcs.sorted()
    beams = _Beams(by_end, lengths, grammar, weights)
    steps = np.searchsorted(by_end.ends, np.arange(1, lengths.max(initial=0) + 2)).tolist()
    for first, stop in pairwise(steps):
        if stop > first:
            beams.step(first, stop)
    found = beams.paths()
    return replace(found, arcs=order[found.arcs])
