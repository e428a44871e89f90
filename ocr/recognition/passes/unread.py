"""What is no letter on a picture of one line, cut out of a larger one: a band or frame, a bolt, a seal.

By its shape alone it may be a letter. The line network, which sees the whole line, reads nothing there, or
something that cannot be as low as that.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Decoder, Lattice, extents
from ocr.recognition.params import STANDARD
from ocr.recognition.passes.params import UnreadParams
from pipelines.median import median

UNLIKE = -3.0
"""Log-probability of the reject class, in nats, of what may be dropped. The price makes up for it."""
STROKES = frozenset("Il1|")
"""Characters that may be a single stroke. The line network often misses one that stands alone."""


def without_unread(lattice: Lattice, decoder: Decoder, params: UnreadParams = STANDARD.unread) -> Lattice:
    """Let what may be no letter be dropped, on lines of several letters.

    Within a line, what looks like a letter is hardly ever dropped: it would cost the penalty of a speck, and
    as much as its shape is unlike none. At the ends of a line that was cut out there may be anything. There a
    letter costs the penalty alone, if the line network rather reads nothing. Where an end is dropped, what is
    next to it becomes the end. Within the line the same holds for what is read as a capital or digit but is
    much lower than the other letters, as a seal between the groups of a number is. What the line network
    often misses stays: marks, and strokes that stand where a letter does. Lines that it cannot read stay as
    they are.

    Parameters
    ----------
    lattice : Lattice
        Of a picture of one line or word.
    decoder : Decoder
        Decodes the words with such letters again.
    params : UnreadParams
    """
    if not decoder.weights.line_weight:
        return lattice
    known: set[int] = set()
    for _ in range(params.most):
        prices = {
            run: price
            for line in _lines(lattice, decoder)
            for run, price in _doubted(lattice, line, decoder, params)
            if run not in known
        }
        if not prices:
            return lattice
        lattice = _eased(lattice, prices, decoder)
        known |= set(prices)
    return lattice


def _lines(lattice: Lattice, decoder: Decoder) -> list[npt.NDArray[np.int64]]:
    """Return the steps that are read as characters, line by line: run and class, int64 (N, 2) each."""
    steps = lattice.chosen[:, :2]
    steps = steps[np.array([bool(c) for c in decoder.classes])[steps[:, 1]]]
    lines = lattice.atoms.line[lattice.runs[steps[:, 0], 0]]
    return [steps[start:stop] for start, stop in extents(lines)]


def _doubted(
    lattice: Lattice, line: npt.NDArray[np.int64], decoder: Decoder, params: UnreadParams
) -> Iterator[tuple[int, float]]:
    """Yield the runs of a line that may be no letters, each with the price of dropping it, in nats."""
    if len(line) <= params.letters:
        return
    reject = decoder.classes.index("")
    runs = line[:, 0]
    heights = lattice.boxes[runs, 3] - lattice.boxes[runs, 1]
    high = heights / max(1.0, median(heights))
    said = lattice.evidence[runs]
    own = said[np.arange(len(line)), line[:, 1]]
    if median(own) < -params.unsure:
        return
    is_nothing = said[:, reject] > own
    for k, (run, c) in enumerate(line.tolist()):
        character = decoder.classes[c]
        if not character.isalnum() and character not in STROKES:
            continue
        if k in (0, len(line) - 1):
            may_be_none = high[k] >= params.high and is_nothing[k]
            if may_be_none and not _is_stroke(lattice, run, character, params):
                yield run, params.end_price
        elif high[k] < params.low and (character.isupper() or character.isdigit()):
            yield run, params.low_price


def _is_stroke(lattice: Lattice, run: int, character: str, params: UnreadParams) -> bool:
    """Return whether a run is a stroke that stands on the baseline and is as high as a capital."""
    if character not in STROKES:
        return False
    ruling = lattice.rulings[lattice.atoms.line[lattice.runs[run, 0]]]
    if ruling is None:
        return True
    high, low, _ = ruling.stands(lattice.boxes[run].tolist())
    return bool(max(abs(high - params.capital), abs(low)) < params.off)


def _eased(lattice: Lattice, prices: dict[int, float], decoder: Decoder) -> Lattice:
    """Set the price of dropping some runs, and decode their words again."""
    weights, reject = decoder.weights, decoder.classes.index("")
    scores, evidence = lattice.scores.copy(), lattice.evidence.copy()
    single = np.flatnonzero(lattice.runs[:, 1] == lattice.runs[:, 0] + 1)
    of_atom = dict(zip(lattice.runs[single, 0].tolist(), single.tolist(), strict=True))
    stale = np.zeros(len(lattice.runs), bool)
    for run, price in prices.items():
        parts = [of_atom.get(atom) for atom in range(*lattice.runs[run].tolist())]
        for part in parts if None not in parts else ():
            scores[part, reject] = UNLIKE
            evidence[part, reject] += (weights.drop_penalty - UNLIKE - price) / weights.line_weight
            stale[part], price = True, 0.0
    return lattice.changed(decoder, stale, scores=scores, evidence=evidence) if stale.any() else lattice
