"""Text on a sheet that the line network doubts: it may be read better where it is cut out and read by itself.

A sheet is binarized as a whole. White letters on a header become dust there, and thin letters on a shaded
corner break; what is read then is a guess, with which the line network does not agree. Letters that are
much larger than those of the sheet are doubted, too: the largest of them are taken for drawings. What is
read beside all text, and is most likely none, is given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr.finding.covered import in_any, inside
from ocr.finding.region import TextRegion
from ocr.recognition.classify import Classifier
from ocr.recognition.lattice import Lattice
from ocr.recognition.params import RegionParams
from pipelines.sheet import Boxes, Mask

SHORT = 2
"""Most letters of a word that is judged by their shapes alone."""


@dataclass(frozen=True, slots=True, eq=False)
class DoubtedText:
    """The letters of a sheet in a region of text, which the line network doubts.

    Attributes
    ----------
    letters : bool array, shape (N,)
        Which of the letters that are read on the sheet lie in the region.
    mean : float
        The mean of their evidence, in nats (`letter_evidence`).
    row : int
        The line of the sheet on which most of them stand.
    surer : float
        How much more evidence another reading must have, in nats a letter; below 0 it may have less.
    as_long : float
        How many letters it must have, as a part of theirs.
    """

    letters: Mask
    mean: float
    row: int
    surer: float
    as_long: float

    @property
    def near(self) -> Mask:
        """The letters that are replaced: once any of them is, the text is not replaced again."""
        return self.letters

    def is_worse_than(self, other: Lattice, rejects: Mask) -> bool:
        """Return whether another reading of the region has so much evidence, and so many letters."""
        found = evidence_as_long(other, rejects, self.letters, self.as_long)
        return found is not None and bool(found.mean() > self.mean + self.surer)


def letter_evidence(lattice: Lattice, rejects: Mask) -> npt.NDArray[np.float64]:
    """Return the line network's log-probability of each letter that is read, float64 (N,), in nats.

    It is NaN for what is read as no letter, by the classes in `rejects`, bool (C,).
    """
    runs, classes = lattice.chosen[:, 0], lattice.chosen[:, 1]
    return np.where(rejects[classes], np.nan, lattice.evidence[runs, classes].astype(np.float64))


def evidence_as_long(
    other: Lattice, rejects: Mask, letters: Mask, as_long: float
) -> npt.NDArray[np.float64] | None:
    """Return the evidence of the letters of another reading, in nats; None if there are too few.

    Parameters
    ----------
    other : Lattice
    rejects : bool array, shape (C,)
        Which classes are no letters.
    letters : bool array, shape (N,)
        Those that it would replace.
    as_long : float
        How many it must have, as a part of these; at least one.
    """
    found = letter_evidence(other, rejects)
    found = found[~np.isnan(found)]
    return found if len(found) >= max(1.0, as_long * float(letters.sum())) else None


def doubted_texts(
    regions: Sequence[TextRegion], lattice: Lattice, boxes: Boxes, rejects: Mask, params: RegionParams
) -> list[tuple[TextRegion, DoubtedText]]:
    """Return the regions whose letters on the sheet have little evidence on average, or are large.

    Where there are few regions, also those whose letters are on several lines of the sheet: a region is one
    line.

    Parameters
    ----------
    regions : sequence of TextRegion
    lattice : Lattice
        That of the sheet.
    boxes : int32 array, shape (N, 4)
        Boxes of its letters, in pixels of the picture as loaded.
    rejects : bool array, shape (C,)
        Which classes are no letters.
    params : RegionParams
    """
    evidence, middles = letter_evidence(lattice, rejects), (boxes[:, :2] + boxes[:, 2:]) / 2
    are_few = len(regions) <= params.few
    largest = params.larger * lattice.sheet.letter_height * lattice.sheet.pixel
    found = []
    for region in regions:
        letters = inside(middles, region)
        if np.isnan(evidence[letters]).all():
            continue
        mean, rows = float(np.nanmean(evidence[letters])), np.bincount(lattice.chosen_lines[letters])
        if mean < -params.doubted:
            surer, as_long = params.surer, params.as_long
        elif region.height > largest:
            surer, as_long = -params.surer, 1.0
        elif are_few and np.count_nonzero(rows) > 1:
            surer, as_long = 0.0, params.parted
        else:
            continue
        found.append((region, DoubtedText(letters, mean, int(rows.argmax()), surer, as_long)))
    return found


def unlikely_beside(
    regions: Sequence[TextRegion],
    lattice: Lattice,
    boxes: Boxes,
    classifier: Classifier,
    params: RegionParams,
) -> Mask:
    """Return which letters are of words outside of all regions that the line network takes for no text.

    Such are joints between bricks, edges of signs, and pieces of rules. A letter or a digit is kept if its
    shape is clear: the line network knows little of letters that stand alone. A word of one or two letters of
    very unclear shape is left out whatever the line network says: an upright edge is an I to it. Without any
    region, all words are kept.

    Parameters
    ----------
    regions : sequence of TextRegion
        All of the picture, the short ones too.
    lattice, boxes, params
        As of `doubted_texts`.
    classifier : Classifier
        Its classes are those of the lattice.

    Returns
    -------
    bool array, shape (N,)
    """
    unlikely = np.zeros(len(boxes), bool)
    if not regions:
        return unlikely
    evidence = letter_evidence(lattice, classifier.rejects)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    beside = ~in_any(middles, regions)
    runs, classes = lattice.chosen[:, 0], lattice.chosen[:, 1]
    signs = np.array([not name.isalnum() for name in classifier.classes])[classes]
    shapes = np.exp(lattice.scores[runs, classes])
    vague = signs | (shapes < params.clear)
    for letters in letters_of_words(lattice):
        if beside[letters].all() and vague[letters].any():
            is_short = letters.stop - letters.start <= SHORT
            is_unclear = is_short and (shapes[letters] < params.unclear).all()
            unlikely[letters] = is_unclear or np.nansum(evidence[letters] + params.unlikely) < 0
    return unlikely


def without(lattice: Lattice, letters: Mask) -> Lattice:
    """Return a lattice without the words of which at least half of the letters, bool (N,), are given up."""
    readings = [
        [] if letters[of_word].any() and letters[of_word].mean() >= 0.5 else word
        for word, of_word in zip(lattice.readings, letters_of_words(lattice), strict=True)
    ]
    return replace(lattice, readings=tuple(readings))


def letters_of_words(lattice: Lattice) -> list[slice]:
    """Return where the letters of each word of the best readings are among all, as slices."""
    ends = np.cumsum([0, *(len(word[0].steps) if word else 0 for word in lattice.readings)]).tolist()
    return [slice(start, stop) for start, stop in pairwise(ends)]
