"""Builds the lattice of a page: stacks of ink are scored by shape and place, and cut and joined."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Classifier, Floats, log_softmax
from ocr.recognition.lattice import Decoder, Lattice, extents, words_of
from ocr.recognition.likely_runs import likely_runs
from ocr.recognition.likeness import best_three, without
from ocr.recognition.line_reader import BLANK, Frames, LineScores, frames_of, no_frames, run_evidence
from ocr.recognition.params import STANDARD, CandidateParams, LetterParams, PlacementParams
from ocr.recognition.placement import Ruling, fit_ruling, place_scores
from ocr.recognition.sheet_cache import Stacks
from pipelines.layout.segment import Atoms, cut_glyphs, find_runs, make_atoms, run_boxes
from pipelines.pipeline import sheet_stroke
from pipelines.sheet import Mask, Sheet

PARTS = frozenset("'`")
"""Characters that may be part of another one even if they are read with certainty."""


def build_lattice(
    sheet: Sheet,
    stacks: Stacks,
    looks: Sequence[Sequence[LineScores]],
    classifier: Classifier,
    barred: Mask,
    decoder: Decoder,
    params: LetterParams = STANDARD,
    loose_ends: bool = False,
    most: float = np.inf,
) -> Lattice:
    """Score the uncut stacks of a page by place, cut and join those that are not certain, and decode.

    Parameters
    ----------
    sheet : Sheet
    stacks : Stacks
        Those of the sheet.
    looks : sequence of sequence of LineScores
        Scores of the line network for each line of the sheet, from one strip or several.
    classifier : Classifier
    barred : bool array, shape (C,)
        Classes that may not be read; never the reject class.
    decoder : Decoder
    params : LetterParams
    loose_ends : bool
        Whether the ends of lines may be no letters, so that they must be droppable, atom by atom.
    most : float
        Most candidates, beside the limit of the sheet.
    """
    numbers = params.candidates
    rulings = _rulings(stacks.atoms, stacks.scores, classifier, params.placement)
    scores = _placed(stacks.atoms.boxes, stacks.atoms.line, stacks.scores, rulings, classifier, params)
    reject = int(np.flatnonzero(classifier.rejects)[0])
    borders = [first.borders(reject) for first, *_ in looks]
    trust = np.array([_trust(first, reject, numbers) for first, *_ in looks], np.float32)
    frames, evidence = _said(looks, trust, stacks.atoms, stacks.runs, classifier.classes, numbers)
    settled = _settled(scores, stacks.atoms, classifier.rejects, numbers)
    whole = settled | _agreed(scores, evidence, classifier.classes, numbers)
    settled &= ~_doubted(scores, evidence, numbers)
    uncut = ~np.array([line.cut for line in sheet.lines], bool)[stacks.atoms.line]
    parted = _parted(stacks.atoms, borders, numbers.inner)
    settled, whole = settled & ~parted | uncut, whole & ~parted | uncut
    atoms, runs, glyphs = stacks.atoms, stacks.runs, stacks.glyphs
    if not settled.all():
        parts = np.array([c in PARTS for c in classifier.classes])[scores.argmax(axis=1)]
        sheet, atoms, runs, alone = _cut(sheet, settled, whole, parts, borders, most)
        frames, evidence = _said(looks, trust, atoms, runs, classifier.classes, numbers)
        tried = likely_runs(atoms, runs, evidence[:, ~classifier.rejects], numbers.unlikely)
        if loose_ends:
            tried |= _end_atoms(atoms, runs, tried)
        runs, evidence = runs[tried], evidence[tried]
        known = (runs[:, 1] - runs[:, 0] == 1) & alone[runs[:, 0]]
        glyphs = np.empty((len(runs), *stacks.glyphs.shape[1:]), np.uint8)
        shapes = np.empty((len(runs), len(classifier.classes)), np.float32)
        glyphs[known] = stacks.glyphs[atoms.stack[runs[known, 0]]]
        shapes[known] = stacks.scores[atoms.stack[runs[known, 0]]]
        glyphs[~known] = cut_glyphs(sheet.dark, atoms, runs[~known])
        shapes[~known] = classifier.log_probabilities(glyphs[~known])
        scores = _placed(run_boxes(atoms, runs), atoms.line[runs[:, 0]], shapes, rulings, classifier, params)
    scores = _allowed(scores, barred, reject)
    readings = tuple(decoder(runs, scores, evidence, words_of(atoms, runs)))
    return Lattice(sheet, atoms, runs, glyphs, scores, rulings, frames, evidence, readings)


def letter_lattice(
    sheet: Sheet, stacks: Stacks, scores: npt.NDArray[np.floating], decoder: Decoder
) -> Lattice:
    """Return the lattice of a letter that stands alone, which is decided by its own scores.

    Parameters
    ----------
    sheet : Sheet
    stacks : Stacks
        Those of the sheet.
    scores : float array, shape (N, C)
        Log-probabilities of the stacks.
    decoder : Decoder
    """
    atoms, runs = stacks.atoms, stacks.runs
    frames, evidence = no_frames(len(atoms.boxes), scores.shape[1]), np.zeros_like(stacks.scores)
    readings = tuple(decoder(runs, scores, evidence, words_of(atoms, runs)))
    rulings = (None,) * len(sheet.lines)
    return Lattice(sheet, atoms, runs, stacks.glyphs, scores, rulings, frames, evidence, readings)


def _cut(
    sheet: Sheet,
    settled: Mask,
    whole: Mask,
    parts: Mask,
    borders: Sequence[npt.NDArray[np.int64]],
    most: float,
) -> tuple[Sheet, Atoms, npt.NDArray[np.int64], Mask]:
    """Cut the stacks that may hold several letters, and join those that are not settled.

    Returns
    -------
    Sheet, Atoms, runs, and which atoms are whole stacks.
    """
    stroke = sheet_stroke(sheet)
    atoms = make_atoms(sheet, ~whole, stroke, borders)
    runs = find_runs(atoms, (settled & ~parts)[atoms.stack])
    most = min(most, sheet.limits.runs)
    if len(runs) > most:
        beyond = atoms.stack[runs[int(most), 0]]
        said = "more of its ink touches than can be cut apart: what comes last is read as it stands"
        last = np.arange(len(settled)) >= beyond
        settled, whole = settled | last, whole | last
        del atoms  # its memory is needed
        atoms = make_atoms(sheet, ~whole, stroke, borders)
        runs, sheet = find_runs(atoms, (settled & ~parts)[atoms.stack]), sheet.warned(said)
    return sheet, atoms, runs, whole[atoms.stack]


def _end_atoms(atoms: Atoms, runs: npt.NDArray[np.int64], tried: Mask) -> Mask:
    """Return which runs are single atoms of the runs tried that begin or end a line."""
    count = len(atoms.boxes)
    within = np.zeros(count + 1, np.int64)
    for start, stop in extents(atoms.line):
        at_end = tried & ((runs[:, 0] == start) | (runs[:, 1] == stop))
        np.add.at(within, runs[at_end, 0], 1)
        np.add.at(within, runs[at_end, 1], -1)
    is_end = np.cumsum(within[:count]) > 0
    return np.asarray((runs[:, 1] == runs[:, 0] + 1) & is_end[runs[:, 0]])


def _said(
    looks: Sequence[Sequence[LineScores]],
    trust: Floats,
    atoms: Atoms,
    runs: npt.NDArray[np.int64],
    classes: Sequence[str],
    numbers: CandidateParams,
) -> tuple[Frames, Floats]:
    """Return the line network's scores of atoms and of runs, weighted by the trust in each line.

    Scores of runs are means over all strips of their line.
    """
    if not looks:
        frames = no_frames(len(atoms.boxes), len(classes))
        return frames, run_evidence(frames, runs, classes)
    around = classes.index(BLANK), numbers.silent
    frames = frames_of([first for first, *_ in looks], atoms, *around)
    evidence = run_evidence(frames, runs, classes)
    lines = atoms.line[runs[:, 0]]
    counts = np.array([len(each) for each in looks])
    for k in range(1, counts.max()):
        again = (counts > k)[lines]
        others = frames_of([each[min(k, len(each) - 1)] for each in looks], atoms, *around)
        evidence[again] += (run_evidence(others, runs[again], classes) - evidence[again]) / (k + 1)
    return frames, evidence * trust[lines, None]


def _trust(line: LineScores, reject: int, numbers: CandidateParams) -> float:
    """Return the weight of the line network's scores of a line, `least_trust` to 1."""
    best = line.scores.argmax(axis=1)
    letters = best != reject
    if np.count_nonzero(letters & (np.diff(best, prepend=reject) != 0)) < numbers.long:
        return 1.0
    mean = float(line.scores.max(axis=1)[letters].mean())
    return float(np.clip(1 + mean - numbers.unsure, numbers.least_trust, 1))


def _parted(atoms: Atoms, borders: Sequence[npt.NDArray[np.int64]], inner: float) -> Mask:
    """Return which uncut stacks have a border between letters, by the line network, near their middle."""
    parted = np.zeros(len(atoms.boxes), bool)
    for columns, (first, stop) in zip(borders, extents(atoms.line)[: len(borders)], strict=False):
        left, right = atoms.boxes[first:stop, 0], atoms.boxes[first:stop, 2]
        edge = inner * (right - left)
        after = np.searchsorted(columns, left + edge)
        parted[first:stop] = np.searchsorted(columns, right - edge) > after
    return parted


def _rulings(
    atoms: Atoms, shapes: Floats, classifier: Classifier, params: PlacementParams
) -> tuple[Ruling | None, ...]:
    """Fit each line's baseline and x-height."""
    probabilities = np.exp(shapes)
    return tuple(
        fit_ruling(atoms.boxes[a:b], probabilities[a:b], classifier.placement, float(atoms.height[a]), params)
        for a, b in extents(atoms.line)
    )


def _placed(
    boxes: npt.NDArray[np.int32],
    line: npt.NDArray[np.int64],
    shapes: Floats,
    rulings: tuple[Ruling | None, ...],
    classifier: Classifier,
    params: LetterParams,
) -> Floats:
    """Combine the scores of shape and of place: log-probabilities (N, C)."""
    scores = shapes.copy()
    borders = np.searchsorted(line, np.arange(len(rulings) + 1)).tolist()
    for ruling, (start, stop) in zip(rulings, pairwise(borders), strict=True):
        if ruling is not None:
            places = place_scores(boxes[start:stop], ruling, classifier.placement, params.placement)
            scores[start:stop] += params.candidates.place_weight * places
    return log_softmax(scores)


def _settled(scores: Floats, atoms: Atoms, excluded: Mask, numbers: CandidateParams) -> Mask:
    """Return which stacks are letters with certainty: one of three characters, and no wider than a letter."""
    best = best_three(scores, excluded)
    widths = atoms.boxes[:, 2] - atoms.boxes[:, 0]
    is_sure = (best.sum(axis=1) > numbers.settled) & (best[:, -1] > numbers.sure)
    return np.asarray(is_sure & (widths < numbers.widest * atoms.height))


def _agreed(scores: Floats, evidence: Floats, classes: Sequence[str], numbers: CandidateParams) -> Mask:
    """Return which stacks the line network reads as one letter or digit that their shape may be, too."""
    may_be = (scores > np.log(numbers.like_shape)) & np.array([c.isalnum() for c in classes])
    return np.asarray((np.exp(evidence) * may_be).sum(axis=1) > numbers.agreed)


def _doubted(scores: Floats, evidence: Floats, numbers: CandidateParams) -> Mask:
    """Return which stacks the line network does not read as any likely letter: each may be a part of one."""
    said = np.where(scores > np.log(numbers.like_shape), evidence, -np.inf)
    return np.asarray(said.max(axis=1) < -numbers.doubted)


def _allowed(scores: Floats, barred: Mask, reject: int) -> Floats:
    """Move the probability of barred characters to the reject class, so that their ink is dropped."""
    if not barred.any():
        return scores
    found = without(scores, barred)
    found[:, reject] = np.logaddexp(scores[:, reject], np.logaddexp.reduce(scores[:, barred], axis=1))
    return found
