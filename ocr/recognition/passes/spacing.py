"""Spaces between words, decided again once the characters on both sides of each gap are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress, pairwise

import numpy as np
import numpy.typing as npt

from ocr.recognition.classify import Classifier
from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.line_reader import Frames
from ocr.recognition.params import STANDARD, LetterParams
from ocr.recognition.passes.cells import cell_gaps
from ocr.recognition.passes.gaps import choose_gaps
from ocr.recognition.passes.params import GapParams
from ocr.recognition.passes.weights import GapWeights
from pipelines.layout.words import narrower_word_gap, own_word_gap, word_gap
from pipelines.median import median
from pipelines.sheet import Boxes

Floats = npt.NDArray[np.float64]


def respaced(
    lattice: Lattice, decoder: Decoder, classifier: Classifier, params: LetterParams = STANDARD
) -> Lattice:
    """Split lines into words by the gaps between letters, less the bearings that these have in print.

    An f overhangs the next letter, and a 1 takes more room than its ink: the gap between two boxes means more
    without the bearings of the two letters. For letters in the cells of a form, empty cells decide.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words that change. Its language also contributes word and mark scores.
    classifier : Classifier
    params : LetterParams
        Its `gaps` and `cells` are used.
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
    word[starts[:-1]] = 1
    lines, gaps, white, level, cells = [], [], [], [], []
    for number, ((a, b), (first, _)) in enumerate(zip(pairwise(borders), pairwise(starts), strict=True)):
        if b - a < 2:
            continue
        in_cells = cell_gaps(lattice.sheet.grey, boxes[chosen[a:b]], params.cells)
        if in_cells is not None and in_cells.inside.all():
            word[lattice.runs[chosen[a + 1 : b][in_cells.empty], 0]] = 1
            continue
        ruling = lattice.rulings[number]
        unit = ruling.x_height if ruling is not None else params.gaps.x_height * float(atoms.height[first])
        lines.append((a, b))
        digits = np.array([classifier.classes[c].isdigit() for c in classes[a:b]])
        level.append(at_one_pitch(boxes[chosen[a:b]], digits, params.gaps))
        free = np.ones(b - a - 1, bool) if in_cells is None else ~in_cells.inside
        cells.append((free, in_cells))
        gaps.append(_gaps(boxes[chosen[a:b]], classes[a:b], unit, classifier)[free])
        white.append(_whiteness(lattice.frames, lattice.runs[chosen[a:b]], weights.gaps.most_white)[free])
    odds_of = gap_odds(gaps, white, weights.gaps, params.gaps)
    for (a, b), of_gaps, in_row, (free, in_cells) in zip(lines, odds_of, level, cells, strict=True):
        text = [classifier.classes[c] for c in classes[a:b]]
        odds = np.full(len(text) - 1, -weights.gaps.undoubted)
        odds[free] = np.where(in_row[free], -weights.gaps.undoubted, of_gaps)
        if in_cells is not None:
            odds[in_cells.empty] = weights.gaps.undoubted
        between = choose_gaps(text, odds, decoder.language, weights)
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
    gaps: Sequence[Floats], white: Sequence[Floats], weights: GapWeights, params: GapParams = STANDARD.gaps
) -> list[Floats]:
    """Return log-odds that gaps are between words, for each line of a page.

    Where letters are spaced evenly, either all of their gaps or none are between words. This is decided for
    all such lines of the page together, as one hand or one form spaces them alike.

    Parameters
    ----------
    gaps : sequence of float arrays
        Of each line, in x-heights, less bearings.
    white : sequence of float arrays
        Log-odds of white between words, by the line network.
    weights : GapWeights
    params : GapParams
    """
    even = [_is_even(line, params) for line in gaps]
    together = 0.0
    if any(even):
        width = np.concatenate(list(compress(gaps, even))).mean()
        said = np.concatenate(list(compress(white, even))).mean()
        together = float((width - params.row_gap) / params.row_step + weights.white_weight * said)
    usual = _page_gap([line for line, is_even in zip(gaps, even, strict=True) if not is_even], params)
    return [
        np.full(len(line), together) if is_even else _line_odds(line, said_of_it, usual, weights, params)
        for line, said_of_it, is_even in zip(gaps, white, even, strict=True)
    ]


def at_one_pitch(
    boxes: Boxes, digits: npt.NDArray[np.bool_], params: GapParams = STANDARD.gaps
) -> npt.NDArray[np.bool_]:
    """Tell which gaps lie between digits that end at one pitch, bool (N - 1,).

    On displays, and in many typefaces, all digits are as wide: before a 1 there is more white, but it ends
    where any other would.

    Parameters
    ----------
    boxes : int32 array, shape (N, 4)
        Those of the characters of a line.
    digits : bool array, shape (N,)
        Which of them are digits.
    params : GapParams
    """
    pitch = np.diff(boxes[:, 2]).astype(float)
    both = digits[1:] & digits[:-1]
    if np.count_nonzero(both) < params.pitches:
        return np.zeros(len(pitch), bool)
    usual = median(pitch[both])
    is_dense = usual < params.dense * median((boxes[:, 3] - boxes[:, 1])[digits])
    return np.asarray(both & (np.abs(pitch - usual) <= params.off_pitch * usual) & is_dense)


def _is_even(gaps: Floats, params: GapParams) -> bool:
    """Return whether the letters of a line are evenly spaced."""
    wide = float((gaps > params.apart).mean())
    is_row = len(gaps) >= params.row and wide > params.mostly
    return is_row and float(gaps.max()) < params.uneven * median(gaps)


def _page_gap(lines: Sequence[Floats], params: GapParams) -> float:
    """Return the median gap above which a new word begins on the lines of a page that show one.

    On pages where few lines do, it is the usual one.
    """
    found = (own_word_gap(gaps, params.usual, params.slack) for gaps in lines)
    own = [gap for gap in found if gap is not None]
    return median(np.array(own)) if len(own) >= params.lines else params.usual


def _line_odds(gaps: Floats, white: Floats, usual: float, weights: GapWeights, params: GapParams) -> Floats:
    """Return the log-odds of the gaps of a line; where it has few of a kind, `usual` is the threshold.

    A threshold that wide gaps hide is only taken if the line network sees white above it.
    """
    limit = word_gap(gaps, usual, params.slack)
    white = white + weights.white_bonus
    narrower = narrower_word_gap(gaps, limit, params.usual, params.slack)
    between = (gaps > narrower) & (gaps <= limit)
    if between.any() and white[between].mean() > 0:
        limit = narrower
    narrow = gaps <= limit
    letters_apart = narrow.any() and white[narrow].mean() > weights.white_apart and gaps.min() > params.apart
    return white if letters_apart else (gaps - limit) / params.step + weights.white_weight * white


def _whiteness(frames: Frames, runs: npt.NDArray[np.int64], most: float) -> Floats:
    """Return the log-odds of white between each run and the next, from the frame with the largest."""
    middles = (frames.borders[runs[:, 0]] + frames.borders[runs[:, 1]]) // 2
    ends = np.maximum(middles[1:], middles[:-1] + 1)
    likely = np.array([frames.space[a:b].max(initial=-np.inf) for a, b in zip(middles, ends, strict=False)])
    odds = likely - np.log1p(-np.exp(np.minimum(likely, -1e-6)))
    return np.asarray(np.clip(odds, -most, most))


def _gaps(
    boxes: npt.NDArray[np.int32], classes: npt.NDArray[np.int64], unit: float, classifier: Classifier
) -> Floats:
    reach = np.maximum.accumulate(boxes[:, 2])[:-1]
    place = classifier.placement
    bearings = np.nan_to_num(place.right[classes[:-1]]) + np.nan_to_num(place.left[classes[1:]])
    return np.asarray((boxes[1:, 0] - reach) / unit - bearings)
