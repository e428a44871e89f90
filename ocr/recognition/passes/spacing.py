"""Where words end, seen again once it is known what stands beside each gap."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Classifier
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.line_reader import Frames
from ocr.recognition.passes.gaps import choose_gaps
from pipelines.layout.words import word_gap

USUAL = 0.6
"""Half of the white between words, in x-heights."""
SLACK = 0.8
APART, TOLD = 0.3, 0.5
"""On a line whose least gap exceeds the first, in x-heights, and whose narrow gaps have these mean log-odds,
letters stand apart: gaps do not tell words from letters, only what is known of the line does."""
SPREAD = 0.1
"""What a gap must exceed the limit by, in x-heights, to be e times as likely one between words."""
LINE = 0.8
"""Weight of what the line as a whole says of a gap."""
SUREST = 5.0
"""No more than this is believed of it, in nats."""


def respaced(lattice: Lattice, decoder: Decoder, classifier: Classifier) -> Lattice:
    """Tell words apart by the gaps between letters, less the room that those letters take in print.

    An f leans over what follows it and a 1 stands in more room than it fills: the white between two boxes
    says more once the bearings of the two letters are taken off.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words that are others then. The words and marks of its language tell gaps apart too.
    classifier : Classifier
    """
    atoms = lattice.atoms
    boxes = lattice.boxes
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
        unit = ruling.x_height if ruling is not None else 0.75 * float(atoms.height[first])
        gaps = _gaps(boxes[chosen[a:b]], classes[a:b], unit, classifier)
        white = _whiteness(lattice.frames, lattice.runs[chosen[a:b]])
        text = [classifier.classes[c] for c in classes[a:b]]
        between = choose_gaps(text, gap_odds(gaps, white), decoder.language)
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


def gap_odds(gaps: npt.NDArray[np.float64], white: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64]:
    """Return log-odds that gaps of a line are between words, float64 (N,).

    Parameters
    ----------
    gaps : float array, shape (N,)
        In x-heights, less bearings.
    white : float array, shape (N,), or None
        What the line as a whole says: log-odds of white between words.
    """
    limit = word_gap(gaps, USUAL, SLACK)
    if white is None:
        return (gaps - limit) / SPREAD
    narrow = gaps <= limit
    letters_apart = narrow.any() and white[narrow].mean() > TOLD and gaps.min() > APART
    return white if letters_apart else (gaps - limit) / SPREAD + LINE * white


def _whiteness(frames: Frames, runs: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the log-odds of white between each run and the next: of the whitest frame between them."""
    middles = (frames.borders[runs[:, 0]] + frames.borders[runs[:, 1]]) // 2
    ends = np.maximum(middles[1:], middles[:-1] + 1)
    likely = np.array([frames.space[a:b].max(initial=-20.0) for a, b in zip(middles, ends, strict=False)])
    odds = likely - np.log1p(-np.exp(np.minimum(likely, -1e-6)))
    return np.asarray(np.clip(odds, -SUREST, SUREST))


def _gaps(
    boxes: npt.NDArray[np.int32], classes: npt.NDArray[np.int64], unit: float, classifier: Classifier
) -> npt.NDArray[np.float64]:
    reach = np.maximum.accumulate(boxes[:, 2])[:-1]
    place = classifier.placement
    bearings = np.nan_to_num(place.right[classes[:-1]]) + np.nan_to_num(place.left[classes[1:]])
    return np.asarray((boxes[1:, 0] - reach) / unit - bearings)
