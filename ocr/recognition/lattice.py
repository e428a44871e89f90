"""All that a page may read as: every run of ink that may be a letter, and what it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Classifier, log_softmax
from ocr.recognition.decode import Reading, read_words
from ocr.recognition.language import Language
from ocr.recognition.line_reader import Frames, LineReader, LineScores, frames_of, run_evidence
from ocr.recognition.placement import Ruling, fit_ruling, place_scores
from ocr.recognition.weights import load_weights
from pipelines.layout.segment import Atoms, cut_glyphs, find_runs, make_atoms, run_boxes
from pipelines.pipeline import sheet_stroke
from pipelines.sheet import Sheet

SURE = 0.98
"""A stack read with at least this probability is neither cut nor joined."""
PARTS = frozenset("'`")
"""Characters that may be a part of another even when they are surely read."""
INNER = 0.25
"""A border this share of a stack's width away from its ends goes through its middle."""
WIDEST = 1.2
"""Widths of letters are counted up to so many of their heights."""
PLACE_WEIGHT = 0.5
"""How much the place of a glyph on its line counts beside its shape."""

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """All that a page may read as.

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
        Of each line; None where too little tells.
    evidence : float32 array, shape (R, C), or None
        What the line as a whole says of each run: log-probabilities that it is the class and nothing else.
    frames : Frames or None
        What that was taken from.
    readings : tuple of list of Reading
        The best readings of each word, in order; a list is empty where nothing may be read.
    """

    sheet: Sheet
    atoms: Atoms
    runs: npt.NDArray[np.int64]
    glyphs: npt.NDArray[np.uint8]
    scores: Floats
    rulings: tuple[Ruling | None, ...] = ()
    evidence: Floats | None = None
    frames: Frames | None = None
    readings: tuple[list[Reading], ...] = ()

    def words(self) -> list[slice]:
        """Return which runs belong to each word."""
        return [slice(start, stop) for start, stop in _extents(self.atoms.word[self.runs[:, 0]])]

    def decoded(
        self, classes: tuple[str, ...], language: Language | None, former: Lattice | None = None
    ) -> Lattice:
        """Return the lattice with the best readings of every word.

        Words that are made of the same atoms in `former`, the same lattice with other borders between
        words, keep its readings.
        """
        known = dict(zip(former.extents(), former.readings, strict=True)) if former is not None else {}
        extents = self.extents()
        new = [part for part, extent in zip(self.words(), extents, strict=True) if extent not in known]
        found = iter(
            read_words(self.runs, self.scores, classes, new, load_weights(), language, self.evidence)
        )
        readings = tuple(known[extent] if extent in known else next(found) for extent in extents)
        return replace(self, readings=readings)

    def chosen(self) -> npt.NDArray[np.int64]:
        """Return the steps of the best readings, int64 (N, 3): run, class, and place in the word from 0."""
        steps = [
            (part.start + run, c, place)
            for part, readings in zip(self.words(), self.readings, strict=True)
            for place, (run, c) in enumerate(readings[0].steps if readings else ())
        ]
        return np.array(steps, np.int64).reshape(-1, 3)

    def extents(self) -> list[tuple[int, int]]:
        """Return the first atom of each word, and the atom past its last."""
        return _extents(self.atoms.word)


def _extents(numbers: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return where 0, 1, 2 and so on begin and end in `numbers`, which never fall."""
    return list(pairwise(np.searchsorted(numbers, np.arange(numbers.max(initial=-1) + 2)).tolist()))


def build_lattice(
    whole: Lattice, classifier: Classifier, barred: Mask, line_reader: LineReader | None = None
) -> Lattice:
    """Weigh the uncut stacks of a page by place, and cut and join those that are not surely letters.

    Parameters
    ----------
    whole : Lattice
        The stacks, uncut, by their shapes alone: from :func:`uncut_lattice`.
    classifier : Classifier
    barred : bool array, shape (C,)
        Classes that may not be read; the reject class is none of them.
    line_reader : LineReader, optional
        What else is asked about every run.
    """
    sheet = whole.sheet
    rulings = _rulings(whole.atoms, whole.scores, classifier)
    scores = _placed(whole.atoms.boxes, whole.atoms.line, whole.scores, rulings, classifier)
    lines = line_reader.read(sheet) if line_reader is not None and sheet.lines else []
    reject = int(np.flatnonzero(classifier.rejects)[0])
    borders = [line.borders(reject) for line in lines]
    settled = _settled(scores, whole.atoms, classifier.rejects)
    settled &= ~_parted(whole.atoms, borders)
    settled |= ~np.array([line.cut for line in sheet.lines], bool)[whole.atoms.line]
    if settled.all():
        found = replace(whole, scores=_allowed(scores, barred, reject), rulings=rulings)
        return _witnessed(found, lines, classifier.classes)
    atoms = make_atoms(sheet, ~settled, sheet_stroke(sheet), borders)
    alone = settled[atoms.stack]
    parts = np.array([c in PARTS for c in classifier.classes])[scores.argmax(axis=1)]
    runs = find_runs(atoms, alone & ~parts[atoms.stack])
    if len(runs) > sheet.limits.runs:
        beyond = atoms.stack[runs[sheet.limits.runs, 0]]
        said = "more of its ink touches than can be cut apart: what comes last is read as it stands"
        settled |= np.arange(len(settled)) >= beyond
        atoms = make_atoms(sheet, ~settled, sheet_stroke(sheet), borders)
        alone = settled[atoms.stack]
        runs, sheet = find_runs(atoms, alone & ~parts[atoms.stack]), sheet.warned(said)
    known = (runs[:, 1] - runs[:, 0] == 1) & alone[runs[:, 0]]
    glyphs = np.empty((len(runs), *whole.glyphs.shape[1:]), np.uint8)
    shapes = np.empty((len(runs), len(classifier.classes)), np.float32)
    glyphs[known] = whole.glyphs[atoms.stack[runs[known, 0]]]
    shapes[known] = whole.scores[atoms.stack[runs[known, 0]]]
    glyphs[~known] = cut_glyphs(sheet.dark, atoms, runs[~known])
    shapes[~known] = classifier.log_probabilities(glyphs[~known])
    scores = _placed(run_boxes(atoms, runs), atoms.line[runs[:, 0]], shapes, rulings, classifier)
    found = Lattice(sheet, atoms, runs, glyphs, _allowed(scores, barred, reject), rulings)
    return _witnessed(found, lines, classifier.classes)


def _witnessed(lattice: Lattice, lines: Sequence[LineScores], classes: Sequence[str]) -> Lattice:
    """Add what is known of the lines as a whole, if anything is."""
    if not lines:
        return lattice
    frames = frames_of(lines, lattice.atoms)
    return replace(lattice, frames=frames, evidence=run_evidence(frames, lattice.runs, classes))


def _parted(atoms: Atoms, borders: Sequence[npt.NDArray[np.int64]]) -> Mask:
    """Tell through the middle of which stacks, uncut, a border between letters goes."""
    parted = np.zeros(len(atoms.boxes), bool)
    extents = _extents(atoms.line)
    for columns, (first, stop) in zip(borders, extents[: len(borders)], strict=False):
        left, right = atoms.boxes[first:stop, 0], atoms.boxes[first:stop, 2]
        edge = INNER * (right - left)
        after = np.searchsorted(columns, left + edge)
        parted[first:stop] = np.searchsorted(columns, right - edge) > after
    return parted


def uncut_lattice(sheet: Sheet, classifier: Classifier) -> Lattice:
    """Classify every stack of the page as it is, by its shape alone."""
    atoms = make_atoms(sheet)
    runs = find_runs(atoms, np.ones(len(atoms.boxes), bool))
    glyphs = cut_glyphs(sheet.dark, atoms, runs)
    return Lattice(sheet, atoms, runs, glyphs, classifier.log_probabilities(glyphs))


def sample_glyphs(sheet: Sheet, count: int) -> npt.NDArray[np.uint8]:
    """Return up to `count` of the uncut stacks as glyphs, evenly over the page, uint8 (N, 28, 28)."""
    atoms = make_atoms(sheet)
    runs = find_runs(atoms, np.ones(len(atoms.boxes), bool))
    chosen = np.linspace(0, len(runs) - 1, min(len(runs), count)).astype(int)
    return cut_glyphs(sheet.dark, atoms, runs[chosen])


def best_three(scores: Floats, excluded: Mask) -> Floats:
    """Return the probabilities of the three likeliest classes but for `excluded`, rising, float32 (N, 3).

    Their sum says how surely a glyph is one letter, whichever of its look-alikes.
    """
    return np.sort(np.exp(_bound(scores, excluded)), axis=1)[:, -3:]


def likeness(lattice: Lattice, classifier: Classifier, barred: Mask) -> float:
    """Return how much the best readings look like letters, 0 to 1.

    By the areas of the glyphs, the probability that each is one of three characters. Ink that is dropped
    looks like none, unless some characters are barred, whose ink it may be.
    """
    likely = best_three(lattice.scores, barred | classifier.rejects).sum(axis=1)
    boxes = run_boxes(lattice.atoms, lattice.runs)
    areas = ((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).astype(float)
    total = gained = 0.0
    for part, readings in zip(lattice.words(), lattice.readings, strict=True):
        for run, c in readings[0].steps if readings else ():
            if classifier.rejects[c] and barred.any():
                continue
            total += areas[part.start + run]
            gained += areas[part.start + run] * likely[part.start + run] * (not classifier.rejects[c])
    return gained / total if total else 0.0


def text_width(lattice: Lattice, classifier: Classifier, barred: Mask, boxes: npt.NDArray[np.int32]) -> float:
    """Return how much text the best readings find: the widths of what looks like letters, less the rest.

    Of each glyph counts twice the probability that it is one of three characters less 1, and likewise that
    of what the line as a whole says of it. No glyph counts for more than a wide letter of its height.

    Parameters
    ----------
    boxes : int32 array, shape (R, 4)
        Those of the runs, in pixels of the picture as loaded, as all readings of it must be compared.
    """
    steps = lattice.chosen()
    runs, chosen = steps[~classifier.rejects[steps[:, 1]], :2].T
    sure = best_three(lattice.scores[runs], barred | classifier.rejects).sum(axis=1)
    if lattice.evidence is not None:
        sure = (sure + np.exp(lattice.evidence[runs, chosen])) / 2
    size = (boxes[runs, 2:] - boxes[runs, :2]).astype(float)
    return float((np.minimum(size[:, 0], WIDEST * size[:, 1]) * (2 * sure - 1)).sum())


def _rulings(atoms: Atoms, shapes: Floats, classifier: Classifier) -> tuple[Ruling | None, ...]:
    """Fit each line's baseline and x-height."""
    probabilities = np.exp(shapes)
    return tuple(
        fit_ruling(atoms.boxes[a:b], probabilities[a:b], classifier.placement, float(atoms.height[a]))
        for a, b in _extents(atoms.line)
    )


def _placed(
    boxes: npt.NDArray[np.int32],
    line: npt.NDArray[np.int64],
    shapes: Floats,
    rulings: tuple[Ruling | None, ...],
    classifier: Classifier,
) -> Floats:
    """Weigh shapes by place: log-probabilities (N, C)."""
    scores = shapes.copy()
    borders = np.searchsorted(line, np.arange(len(rulings) + 1)).tolist()
    for ruling, (start, stop) in zip(rulings, pairwise(borders), strict=True):
        if ruling is not None:
            scores[start:stop] += PLACE_WEIGHT * place_scores(boxes[start:stop], ruling, classifier.placement)
    return log_softmax(scores)


def _settled(scores: Floats, atoms: Atoms, excluded: Mask) -> Mask:
    """Tell which stacks are surely letters: one of three characters, and no wider than a letter."""
    best = best_three(scores, excluded)
    widths = atoms.boxes[:, 2] - atoms.boxes[:, 0]
    return np.asarray((best.sum(axis=1) > SURE) & (best[:, -1] > 0.5) & (widths < 2.2 * atoms.height))


def _allowed(scores: Floats, barred: Mask, reject: int) -> Floats:
    """Take the barred characters for no characters, so that what looks like one of them is dropped."""
    if not barred.any():
        return scores
    found = _bound(scores, barred)
    found[:, reject] = np.logaddexp(scores[:, reject], np.logaddexp.reduce(scores[:, barred], axis=1))
    return found


def _bound(scores: Floats, barred: Mask) -> Floats:
    return np.where(barred, np.float32(-np.inf), scores) if barred.any() else scores
