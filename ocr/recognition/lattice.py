"""The lattice of a page: all candidate runs of ink, their possible characters, and the best readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import log_softmax
from ocr.recognition.decode import Reading, read_words
from ocr.recognition.language import Language
from ocr.recognition.line_reader import Frames, Strips
from ocr.recognition.placement import Ruling
from ocr.recognition.weights import Weights
from pipelines.clean.geometry import move_boxes
from pipelines.layout.segment import Atoms, run_boxes
from pipelines.sheet import Boxes, Mark, Matrix, Sheet

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Decoder:
    """Finds the best readings of words, for given classes, language and weights.

    Attributes
    ----------
    classes : tuple of str
    language : Language or None
    weights : Weights
    shape_weight : float
        Weight of the scores of shape and place: 1, or less where ink and paper are hard to tell apart.
    """

    classes: tuple[str, ...]
    language: Language | None
    weights: Weights
    shape_weight: float = 1.0

    def __call__(
        self, runs: Ints, scores: Floats, evidence: Floats, words: Sequence[slice]
    ) -> list[list[Reading]]:
        """Return the readings of each word, the best first; `words` are slices of the runs."""
        if self.shape_weight != 1:
            scores = log_softmax(np.float32(self.shape_weight) * scores)
        return read_words(runs, scores, self.classes, words, self.weights, self.language, evidence)


@dataclass(frozen=True, eq=False)
class Lattice:
    """All possible readings of a page. It is always fully decoded.

    Attributes
    ----------
    sheet : Sheet
    atoms : Atoms
    runs : int64 array, shape (R, 2)
        Runs of atoms, sorted.
    glyphs : uint8 array, shape (R, 28, 28)
    scores : float32 array, shape (R, C)
        Log-probabilities, shape and place together.
    rulings : tuple of Ruling or None
        The ruling of each line; None where there is too little evidence.
    frames : Frames
        Scores of the line network; empty where it was not used.
    evidence : float32 array, shape (R, C)
        Evidence of the line network for each run: log-probabilities that it is the class and nothing else.
        Zeros where that network was not used.
    readings : tuple of list of Reading
        The best readings of each word, in order; a list is empty where nothing may be read.
    row : int or None
        The line of the whole sheet to which a part belongs that was read by itself; None for any other text.
    strips : dict
        Lines of this sheet that the line network has read.
    """

    sheet: Sheet
    atoms: Atoms
    runs: Ints
    glyphs: npt.NDArray[np.uint8]
    scores: Floats
    rulings: tuple[Ruling | None, ...]
    frames: Frames
    evidence: Floats
    readings: tuple[list[Reading], ...]
    row: int | None = None
    strips: Strips = field(default_factory=dict)

    @cached_property
    def words(self) -> list[slice]:
        """The runs of each word, as slices."""
        return words_of(self.atoms, self.runs)

    @cached_property
    def boxes(self) -> Boxes:
        """The box of each run without the marks over it, int32 (R, 4), in working pixels."""
        return run_boxes(self.atoms, self.runs)

    @cached_property
    def marks(self) -> dict[int, Mark]:
        """The marks of the page, by the runs below them, whose extent contains the mark's middle."""
        over: dict[int, Mark] = {}
        line = self.atoms.line[self.runs[:, 0]]
        for mark in self.sheet.marks:
            middle = (mark.box[0] + mark.box[2]) / 2
            held = (line == mark.line) & (self.boxes[:, 0] <= middle) & (middle < self.boxes[:, 2])
            over.update(dict.fromkeys(np.flatnonzero(held).tolist(), mark))
        return over

    @cached_property
    def marked_boxes(self) -> Boxes:
        """The box of each run with the marks over it, int32 (R, 4), in working pixels."""
        if not self.marks:
            return self.boxes
        found = self.boxes.copy()
        runs = np.array(list(self.marks))
        marks = np.array([mark.box for mark in self.marks.values()], found.dtype)
        found[runs, :2] = np.minimum(found[runs, :2], marks[:, :2])
        found[runs, 2:] = np.maximum(found[runs, 2:], marks[:, 2:])
        return found

    @cached_property
    def chosen(self) -> Ints:
        """The steps of the best readings, int64 (N, 3): run, class, and place in the word from 0."""
        steps = [
            (part.start + run, c, place)
            for part, readings in zip(self.words, self.readings, strict=True)
            for place, (run, c) in enumerate(readings[0].steps if readings else ())
        ]
        return np.array(steps, np.int64).reshape(-1, 3)

    @property
    def chosen_lines(self) -> Ints:
        """The line of the sheet on which each letter of the best readings stands, int64 (N,)."""
        return np.asarray(self.atoms.line[self.runs[self.chosen[:, 0], 0]], np.int64)

    def read_boxes(self, width: int, height: int) -> Boxes:
        """Return the boxes of the best letters with their marks, int32 (N, 4), in pixels of a picture."""
        return move_boxes(self.marked_boxes[self.chosen[:, 0]], self.sheet.to_picture, width, height)

    def moved(self, to_picture: Matrix) -> Lattice:
        """Return the lattice of a part of a picture, mapped into the whole picture by a matrix (3, 3)."""
        return replace(self, sheet=replace(self.sheet, to_picture=to_picture @ self.sheet.to_picture))

    def changed(self, decoder: Decoder, stale: Mask | None = None, **parts: Any) -> Lattice:
        """Return the lattice with changed fields; only the words that these affect are decoded again.

        Parameters
        ----------
        decoder : Decoder
        stale : bool array, shape (R,), optional
            The runs whose scores or evidence change.
        **parts
            Fields of the lattice. A word with other atoms is always decoded again.
        """
        known = dict(zip(extents(self.atoms.word), self.readings, strict=True))
        found = replace(self, **parts)
        kept = [known.get(extent) for extent in extents(found.atoms.word)]
        if stale is not None:
            kept = [
                None if stale[word].any() else readings
                for word, readings in zip(found.words, kept, strict=True)
            ]
        fresh = [word for word, readings in zip(found.words, kept, strict=True) if readings is None]
        decoded = iter(decoder(found.runs, found.scores, found.evidence, fresh))
        readings = tuple(next(decoded) if one is None else one for one in kept)
        return replace(found, readings=readings)


def extents(numbers: Ints) -> list[tuple[int, int]]:
    """Return where each of 0, 1, 2 and so on begins and ends in `numbers`, which are sorted."""
    return list(pairwise(np.searchsorted(numbers, np.arange(numbers.max(initial=-1) + 2)).tolist()))


def words_of(atoms: Atoms, runs: Ints) -> list[slice]:
    """Return the runs of each word, as slices."""
    return [slice(start, stop) for start, stop in extents(atoms.word[runs[:, 0]])]
