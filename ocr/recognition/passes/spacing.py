"""Where words end, seen again once it is known what stands beside each gap."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Classifier
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.line_reader import Frames
from ocr.recognition.params import STANDARD
from ocr.recognition.passes.gaps import choose_gaps
from ocr.recognition.passes.params import GapParams
from ocr.recognition.passes.weights import GapWeights
from pipelines.layout.words import word_gap


def respaced(
    lattice: Lattice, decoder: Decoder, classifier: Classifier, params: GapParams = STANDARD.gaps
) -> Lattice:
    """Tell words apart by the gaps between letters, less the room that those letters take in print.

    An f leans over what follows it and a 1 stands in more room than it fills: the white between two boxes
    says more once the bearings of the two letters are taken off.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words that are others then. The words and marks of its language tell gaps apart too.
    classifier : Classifier
    params : GapParams
    """
    atoms = lattice.atoms
    boxes, weights = lattice.boxes, decoder.weights
    chosen, classes, _ = lattice.chosen.T
    kept = ~classifier.rejects[classes]
    chosen, classes = chosen[kept], classes[kept]
    word = np.zeros(len(atoms.word), np.int64)
    line_of = atoms.line[lattice.runs[chosen, 0]]
    borders = np.searchsorted(line_of, np.arange(len(lattice.rulings) + 1)).tolist()
    starts = np.searchsorted(atoms.line, np.arange(len(lattice.rulings) + 1)).tolist()
    for number, ((a, b), (first, _)) in enumerate(zip(pairwise(borders), pairwise(starts), strict=True)):
        word[first] = 1
        if b - a < 2:
            continue
        ruling = lattice.rulings[number]
        unit = ruling.x_height if ruling is not None else params.x_height * float(atoms.height[first])
        gaps = _gaps(boxes[chosen[a:b]], classes[a:b], unit, classifier)
        white = _whiteness(lattice.frames, lattice.runs[chosen[a:b]], weights.gaps.most_white)
        text = [classifier.classes[c] for c in classes[a:b]]
        between = choose_gaps(text, gap_odds(gaps, white, weights.gaps, params), decoder.language, weights)
        word[lattice.runs[chosen[a + 1 : b][between], 0]] = 1
    numbers = np.cumsum(word) - 1
    if np.array_equal(numbers, atoms.word):
        return lattice
    whole = numbers[lattice.runs[:, 0]] == numbers[lattice.runs[:, 1] - 1]
    return lattice.changed(
        decoder,
        atoms=replace(atoms, word=numbers),
        runs=lattice.runs[whole],
        glyphs=lattice.glyphs[whole],
        evidence=lattice.evidence[whole],
        scores=lattice.scores[whole],
    )


def gap_odds(
    gaps: npt.NDArray[np.float64],
    white: npt.NDArray[np.float64] | None,
    weights: GapWeights,
    params: GapParams = STANDARD.gaps,
) -> npt.NDArray[np.float64]:
    """Return log-odds that gaps of a line are between words, float64 (N,).

    Parameters
    ----------
    gaps : float array, shape (N,)
        In x-heights, less bearings.
    white : float array, shape (N,), or None
        What the line network says: log-odds of white between words.
    weights : GapWeights
    params : GapParams
    """
    limit = word_gap(gaps, params.usual, params.slack)
    if white is None:
        return (gaps - limit) / params.step
    if len(gaps) >= params.row and _is_even(gaps, params):
        odds = (gaps.mean() - params.row_gap) / params.row_step + weights.white_weight * white.mean()
        return np.full(len(gaps), odds)
    white = white + weights.white_bonus
    narrow = gaps <= limit
    letters_apart = narrow.any() and white[narrow].mean() > weights.white_apart and gaps.min() > params.apart
    return white if letters_apart else (gaps - limit) / params.step + weights.white_weight * white


def _is_even(gaps: npt.NDArray[np.float64], params: GapParams) -> bool:
    """Tell whether the letters of a line stand apart by gaps of one kind: then all or none parts words."""
    wide = float((gaps > params.apart).mean())
    return wide > params.mostly and float(gaps.max()) < params.uneven * float(np.median(gaps))


def _whiteness(frames: Frames, runs: npt.NDArray[np.int64], most: float) -> npt.NDArray[np.float64]:
    """Return the log-odds of white between each run and the next: of the whitest frame between them."""
    middles = (frames.borders[runs[:, 0]] + frames.borders[runs[:, 1]]) // 2
    ends = np.maximum(middles[1:], middles[:-1] + 1)
    likely = np.array([frames.space[a:b].max(initial=-np.inf) for a, b in zip(middles, ends, strict=False)])
    odds = likely - np.log1p(-np.exp(np.minimum(likely, -1e-6)))
    return np.asarray(np.clip(odds, -most, most))


def _gaps(
    boxes: npt.NDArray[np.int32], classes: npt.NDArray[np.int64], unit: float, classifier: Classifier
) -> npt.NDArray[np.float64]:
    reach = np.maximum.accumulate(boxes[:, 2])[:-1]
    place = classifier.placement
    bearings = np.nan_to_num(place.right[classes[:-1]]) + np.nan_to_num(place.left[classes[1:]])
    return np.asarray((boxes[1:, 0] - reach) / unit - bearings)
