"""A word as a lattice of runs of atoms and the characters each may be; its K best readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ocr.language import FOLLOWS, Kind, kind_of

BEAM = 10
"""Partial readings kept at each border between atoms."""
LEAST = 0.004
"""Characters less probable than this are not followed."""
CONTEXT = 0.5
"""Weight of what follows what."""
DROP = 4.0
"""Log-probability that dropping an atom as a speck costs besides that of the reject class."""


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


_Partial: TypeAlias = "tuple[float, Kind, tuple[int, int], _Partial | None]"
"""Score, kind of the last character, its run and class, and what came before."""


def read_word(
    runs: npt.NDArray[np.int64],
    scores: npt.NDArray[np.floating],
    classes: Sequence[str],
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

    Returns
    -------
    list of Reading
        The best first; never empty.
    """
    first, last = int(runs[0, 0]), int(runs[:, 1].max())
    kinds = [kind_of(c) if c else None for c in classes]
    beams: list[list[_Partial]] = [[] for _ in range(last - first + 1)]
    beams[0].append((0.0, Kind.START, (-1, -1), None))
    options = _options(scores)
    for r, (start, stop) in enumerate(runs.tolist()):
        begin = beams[start - first]
        if not begin:
            continue
        if len(begin) > BEAM:
            begin.sort(key=lambda hypothesis: -hypothesis[0])
            del begin[BEAM:]
        end, atoms = beams[stop - first], stop - start
        for c, score in options[r]:
            kind = kinds[c]
            if kind is None:
                if atoms == 1:
                    end += [(h[0] + score - DROP, h[1], (r, c), h) for h in begin]
                continue
            weighted = atoms * score
            follows = FOLLOWS[:, kind]
            end += [(h[0] + weighted + CONTEXT * follows[h[1]], kind, (r, c), h) for h in begin]
    final = sorted(beams[-1], key=lambda hypothesis: -hypothesis[0])[:BEAM]
    return [Reading(float(h[0]), _steps(h)) for h in final]


def _options(scores: npt.NDArray[np.floating]) -> list[list[tuple[int, float]]]:
    """Return the few classes of each run worth following, as (class, score); at least its best two."""
    order = np.argsort(-scores, axis=1)[:, :5]
    best = np.take_along_axis(scores, order, axis=1)
    keep = (best > np.log(LEAST)) & np.isfinite(best)
    keep[:, :2] |= np.isfinite(best[:, :2])
    return [
        [(int(c), float(s)) for c, s, k in zip(o, b, m, strict=True) if k]
        for o, b, m in zip(order, best, keep, strict=True)
    ]


def _steps(hypothesis: _Partial) -> tuple[tuple[int, int], ...]:
    steps = []
    while hypothesis[3] is not None:
        steps.append(hypothesis[2])
        hypothesis = hypothesis[3]
    return tuple(reversed(steps))
