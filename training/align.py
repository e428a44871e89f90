"""Forced alignment of real lines with their text, to harvest their glyphs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import REJECT, Classifier
from ocr.recognition.params import STANDARD
from ocr.recognition.placement import fit_ruling, place_scores
from pipelines.layout.segment import Atoms, cut_glyphs, find_runs, make_atoms, run_boxes
from pipelines.pipeline import PRESETS, sheet_stroke
from pipelines.sources.load import load
from training.glyphs import LabelledGlyphs

DOUBT = 3.0
"""Mean negative log-probability per letter above which an alignment is rejected."""
DROP = -6.0
"""Log-probability of an atom that is not part of the text."""
SKIP = -9.0
"""Log-probability of a letter of the text without an atom."""


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
    folders: list[Path], classifier: Classifier, rng: np.random.Generator
) -> Iterator[LabelledGlyphs]:
    """Yield the glyphs of every ``NAME.png`` that its ``NAME.gt.txt`` can be aligned with.

    Runs on the path are letters. Runs that cross a border of the path are rejects.
    """
    index = {c: k for k, c in enumerate(classifier.classes)}
    for path in sorted(p for folder in folders for p in folder.glob("*.png")):
        text = path.with_name(path.stem + ".gt.txt").read_text(encoding="utf8")
        letters = np.array([index[c] for c in text if c in index and c != REJECT], np.int64)
        found = _harvest_line(path, letters, classifier, rng)
        if found is not None:
            yield found


def _harvest_line(
    path: Path, letters: npt.NDArray[np.int64], classifier: Classifier, rng: np.random.Generator
) -> LabelledGlyphs | None:
    [picture] = load(path)
    sheet = PRESETS["line"].run(picture.pixels)
    count = sum(len(word) for line in sheet.lines for word in line.words)
    if not count or not len(letters):
        return None
    atoms = make_atoms(sheet, np.ones(count, bool), sheet_stroke(sheet))
    runs = find_runs(atoms)
    glyphs = cut_glyphs(sheet.dark, atoms, runs)
    scores = _scores(glyphs, atoms, runs, classifier)
    total, steps = align(runs, scores, letters, len(atoms.boxes))
    if len(steps) < 0.8 * len(letters) or total < -DOUBT * len(letters):
        return None
    chosen = np.array([r for r, _ in steps])
    names = np.array(classifier.classes)[letters[[t for _, t in steps]]]
    sure = scores[chosen, letters[[t for _, t in steps]]] > -4.5
    borders = np.zeros(len(atoms.boxes) + 1, bool)
    borders[runs[chosen].ravel()] = True
    inner = np.cumsum(borders)
    crosses = inner[runs[:, 1] - 1] > inner[runs[:, 0]]
    rejects = np.flatnonzero(crosses & (runs[:, 1] - runs[:, 0] <= 4))
    rejects = rng.choice(rejects, min(len(rejects), len(steps) // 2), replace=False)
    images = np.concatenate([glyphs[chosen[sure]], glyphs[rejects]])
    labels = np.concatenate([names[sure], np.full(len(rejects), REJECT)])
    return LabelledGlyphs(images, labels.astype("<U1"))


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
