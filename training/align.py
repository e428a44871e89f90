"""Forced alignment of real lines with their text, to harvest their glyphs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import REJECT, Classifier
from ocr.recognition.params import STANDARD
from ocr.recognition.placement import fit_ruling, place_scores
from pipelines.errors import PictureError
from pipelines.layout.segment import Atoms, cut_glyphs, find_runs, make_atoms, run_boxes
from pipelines.pipeline import PRESETS, sheet_stroke
from pipelines.sources.load import load
from training.glyphs import LabelledGlyphs
from training.lines import labelled, plain_text

DOUBT = 3.0
"""Mean negative log-probability per letter above which an alignment is rejected."""
DROP = -6.0
"""Log-probability of an atom that is not part of the text."""
SKIP = -9.0
"""Log-probability of a letter of the text without an atom."""
SURE = -4.5
"""Least log-probability of a letter that is kept."""
CLEAR = 1.0
"""Mean negative log-probability per letter below which a line is clear."""


def align(
    runs: npt.NDArray[np.int64], scores: npt.NDArray[np.floating], text: npt.NDArray[np.int64], count: int
) -> tuple[float, list[tuple[int, int]]]:
    """Find the best path through a line's lattice that spells a text (Viterbi, forced).

    Parameters
    ----------
    runs : int64 array, shape (R, 2)
        First atom and end, sorted.
    scores : float array, shape (R, C)
        Log-probabilities.
    text : int64 array, shape (T,)
        Classes.
    count : int
        Number of atoms of the line.

    Returns
    -------
    score : float
        Log-probability of the path.
    steps : list of (int, int)
        Runs and the positions of their letters in the text.
    """
    length = len(text)
    best = np.full((count + 1, length + 1), -np.inf)
    came = np.full((count + 1, length + 1), -3, np.int64)
    best[0, 0] = 0.0
    starts = np.searchsorted(runs[:, 0], np.arange(count + 1))
    atoms = runs[:, 1] - runs[:, 0]
    gains = scores[:, text] * atoms[:, None]
    for a in range(count + 1):
        row = best[a]
        for t in range(length):
            if row[t] + SKIP > row[t + 1]:
                row[t + 1], came[a, t + 1] = row[t] + SKIP, -2
        if a == count:
            break
        dropped = row + DROP
        better = dropped > best[a + 1]
        best[a + 1][better], came[a + 1][better] = dropped[better], -1
        for r in range(starts[a], starts[a + 1]):
            end = int(runs[r, 1])
            value = row[:-1] + gains[r]
            better = value > best[end, 1:]
            best[end, 1:][better], came[end, 1:][better] = value[better], r
    return float(best[count, length]), _way(came, runs, count, length)


def _way(came: npt.NDArray[np.int64], runs: npt.NDArray[np.int64], a: int, t: int) -> list[tuple[int, int]]:
    steps = []
    while a > 0 or t > 0:
        step = int(came[a, t])
        if step == -2:
            t -= 1
        elif step == -1:
            a -= 1
        elif step >= 0:
            steps.append((step, t - 1))
            a, t = int(runs[step, 0]), t - 1
        else:
            return []
    return steps[::-1]


def harvest(
    folders: list[Path],
    classifier: Classifier,
    rng: np.random.Generator,
    *,
    case: bool = True,
    marks: bool = True,
) -> Iterator[LabelledGlyphs]:
    """Yield the glyphs of every real line or word that can be aligned with its text.

    Runs on the path are letters. Runs that cross a border of the path, and parts of letters, are rejects; so
    is ink beside the letters of a clear line, such as specks. Letters with an accent are aligned as letters
    without, and left out.

    Parameters
    ----------
    folders : list of Path
        Of pictures and their texts, as `training.lines.labelled` finds them.
    classifier : Classifier
    rng : numpy.random.Generator
        Chooses the rejects to keep.
    case : bool
        Whether the texts have the case that is shown. Otherwise a letter is labelled with the likelier case.
    marks : bool
        Whether the texts have the marks that are shown. Otherwise ink beside the letters is left out.
    """
    index = {c: k for k, c in enumerate(classifier.classes)}
    other = np.array([index.get(c.swapcase(), k) for k, c in enumerate(classifier.classes)])
    for path, text in (found for folder in folders for found in labelled(folder)):
        pairs = [(index[c], accented) for c, accented in _letters(text) if c in index and c != REJECT]
        letters = np.array([k for k, _ in pairs], np.int64)
        usable = np.array([not accented for _, accented in pairs], bool)
        names = np.stack([letters, letters if case else other[letters]])
        found = _harvest_line(path, names, usable, classifier, rng, marks)
        if found is not None:
            yield found


def _letters(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the characters of a text without their accents, and whether they had one."""
    for character in unicodedata.normalize("NFC", text):
        plain = plain_text(character)
        for each in plain:
            yield each, each != character and each.isalpha()


def _harvest_line(
    path: Path,
    names: npt.NDArray[np.int64],
    usable: npt.NDArray[np.bool_],
    classifier: Classifier,
    rng: np.random.Generator,
    marks: bool,
) -> LabelledGlyphs | None:
    """Harvest one line; `names`, (2, T), are the two classes that each letter of its text may be."""
    try:
        [picture] = load(path)
    except PictureError:
        return None
    sheet = PRESETS["line"].run(picture.pixels)
    count = sum(len(word) for line in sheet.lines for word in line.words)
    letters = names.shape[1]
    if not count or not letters:
        return None
    atoms = make_atoms(sheet, np.ones(count, bool), sheet_stroke(sheet))
    runs = find_runs(atoms)
    glyphs = cut_glyphs(sheet.dark, atoms, runs)
    scores = _scores(glyphs, atoms, runs, classifier)
    either = scores[:, names]
    total, steps = align(runs, either.max(axis=1), np.arange(letters), len(atoms.boxes))
    if len(steps) < 0.8 * letters or total < -DOUBT * letters:
        return None
    chosen, place = np.array(steps).T
    labels = np.array(classifier.classes)[names[either[chosen, :, place].argmax(axis=1), place]]
    said = either[chosen, :, place].max(axis=1)
    sure = usable[place] & (said > SURE)
    owner = np.full(len(atoms.boxes), -1)
    for k, (first, stop) in enumerate(runs[chosen].tolist()):
        owner[first:stop] = k
    rejects = _rejects(runs, chosen, owner, rng)
    if marks and said.mean() > -CLEAR and len(steps) == letters:
        rejects = np.concatenate([rejects, _beside(runs, owner, scores, classifier)])
    images = np.concatenate([glyphs[chosen[sure]], glyphs[rejects]])
    return LabelledGlyphs(images, np.concatenate([labels[sure], np.full(len(rejects), REJECT)]))


def _rejects(
    runs: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.int64],
    owner: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Return some of the runs that cross a border between letters, and some that are a part of a letter.

    `owner` is the number of the letter of each atom, -1 beside all letters.
    """
    sizes = runs[:, 1] - runs[:, 0]
    first, last = owner[runs[:, 0]], owner[runs[:, 1] - 1]
    borders = np.zeros(len(owner) + 1, bool)
    borders[runs[chosen].ravel()] = True
    inner = np.cumsum(borders)
    crosses = (inner[runs[:, 1] - 1] > inner[runs[:, 0]]) & (sizes <= 4)
    part = (first >= 0) & (first == last) & (sizes < sizes[chosen][first])
    kinds = (np.flatnonzero(crosses), len(chosen) // 3), (np.flatnonzero(part), len(chosen) // 4)
    return np.concatenate([rng.choice(kind, min(len(kind), most), replace=False) for kind, most in kinds])


def _beside(
    runs: npt.NDArray[np.int64],
    owner: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float64],
    classifier: Classifier,
) -> npt.NDArray[np.int64]:
    """Return the runs of one atom beside the letters of a line that look like no letter or digit."""
    alphanumeric = np.array([c.isalnum() for c in classifier.classes])
    is_letter = np.exp(scores[:, alphanumeric]).sum(axis=1) > 0.5
    return np.flatnonzero((runs[:, 1] - runs[:, 0] == 1) & (owner[runs[:, 0]] < 0) & ~is_letter)


def _scores(
    glyphs: npt.NDArray[np.uint8], atoms: Atoms, runs: npt.NDArray[np.int64], classifier: Classifier
) -> npt.NDArray[np.float64]:
    """Log-probabilities of shape and place, no class less likely than e**-8."""
    shapes = classifier.log_probabilities(glyphs)
    boxes = run_boxes(atoms, runs)
    scores = shapes.astype(np.float64)
    ruling = fit_ruling(boxes, np.exp(shapes), classifier.placement, float(atoms.height[0]))
    if ruling is not None:
        scores += STANDARD.candidates.place_weight * place_scores(boxes, ruling, classifier.placement)
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return np.maximum(scores, -8.0)
