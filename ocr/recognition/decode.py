"""A word as a lattice of runs of atoms and the characters each may be; its K best readings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import log_softmax
from ocr.recognition.language import FOLLOWS, Context, Kind, Language, kind_of, symbol_of

BEAM = 16
"""Partial readings kept at each border between atoms."""
FAR = 7.0
"""Partial readings so much less likely than the best at the same border, in nats, are not kept."""
MOST = 8
"""Characters that a run is followed as, at most."""
LEAST = 0.0001
"""Characters less probable than this are not followed."""
CONTEXT = 0.7
"""Weight of what follows what."""
PRIOR = 0.7
"""Weight of what the language says of a letter."""
COMMON = 0.5
"""What it adds that a word is a known one, for each power of ten of how common it is, in nats."""
SELDOM = -5.0
"""What is less likely than this, in nats, costs no more, so that names and codes are not bent into words."""
USUAL = 2.2
"""What a letter of running text costs, in nats: so much is given back, or long words would be shunned."""
CHOICE = 0.5
"""Weight of which character a run is, beside that it is one."""
LINE = 0.7
"""Weight of what the line as a whole says of a run."""
DROP = 4.0
"""Log-probability that dropping an atom as a speck costs besides that of the reject class."""
GAIN = PRIOR * USUAL + 0.001
"""The most that it adds to a reading what follows what."""

_NEVER = -1e9
_WORDS = re.compile(r"[a-z'][a-z']+")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word.

    Attributes
    ----------
    score : float
        Log-probability, up to a constant of the word.
    steps : tuple of (int, int)
        The runs it is made of and the class of each.
    """

    score: float
    steps: tuple[tuple[int, int], ...]


class _Partial(NamedTuple):
    """The beginning of a reading.

    `letters` are the symbols of the last three letters, None once digits have shown that this is no word;
    `before` is the reading less its last step.
    """

    score: float
    kind: Kind
    letters: Context | None
    step: tuple[int, int] | None = None
    before: _Partial | None = None


def read_word(
    runs: npt.NDArray[np.int64],
    scores: npt.NDArray[np.floating],
    classes: Sequence[str],
    language: Language | None = None,
    evidence: npt.NDArray[np.floating] | None = None,
) -> list[Reading]:
    """Search the lattice of one word.

    A reading covers every atom once. A run's log-probability counts once for each of its atoms, so that
    readings that cut a word into more letters and into fewer compare. An atom may be dropped as a speck,
    which the reject class pays for.

    Parameters
    ----------
    runs : int64 array, shape (R, 2)
        First atom and past the last, sorted; atoms of the word only.
    scores : float array, shape (R, C)
        Log-probabilities of the classes; the empty class is "no character".
    classes : sequence of str
    language : Language, optional
        Which letters follow each other; without it every letter stands for itself.
    evidence : float array, shape (R, C), optional
        Log-probabilities from elsewhere, that count beside `scores`: for each run once.

    Returns
    -------
    list of Reading
        The best first; empty where nothing may be read.
    """
    first, last = int(runs[0, 0]), int(runs[:, 1].max())
    beams: list[list[_Partial]] = [[] for _ in range(last - first + 1)]
    tops = [-inf] * len(beams)
    beams[0].append(_Partial(0.0, Kind.BORDER, (0, 0, 0) if language else None))
    weight, least = CONTEXT if last - first > 1 else 0.0, float(np.log(LEAST))
    told = LINE * evidence if evidence is not None else np.zeros_like(scores)
    options = _options(scores, told)
    whole = _wholeness(scores, classes)
    begin, at = [], -1
    for r, (start, stop) in enumerate(runs.tolist()):
        if start != at:
            begin, at = _best(beams[start - first]), start
        end, atoms = beams[stop - first], stop - start
        for c, score, said in options[r]:
            if not classes[c]:
                if atoms == 1 and (score > least or len(options[r]) == 1):
                    cost = score - DROP + said
                    end += [_Partial(p.score + cost, p.kind, p.letters, (r, c), p) for p in begin]
                continue
            shape = atoms * whole[r] + CHOICE * (score - whole[r]) + said
            floor = -inf if stop == last else tops[stop - first] - FAR
            found = _extended(begin, classes[c], shape, weight, (r, c), language, floor)
            end += found
            tops[stop - first] = max([tops[stop - first], *(p.score for p in found)])
    ends = [weight * FOLLOWS[p.kind][Kind.BORDER] + _end(p.letters, language) for p in beams[-1]]
    totals = [(p.score + end, k) for k, (p, end) in enumerate(zip(beams[-1], ends, strict=True))]
    final = sorted(totals, key=lambda total: -total[0])[:BEAM]
    readings = [Reading(score, _steps(beams[-1][k])) for score, k in final if score > final[0][0] - FAR]
    if language is None or last - first < 2:
        return readings
    gains = [_known("".join(classes[c] for _, c in r.steps), language) for r in readings]
    known = [Reading(r.score + gain, r.steps) for r, gain in zip(readings, gains, strict=True)]
    return sorted(known, key=lambda reading: -reading.score)


def _known(text: str, language: Language) -> float:
    """Return what it adds that a text is made of known words; nothing for codes, which have digits."""
    if any(map(str.isdigit, text)):
        return 0.0
    common = (language.words.get(word.strip("'")) for word in _WORDS.findall(text.lower()))
    return sum(COMMON * zipf for zipf in common if zipf is not None)


def _best(partials: list[_Partial]) -> list[_Partial]:
    """Return the best partial readings, but for those that are far from the best of all."""
    kept = sorted(partials, key=attrgetter("score"), reverse=True)[:BEAM]
    return [partial for partial in kept if partial.score > kept[0].score - FAR]


def _extended(
    begin: list[_Partial],
    character: str,
    shape: float,
    weight: float,
    step: tuple[int, int],
    language: Language | None,
    floor: float,
) -> list[_Partial]:
    """Append a character to partial readings, the best first; return those more likely than `floor`.

    `weight` is that of what follows what, none for a character that stands alone.
    """
    symbol, kinds = symbol_of(character), _kinds(character)
    found = []
    for partial in begin:
        if partial.score + shape + GAIN < floor:
            break
        kind, follows = kinds[partial.kind]
        score = partial.score + shape + weight * follows
        letters = partial.letters
        if letters is not None and language is not None:
            if symbol:
                if letters[2]:
                    score += _prior(language, letters, symbol)
                letters = (letters[1], letters[2], symbol)
            else:
                score += _end(letters, language)
                letters = None if kind == Kind.DIGIT else (0, 0, 0)
        if score > floor:
            found.append(_Partial(score, kind, letters, step, partial))
    return found


@lru_cache(maxsize=1024)
def _kinds(character: str) -> list[tuple[Kind, float]]:
    """Return which kind a character is after each kind, and how likely it follows."""
    kinds = [kind_of(character, before) for before in Kind]
    return [(kind, FOLLOWS[before][kind]) for before, kind in zip(Kind, kinds, strict=True)]


def _end(letters: Context | None, language: Language | None) -> float:
    """Return what it adds that a word ends here; nothing for single letters."""
    if letters is None or language is None or not letters[1]:
        return 0.0
    return _prior(language, letters, 0)


@lru_cache(maxsize=1 << 16)
def _prior(language: Language, letters: Context, symbol: int) -> float:
    return PRIOR * (max(SELDOM, language.log_probability(letters, symbol)) + USUAL)


def _wholeness(scores: npt.NDArray[np.floating], classes: Sequence[str]) -> list[float]:
    """Return the log-probability that each run is one of three characters: that it is one letter at all."""
    letters = scores[:, [k for k, c in enumerate(classes) if c]]
    best = np.partition(letters, -3, axis=1)[:, -3:] if letters.shape[1] > 3 else letters
    return [float(value) for value in np.logaddexp.reduce(best, axis=1)]


def _options(
    scores: npt.NDArray[np.floating], told: npt.NDArray[np.floating]
) -> list[list[tuple[int, float, float]]]:
    """Return the few classes of each run worth following, (class, score, what was told); at least two."""
    both = log_softmax(np.maximum(scores + told, _NEVER))
    order = np.argsort(-both, axis=1)[:, :MOST]
    best, said, likely = (np.take_along_axis(values, order, axis=1) for values in (scores, told, both))
    keep = (likely > np.log(LEAST)) & np.isfinite(best)
    keep[:, :2] |= np.isfinite(best[:, :2])
    return [
        [(int(c), float(s), float(t)) for c, s, t, k in zip(*row, strict=True) if k]
        for row in zip(order, best, said, keep, strict=True)
    ]


def _steps(partial: _Partial) -> tuple[tuple[int, int], ...]:
    steps = []
    while partial.before is not None and partial.step is not None:
        steps.append(partial.step)
        partial = partial.before
    return tuple(reversed(steps))
