"""Evidence of text: lines of text are those that the line network reads with confidence.

On grain, leaves, cloth or overprinted letters the network is unsure at every place; on text, even in bad
writing, it is mostly sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.limited import first_letters, lengths
from pipelines.sheet import Mask, Sheet, TextLine

LEVEL = -0.7
"""Mean log-probability of the letters of a line, in nats: above it a line is evidence for text, below
against."""
NO_PAGE = 6.0
"""Evidence against text, in nats over all lines, above which a page is not text."""
NO_CROP = 100.0
"""The same for a picture of one line or word."""
NO_LINE = 15.0
"""Evidence against a line, above which it is left out on a page of text."""
SURE_LINE = 1.5
"""Evidence for a line, above which it is read even on a page with evidence against text."""
SURE_WORD = 1.0
"""Evidence for a line outside of all regions, or for a region outside of the sheet, above which it is
read."""
FEWEST = 4
"""Where fewer letters than this are read on a page, but more than one, their evidence must be for text."""
FULL = 500
"""Least number of letters that show that a page is not text in any way of reading it."""
LETTERS, LONGEST = 1000, 150
"""About this many letters of a page are sampled to measure its evidence, and at most this many of a line."""
GLANCE = 4
"""One in this many of the sampled lines is enough to see that another way is no better."""
CLEARLY_TEXT = 50.0
"""Evidence for text, in nats, above which no other way is tried: more than seventy letters, read with
confidence."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The evidence of text on each line of a page.

    Attributes
    ----------
    means : float64 array, shape (L,)
        Mean log-probability of each line's letters, in nats; NaN for a line that was not read.
    letters : int64 array, shape (L,)
        Number of letters of each line; 0 for a line that was not read.
    """

    means: npt.NDArray[np.float64]
    letters: npt.NDArray[np.int64]

    @classmethod
    def of(cls, lines: int, chosen: npt.NDArray[np.int64], read: Sequence[tuple[float, int]]) -> Evidence:
        """Return the evidence of a number of lines, of which only the chosen were read.

        Examples
        --------
        >>> Evidence.of(3, np.array([0, 2]), [(-0.2, 10), (-1.2, 4)]).of_lines
        array([ 5., nan, -2.])
        """
        means, letters = np.full(lines, np.nan), np.zeros(lines, np.int64)
        for line, (mean, count) in zip(chosen.tolist(), read, strict=True):
            means[line], letters[line] = mean, count
        return cls(means, letters)

    @classmethod
    def of_all(cls, parts: Sequence[Evidence]) -> Evidence:
        """Return the evidence of the lines of several sheets."""
        return cls(
            np.concatenate([part.means for part in parts]), np.concatenate([part.letters for part in parts])
        )

    @property
    def of_lines(self) -> npt.NDArray[np.float64]:
        """Number of letters times the mean log-probability above `LEVEL`, in nats, (L,)."""
        return np.asarray(self.letters * (self.means - LEVEL))

    @property
    def total(self) -> float:
        """Evidence of all lines that were read; below 0 it is against text."""
        return self.above(LEVEL)

    def above(self, level: float) -> float:
        """Return the same with another level, in nats."""
        return float(np.nansum(self.letters * (self.means - level)))

    def within(self, lines: Mask) -> Evidence:
        """Return the evidence of some lines only, bool (L,)."""
        return Evidence(np.where(lines, self.means, np.nan), np.where(lines, self.letters, 0))

    @property
    def is_clear(self) -> bool:
        """Whether the evidence is so high that no other way need be tried."""
        return self.total > CLEARLY_TEXT

    @property
    def is_hopeless(self) -> bool:
        """Whether the evidence is so low that the page has no text in any way."""
        return self.total < -NO_PAGE and int(self.letters.sum()) > FULL

    @property
    def is_none_at_a_glance(self) -> bool:
        """Whether the lines that were read, one in `GLANCE`, predict that of all lines."""
        return self.total < -NO_PAGE and int(self.letters.sum()) > FULL / GLANCE


def sampled(sheet: Sheet, among: Mask | None = None) -> npt.NDArray[np.int64]:
    """Return which lines to read, of all or of some, spread evenly, with about `LETTERS` letters."""
    lines = np.arange(len(sheet.lines)) if among is None else np.flatnonzero(among)
    letters = sum(min(LONGEST, int(lengths(sheet, sheet.lines[k])[-1])) for k in lines.tolist())
    every = max(1, letters // LETTERS)
    return lines[every // 2 :: every]


def beginning(sheet: Sheet, line: TextLine) -> TextLine:
    """Return the part of a line to read: all of it unless it is very long; at least one stack."""
    ends = lengths(sheet, line)
    if ends[-1] <= LONGEST:
        return line
    return first_letters(line, np.diff(ends, prepend=0), max(LONGEST, int(ends[0])))


def without_textless(
    sheet: Sheet,
    evidence: Evidence,
    least: float = NO_PAGE,
    found: Mask | None = None,
    beside: Evidence | None = None,
) -> Sheet:
    """Return a sheet without the lines that do not look like text, with a warning where there are any.

    On a page with evidence for text, a line stays unless its evidence is clearly against; on other pages its
    evidence must be for text. The same holds where hardly a letter is read, unless it is a single letter.

    Parameters
    ----------
    sheet : Sheet
    evidence : Evidence
        The evidence of its lines.
    least : float
        The evidence against text, in nats, beyond which the sheet holds none.
    found : bool array, shape (L,), optional
        Which lines are in regions of the text finder. The evidence of the others must be for text.
    beside : Evidence, optional
        The evidence of lines that are not in such regions, and of which `evidence` has none.
    """
    if evidence.total < -least:
        kept = evidence.of_lines >= SURE_LINE
    else:
        kept = ~(evidence.of_lines < -max(NO_LINE, least))
    if found is not None and evidence.letters.sum() < FEWEST and evidence.total <= 0:
        alone = np.array([len(line.stacks) == 1 for line in sheet.lines], bool)
        kept &= alone | (evidence.of_lines > 0)
    if found is not None:
        least_beside = SURE_WORD if len(kept) > 1 else 0
        kept &= found | ~(evidence.of_lines < least_beside)
        if beside is not None:
            kept &= ~(beside.of_lines < least_beside)
    if kept.all():
        return sheet
    lines = tuple(line for line, stays in zip(sheet.lines, kept.tolist(), strict=True) if stays)
    left = len(sheet.lines) - len(lines)
    said = f"{left} of {len(sheet.lines)} lines look like no text and are left out"
    return replace(sheet, lines=lines).warned(said)
