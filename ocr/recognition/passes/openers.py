"""Opening marks, such as the ¿ and ¡ of Spanish questions and exclamations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Classifier
from ocr.recognition.language import Language
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.params import STANDARD
from ocr.recognition.passes.ink import odds
from ocr.recognition.passes.params import InkParams
from pipelines.normalize import clean, normalize
from pipelines.sheet import Mark


def opened(
    lattice: Lattice,
    decoder: Decoder,
    classifier: Classifier,
    language: Language,
    params: InkParams = STANDARD.ink,
) -> Lattice:
    """Read the first letter of a word as ? or ! if, turned upside down, it is one.

    An opening mark reaches below the baseline, and is no higher than small letters.

    Parameters
    ----------
    lattice : Lattice
        Its marks may be the dot of a ¿.
    decoder : Decoder
        Decodes the words that begin with such a mark again.
    classifier : Classifier
    language : Language
        The language whose opening marks are searched for.
    params : InkParams
    """
    first = [
        part.start + readings[0].steps[0][0]
        for part, readings in zip(lattice.words, lattice.readings, strict=True)
        if readings
    ]
    upright = language.orthography.opening_marks.values()
    marks = [classifier.classes.index(c) for c in upright if c in classifier.classes]
    if not first or not marks:
        return lattice
    turned = [_turned(lattice, run, lattice.marks.get(run)) for run in first]
    told = classifier.log_probabilities(clean(np.stack([glyph for glyph, _ in turned])))[:, marks]
    found = [
        (run, marks[int(says.argmax())])
        for run, says, (_, box) in zip(first, told, turned, strict=True)
        if says.max() + _hangs(lattice, run, box, params) > 0
    ]
    if not found:
        return lattice
    runs, classes = np.array(found).T
    scores = lattice.scores.copy()
    scores[runs] = -np.inf
    scores[runs, classes] = 0
    evidence = lattice.evidence.copy()
    evidence[runs] = 0
    stale = np.zeros(len(lattice.runs), bool)
    stale[runs] = True
    atoms = replace(lattice.atoms, word=_joined(lattice, runs))
    return lattice.changed(decoder, stale, atoms=atoms, scores=scores, evidence=evidence)


def _joined(lattice: Lattice, runs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the words of the atoms, int64 (A,), changed so that no word ends after one of `runs`."""
    atoms = lattice.atoms
    after = lattice.runs[runs, 1]
    after = after[after < len(atoms.word)]
    begins = np.zeros(len(atoms.word), np.int64)
    begins[1:] = atoms.word[1:] != atoms.word[:-1]
    begins[after[atoms.line[after] == atoms.line[after - 1]]] = 0
    return np.cumsum(begins)


def _turned(lattice: Lattice, run: int, mark: Mark | None) -> tuple[npt.NDArray[np.uint8], list[int]]:
    """Return a run and the mark over it as a glyph turned upside down, uint8 (28, 28), and their box."""
    left, top, right, bottom = lattice.boxes[run].tolist()
    if mark is not None:
        left, top = min(left, mark.box[0]), min(top, mark.box[1])
        right, bottom = max(right, mark.box[2]), max(bottom, mark.box[3])
    start, stop = lattice.runs[run].tolist()
    part = lattice.atoms.index[top:bottom, left:right]
    mask = (part > start) & (part <= stop)
    if mark is not None:
        rows, columns = mark.box[1] - top, mark.box[0] - left
        height, width = mark.shape.shape
        mask[rows : rows + height, columns : columns + width] |= mark.shape
    dark, mask = (np.rot90(each, 2).copy() for each in (lattice.sheet.dark[top:bottom, left:right], mask))
    return normalize(dark, mask), [left, top, right, bottom]


def _hangs(lattice: Lattice, run: int, box: Sequence[int], params: InkParams) -> float:
    """Return the log-odds that ink is too low for a letter; 0 where the ruling of its line is unknown."""
    ruling = lattice.rulings[lattice.atoms.line[lattice.runs[run, 0]]]
    if ruling is None:
        return 0.0
    high, low, _ = ruling.stands(box)
    return min(odds(low, params.tail, params.most), -odds(high - 1, params.crown, params.most))
