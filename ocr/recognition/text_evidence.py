"""Which lines of a page hold text: those that the network for lines reads surely.

On grain, leaves, cloth or letters one over another the network guesses at every place; on text, even written
badly, it is mostly sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr.recognition.limited import first_letters, lengths
from pipelines.sheet import Mask, Sheet, TextLine

LEVEL = -0.7
"""Mean log-probability of the letters of a line, in nats, above which it speaks for text, below against."""
NO_PAGE = 5.0
"""Evidence against text, in nats over all lines, beyond which a page is none of text."""
NO_CROP = 100.0
"""The same, of a picture that is said to show one line or word."""
NO_LINE = 15.0
"""Evidence against a line, beyond which it is left out on a page of text."""
SURE_LINE = 1.5
"""Evidence for a line that is read even though the page speaks against text."""
SURE_WORD = 1.0
"""Evidence for a line that stands where no text was found, or for a text that is no part of the sheet."""
FEWEST = 4
"""Where fewer letters than this are read on a whole page, what is no single letter must speak for text."""
FULL = 500
"""Letters of which a page shows clearly that it is none of text, however it is taken."""
LETTERS, LONGEST = 1000, 150
"""About so many letters of a page, by its lines' lengths, are looked at to tell whether it is one of text, of
fewer all; and so many of a line at most."""
GLANCE = 4
"""Of the lines that are looked at, one in so many is enough to see that another way is no better."""
CLEARLY_TEXT = 50.0
"""Evidence for text, in nats, of a page that is taken rightly: of more than seventy letters, read surely."""


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What speaks for text on each line of a page.

    Attributes
    ----------
    means : float64 array, shape (L,)
        Mean log-probability of each line's letters, in nats; not a number for a line that was not looked at.
    letters : int64 array, shape (L,)
        How many letters each has; 0 for a line that was not looked at.
    """

    means: npt.NDArray[np.float64]
    letters: npt.NDArray[np.int64]

    @classmethod
    def of(cls, lines: int, chosen: npt.NDArray[np.int64], read: Sequence[tuple[float, int]]) -> Evidence:
        """Return what is known of so many lines, of which the chosen were read.

        Examples
        --------
        >>> Evidence.of(3, np.array([0, 2]), [(-0.2, 10), (-1.2, 4)]).of_lines
        array([ 5., nan, -2.])
        """
        means, letters = np.full(lines, np.nan), np.zeros(lines, np.int64)
        for line, (mean, count) in zip(chosen.tolist(), read, strict=True):
            means[line], letters[line] = mean, count
        return cls(means, letters)

    @property
    def of_lines(self) -> npt.NDArray[np.float64]:
        """Letters times how much more surely each is read than `LEVEL`, in nats, (L,)."""
        return np.asarray(self.letters * (self.means - LEVEL))

    @property
    def total(self) -> float:
        """Evidence of all lines together that were looked at; below 0 it speaks against text."""
        return self.above(LEVEL)

    def above(self, level: float) -> float:
        """Return the same with another level, in nats."""
        return float(np.nansum(self.letters * (self.means - level)))

    @property
    def is_clear(self) -> bool:
        """Whether so much was read so surely that the page need not be taken in another way."""
        return self.total > CLEARLY_TEXT

    @property
    def is_hopeless(self) -> bool:
        """Whether so much was read so unsurely that there is no text however the page is taken."""
        return self.total < -NO_PAGE and int(self.letters.sum()) > FULL

    @property
    def is_none_at_a_glance(self) -> bool:
        """Whether that is to be expected of all lines by those looked at, one in `GLANCE`."""
        return self.total < -NO_PAGE and int(self.letters.sum()) > FULL / GLANCE


def sampled(sheet: Sheet) -> npt.NDArray[np.int64]:
    """Return which lines of a page to look at, evenly over the page, so that these have about `LETTERS`."""
    letters = sum(min(LONGEST, int(lengths(sheet, line)[-1])) for line in sheet.lines)
    every = max(1, letters // LETTERS)
    return np.arange(every // 2, len(sheet.lines), every)


def beginning(sheet: Sheet, line: TextLine) -> TextLine:
    """Return as much of a line as is looked at: all of it unless it is very long; one stack at least."""
    ends = lengths(sheet, line)
    if ends[-1] <= LONGEST:
        return line
    return first_letters(line, np.diff(ends, prepend=0), max(LONGEST, int(ends[0])))


def without_textless(
    sheet: Sheet, evidence: Evidence, least: float = NO_PAGE, found: Mask | None = None
) -> Sheet:
    """Return a sheet without the lines that look like no text, and with a warning where there are any.

    On a page that speaks for text a line stays unless it clearly speaks against it; on others it must speak
    for it. So it must where hardly a letter is read, unless it is a letter that stands alone.

    Parameters
    ----------
    sheet : Sheet
    evidence : Evidence
        Of its lines.
    least : float
        The evidence against text, in nats, beyond which the sheet holds none.
    found : bool array, shape (L,), optional
        Of which lines the network that finds text says that they are text. The others must speak for it.
    """
    if evidence.total < -least:
        kept = evidence.of_lines >= SURE_LINE
    else:
        kept = ~(evidence.of_lines < -max(NO_LINE, least))
    if found is not None and evidence.letters.sum() < FEWEST and evidence.total <= 0:
        alone = np.array([len(line.stacks) == 1 for line in sheet.lines], bool)
        kept &= alone | (evidence.of_lines > 0)
    if found is not None:
        kept &= found | ~(evidence.of_lines < (SURE_WORD if len(kept) > 1 else 0))
    if kept.all():
        return sheet
    lines = tuple(line for line, stays in zip(sheet.lines, kept.tolist(), strict=True) if stays)
    left = len(sheet.lines) - len(lines)
    said = f"{left} of {len(sheet.lines)} lines look like no text and are left out"
    return replace(sheet, lines=lines).warned(said)
