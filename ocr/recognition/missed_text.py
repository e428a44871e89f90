"""Text that is missed on a sheet: places within a line of text over which nothing is read, or nothing surely.

The text finder sees a whole line, but on the sheet a part of it has no letters, or words that the line
network doubts: glare makes them pale, a scratch or a fold joins them to other lines, or the edge of a
coloured bar runs through them. Such a place is cut out and read by itself, with the words beside it, as
these may be read in part only, and without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from ocr.finding.covered import axes_of, inside
from ocr.finding.region import TextRegion
from ocr.recognition.doubted_text import evidence_as_long, letter_evidence, letters_of_words
from ocr.recognition.lattice import Lattice
from ocr.recognition.params import RegionParams
from ocr.recognition.text_evidence import LEVEL, SURE_WORD
from pipelines.sheet import Boxes, Mask

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST = 24
"""At most so many places of a page are looked at: where there are more, all of the page is hard to read."""
CLEAR = 0.85
"""A word is not in doubt if the shapes of all of its letters have a probability of at least this."""


@dataclass(frozen=True, slots=True, eq=False)
class MissedText:
    """A place on a sheet where text is missed, and what is read there.

    Attributes
    ----------
    letters : bool array, shape (N,)
        Which of the letters that are read on the sheet are in words there.
    near : bool array, shape (N,)
        These, and those in the words beside it. Once any of them is replaced, so is the place.
    total : float
        Their evidence of text, in nats.
    row : int
        The line of the sheet on which the words there or beside it stand.
    as_long : float
        How many letters another reading must have, as a part of theirs.
    """

    letters: Mask
    near: Mask
    total: float
    row: int
    as_long: float

    def is_worse_than(self, other: Lattice, rejects: Mask) -> bool:
        """Return whether another reading of the place has so many letters, and more evidence."""
        found = evidence_as_long(other, rejects, self.letters, self.as_long)
        return found is not None and bool(np.sum(found - LEVEL) > self.total + SURE_WORD)


@dataclass(frozen=True, slots=True, eq=False)
class _Letters:
    """The letters that are read on a sheet.

    Attributes
    ----------
    evidence : float64 array, shape (N,)
        In nats; NaN for what is read as no letter.
    words, rows : int64 arrays, shape (N,)
        Their words and the lines of the sheet, by number.
    is_sure : bool array, shape (N,)
        Which of them are letters of words that the line network does not doubt.
    """

    evidence: Floats
    words: Ints
    rows: Ints
    is_sure: Mask

    @classmethod
    def of(cls, lattice: Lattice, rejects: Mask, doubted: float) -> Self:
        """Return the letters of a lattice; `doubted` is minus the most mean evidence of a word in doubt."""
        evidence = letter_evidence(lattice, rejects)
        lengths = [part.stop - part.start for part in letters_of_words(lattice)]
        words = np.repeat(np.arange(len(lengths)), lengths)
        is_letter = ~np.isnan(evidence)
        sums = np.bincount(words, np.nan_to_num(evidence), minlength=len(lengths))
        is_sure = sums >= -doubted * np.bincount(words, is_letter, minlength=len(lengths))
        runs, classes, _ = lattice.chosen.T
        vague = np.exp(lattice.scores[runs, classes]) < CLEAR
        is_sure |= np.bincount(words, vague, minlength=len(lengths)) == 0
        return cls(evidence, words, lattice.chosen_lines, is_sure[words] & is_letter)


def missed_texts(
    regions: Sequence[TextRegion], lattice: Lattice, boxes: Boxes, rejects: Mask, params: RegionParams
) -> list[tuple[TextRegion, list[tuple[TextRegion, MissedText]]]]:
    """Return places within regions where nothing is read, or nothing surely: the longest first, and `MOST`.

    Parameters
    ----------
    regions : sequence of TextRegion
        In the direction of the sheet.
    lattice : Lattice
        That of the sheet.
    boxes : int32 array, shape (N, 4)
        Boxes of its letters, in pixels of the picture as loaded.
    rejects : bool array, shape (C,)
        Which classes are no letters.
    params : RegionParams

    Returns
    -------
    list of (TextRegion, list of (TextRegion, MissedText))
        Each place, and what may be read instead of what is read there: the place with the words on both sides
        of it, and by itself.
    """
    letters = _Letters.of(lattice, rejects, params.doubted)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    found = []
    for region in regions:
        held = inside(middles, region)
        extents = _extents(boxes, region)
        for gap, words in _gaps(extents, letters.words, held & letters.is_sure, region, params.missed):
            doubted = held & (extents[0] < gap[1]) & (extents[1] > gap[0])
            doubted = np.isin(letters.words, letters.words[doubted])
            near = doubted | np.isin(letters.words, words)
            row = int(np.bincount(letters.rows[near]).argmax())
            room = params.around * region.height  # which a cut has: without the letters beside it
            place = gap[0] + room * (gap[0] > 0), max(gap[0] + room, gap[1] - room * (gap[1] < region.length))
            first, last = (extent[near & held] for extent in extents)
            with_words = first.min(initial=gap[0]), last.max(initial=gap[1])
            instead = []
            for part, own in ((with_words, near), (place, doubted)):
                total = float(np.nansum(letters.evidence[own] - LEVEL))
                instead.append((_part(region, *part), MissedText(own, near, total, row, params.parted)))
            found.append((_part(region, *place), instead))
    return sorted(found, key=lambda each: -each[0].length / each[0].height)[:MOST]


def _gaps(
    extents: tuple[Floats, Floats], words: Ints, counted: Mask, region: TextRegion, least: float
) -> Iterator[tuple[tuple[float, float], Ints]]:
    """Yield where a region has no letters of those that count, and the words on both sides.

    Of two gaps with only one word between them only the longer one is returned: with its words, the other is
    cut out, too.

    Parameters
    ----------
    extents : tuple of float64 arrays, shape (N,)
        Where the letters begin and end along the region.
    words : int64 array, shape (N,)
        Their words.
    counted : bool array, shape (N,)
    region : TextRegion
    least : float
        Least length of a gap, in heights of the region.
    """
    order = np.flatnonzero(counted)
    order = order[np.argsort(extents[0][order])]
    ends = np.maximum.accumulate(np.append(0.0, extents[1][order]))
    lengths = np.append(extents[0][order], region.length) - ends
    taken: set[int] = set()
    for k in np.argsort(-lengths, kind="stable").tolist():
        if lengths[k] <= least * region.height:
            return
        beside = words[order[max(0, k - 1) : k + 1]]
        if len(beside) and taken.isdisjoint(beside.tolist()):
            taken.update(beside.tolist())
            yield (float(ends[k]), float(ends[k] + lengths[k])), beside


def _extents(boxes: Boxes, region: TextRegion) -> tuple[Floats, Floats]:
    """Return where boxes (N, 4) begin and end along a region, in pixels from its beginning."""
    along, *_ = axes_of(region)
    middles = ((boxes[:, :2] + boxes[:, 2:]) / 2 - region.corners[0]) @ along
    halves = (boxes[:, 2:] - boxes[:, :2]) / 2 @ np.abs(along)
    return middles - halves, middles + halves


def _part(region: TextRegion, first: float, last: float) -> TextRegion:
    """Return the part of a region from one place along it to another."""
    along, *_ = axes_of(region)
    a, b, c, d = region.corners
    rest = region.length - last
    corners = np.array([a + first * along, b - rest * along, c - rest * along, d + first * along])
    return replace(region, corners=corners)
