"""How much of one picture is looked at: as much as its pixels may hold, so that none takes for ever."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pipelines.layout.params import STANDARD, Growth


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that grow with a picture, from a floor that no ordinary page comes near.

    What is beyond is left out, and the page's reading says so (`pipelines.sheet.Sheet.warnings`).

    Attributes
    ----------
    pieces : int
        Components that may be letters. Of more, those are kept whose height is most like that of the others.
    letters : int
        Letters on lines that look like text, by their width. Of more, the first in reading order are read.
    doubtful : int
        Letters on lines that look like no text, such as grain, a screen of dots or cloth, besides twice as
        many as there are on lines that do.
    runs : int
        Runs of ink that may be letters. Once there are as many, what touches is not cut any more.
    effort : int
        Boxes that are followed along lines in search of columns, each time that they are.
    evidence : int
        Pixels on which strokes are told from stains; a larger picture is reduced for that.
    work : int
        Pixels of all ways in which a picture of one line, word or letter is tried.
    enlarged : int
        Pixels to which a page is enlarged that seems to hold more letters than are read, or that is tried in
        another way than the first.
    """

    pieces: int
    letters: int
    doubtful: int
    runs: int
    effort: int
    evidence: int
    work: int
    enlarged: int

    @classmethod
    def of(cls, pixels: int, growth: Growth = STANDARD.growth) -> Self:
        """Return the limits of a picture of so many pixels, as loaded.

        Examples
        --------
        >>> Limits.of(1_000_000).letters
        10000
        """
        megapixels = pixels / 1e6

        def grown(bound: tuple[float, float]) -> int:
            floor, each = bound
            return round(floor + each * megapixels)

        return cls(
            pieces=grown(growth.pieces),
            letters=grown(growth.letters),
            doubtful=grown(growth.doubtful),
            runs=grown(growth.runs),
            effort=grown(growth.effort),
            evidence=grown(growth.evidence),
            work=grown(growth.work),
            enlarged=grown(growth.enlarged),
        )
