"""The line network: it reads strips of whole lines, and gives evidence for every run of ink.

It only adds evidence, never letters: every letter that is read has ink, a box and alternatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nn.data.tasks import TASKS
from nn.errors import ModelError
from nn.sequence import SequenceModel
from ocr.recognition.budget import UNLIMITED, Budget
from ocr.recognition.classify import log_softmax
from pipelines.layout.segment import Atoms
from pipelines.layout.strips import HEIGHT, Strip

BUNDLED = Path(__file__).parents[1] / "models" / "lines.safetensors"
BLANK, SPACE = "", " "
LEAST = -24.0
"""Least log-probability of a class of a run, in nats."""
STOPS, LEAST_STOP = frozenset(".,"), -7.4
"""Small marks at the end of a line, which the network often misses; and a floor of their log-probability."""

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Strips = dict[tuple[tuple[tuple[int, ...], ...], ...], tuple[Strip, Floats]]
"""Lines that have been read, by the words of `TextLine`: each as a strip, and what `likely` gives for it."""


@dataclass(frozen=True, slots=True, eq=False)
class LineScores:
    """Scores of the line network for one line.

    Attributes
    ----------
    scores : float32 array, shape (T, C)
        Log-probabilities of the reader's classes, frame by frame; the reject class stands for the blank:
        nothing new in a frame.
    space : float32 array, shape (T,)
        Log-probability of white between words.
    left, pitch : float
        The column of the working picture at which the first frame begins, and columns per frame.
    """

    scores: Floats
    space: Floats
    left: float
    pitch: float

    def borders(self, reject: int) -> Ints:
        """Return the working columns between letters, from the likeliest class of each frame."""
        best = self.scores.argmax(axis=1)
        starts, ends = stretches(best, reject)
        letters = best[starts] != reject
        middles = (ends[letters][:-1] + starts[letters][1:]) / 2
        return np.asarray(np.round(self.left + self.pitch * middles), np.int64)


def stretches(best: Ints, nothing: int) -> tuple[Ints, Ints]:
    """Return where each stretch of frames of one class begins and ends; `nothing` is before them."""
    starts = np.flatnonzero(np.diff(best, prepend=nothing) != 0)
    return starts, np.append(starts[1:], len(best))[: len(starts)]


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Scores of the line network for the lines of a page, concatenated.

    Attributes
    ----------
    scores, space : float32 arrays, shapes (T, C) and (T,)
        As in `LineScores`.
    borders : int64 array, shape (A + 1,)
        The frame at which each atom begins, and the total; lines never share frames.
    """

    scores: Floats
    space: Floats
    borders: Ints


class LineReader:
    """A line network whose output is mapped to a reader's classes.

    The two need not know the same characters. A character that only the reader knows gets the probability of
    the network's characters in general; if there are none of those, characters that only the network knows
    are rejects.

    Parameters
    ----------
    model : SequenceModel
    classes : tuple of str
        Those of the reader; the empty string is its reject class.
    task : str
        Which characters they distinguish, a key of `nn.data.tasks.TASKS`.
    """

    def __init__(self, model: SequenceModel, classes: tuple[str, ...], task: str = "") -> None:
        self.model = model
        self.space = model.classes.index(SPACE)
        columns: dict[str | None, list[int]] = {}
        for index, name in enumerate(model.classes):
            if name not in (BLANK, SPACE):
                found = TASKS[task](name)
                columns.setdefault(found if found in classes else BLANK, []).append(index)
        self.foreign = np.array(columns.pop(BLANK, []), np.int64)
        self.columns = [columns.get(c, []) for c in classes]
        self.rejects = np.array([c == BLANK for c in classes])
        self.known = np.array([bool(found) for found in self.columns])
        self.places = np.array([found[0] if found else 0 for found in self.columns])
        self.lacking = ~self.known & ~self.rejects
        self.budget = UNLIMITED

    def within(self, budget: Budget) -> LineReader:
        """Return the same network, whose work on a picture is counted."""
        counted = copy(self)
        counted.budget = budget
        return counted

    def likely(self, strips: Sequence[npt.NDArray[np.uint8]]) -> list[Floats]:
        """Return log-probabilities of the network's own classes, frame by frame, for a batch of strips."""
        self.budget.spend(columns=sum(strip.shape[1] for strip in strips))
        return [log_softmax(logits) for logits in self.model.read(list(strips))] if strips else []

    def confidence(self, likely: Sequence[Floats]) -> tuple[float, int]:
        """Return the confidence of the letters on strips, and their number.

        The confidence is the mean log-probability of the likeliest class over the frames where that is a
        letter.

        Parameters
        ----------
        likely : sequence of float32 arrays, shape (T, C)
            From `likely`.
        """
        frames = np.concatenate([*likely, np.zeros((0, len(self.model.classes)), np.float32)])
        best = frames.argmax(axis=1)
        letters = (best != 0) & (best != self.space)
        starts = letters & (np.diff(best, prepend=0) != 0)
        return float(frames.max(axis=1)[letters].mean()) if letters.any() else LEAST, int(starts.sum())

    def scores(self, strip: Strip, likely: Floats) -> LineScores:
        """Return the scores of a strip, given by `likely`, in the classes of the reader."""
        named = np.where(self.known, likely[:, self.places], np.float32(LEAST))
        for index, found in enumerate(self.columns):
            if len(found) > 1:
                named[:, index] = np.logaddexp.reduce(likely[:, found], axis=1)
        nothing = np.logaddexp(likely[:, 0], likely[:, self.space])
        if self.lacking.any():
            any_character = np.log(np.maximum(-np.expm1(nothing), np.exp(LEAST)))
            named[:, self.lacking] = any_character[:, None]
        elif len(self.foreign):
            nothing = np.logaddexp(nothing, np.logaddexp.reduce(likely[:, self.foreign], axis=1))
        named[:, self.rejects] = nothing[:, None]
        return LineScores(named, likely[:, self.space], strip.left, self.model.stride / strip.scale)


def frames_of(lines: Sequence[LineScores], atoms: Atoms, reject: int, reach: int) -> Frames:
    """Assign frames to atoms: borders are half-way between one atom and the next.

    Frames `reach` or farther from all ink say nothing, whatever they are read as. The network is never quite
    sure of white, and over a gap of hundreds of frames the doubt adds up until no letter beside it counts.

    Parameters
    ----------
    lines : sequence of LineScores
    atoms : Atoms
        Those of these lines.
    reject : int
        The reject class, which stands for nothing.
    reach : int
    """
    borders, start = [], 0
    extents = np.searchsorted(atoms.line, np.arange(len(lines) + 1)).tolist()
    scores = np.concatenate([line.scores for line in lines])
    for line, (first, stop) in zip(lines, pairwise(extents), strict=True):
        ends = np.maximum.accumulate(atoms.boxes[first:stop, 2])
        middles = (atoms.boxes[first + 1 : stop, 0] + ends[:-1]) / 2
        inner = np.round((middles - line.left) / line.pitch).astype(np.int64)
        inner = np.maximum.accumulate(np.clip(inner, 0, len(line.space)))
        borders += [[start], start + inner]
        begun, ended = ((side - line.left) / line.pitch for side in (atoms.boxes[first:stop, 0], ends))
        for gap in np.flatnonzero(begun[1:] - ended[:-1] > 2 * reach).tolist():
            low, high = int(ended[gap]) + reach, int(begun[gap + 1]) - reach
            silent = scores[start + max(0, low) : start + min(len(line.space), high)]
            silent[:] = LEAST
            silent[:, reject] = 0
        start += len(line.space)
    space = np.concatenate([line.space for line in lines])
    return Frames(scores, space, np.concatenate([*borders, [start]]).astype(np.int64))


def no_frames(atoms: int, classes: int) -> Frames:
    """Return the frames of this many atoms where no line was read: none."""
    return Frames(np.zeros((0, classes), np.float32), np.zeros(0, np.float32), np.zeros(atoms + 1, np.int64))


def run_evidence(frames: Frames, runs: Ints, classes: Sequence[str]) -> Floats:
    """Return the log-probability that each run is each class and nothing else, float32 (R, C), in nats.

    For a class c, the frames of a run are blank, then c, then blank; the likeliest such alignment counts.
    With D the running sum of ``log p(c) - log p(blank)``, that is the greatest rise ``D[j] - D[i]``, i < j,
    plus ``log p(blank)`` of all frames.
    """
    reject = classes.index(BLANK)
    nothing = frames.scores[:, reject]
    rises = np.zeros((len(nothing) + 1, frames.scores.shape[1]), np.float32)
    np.cumsum(frames.scores - nothing[:, None], axis=0, out=rises[1:])
    silence = np.concatenate([[0], np.cumsum(nothing, dtype=np.float64)])
    start, stop = frames.borders[runs[:, 0]], frames.borders[runs[:, 1]]
    best = np.full((len(runs), frames.scores.shape[1]), -np.inf, np.float32)
    low = rises[start]
    order = np.argsort(start - stop, kind="stable")
    lengths = (stop - start)[order]
    start, low, best = start[order], low[order], best[order]
    for step in range(1, int(lengths.max(initial=0)) + 1):
        count = int(np.searchsorted(-lengths, -step, side="right"))
        here = rises[start[:count] + step]
        np.maximum(best[:count], here - low[:count], out=best[:count])
        np.minimum(low[:count], here, out=low[:count])
    result = np.empty_like(best)
    result[order] = best
    silent = (silence[stop] - silence[frames.borders[runs[:, 0]]]).astype(np.float32)
    result += silent[:, None]
    result[:, reject] = silent
    return np.maximum(result, np.array([LEAST_STOP if c in STOPS else LEAST for c in classes], np.float32))


@lru_cache(maxsize=4)
def load_line_reader(path: Path, classes: tuple[str, ...], task: str = "") -> LineReader:
    """Load a line network for a reader with given classes.

    Raises
    ------
    nn.errors.ModelError
        The file is missing, damaged, or not a line network.
    """
    model = SequenceModel.load(path)
    if model.input_shape[0] != HEIGHT or model.classes[0] != BLANK or SPACE not in model.classes:
        raise ModelError(f"{path}: no network for strips of {HEIGHT} rows that knows blanks and spaces")
    return LineReader(model, classes, task)
