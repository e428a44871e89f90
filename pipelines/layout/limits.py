"""Bounds on the work for one picture, in proportion to its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from pipelines.layout.params import STANDARD, Growth


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that grow with the size of a picture, from a floor that no ordinary page reaches.

    What exceeds them is left out, with a warning (`pipelines.sheet.Sheet.warnings`).

    Attributes
    ----------
    pieces : int
        Components that may be letters. If there are more, those of the most usual height are kept.
    letters : int
        Letters on lines that look like text, by their width. If there are more, the first in reading order
        are read.
    doubtful : int
        Letters on lines that do not look like text (grain, a screen of dots, cloth), in addition to twice the
        number on lines that do.
    runs : int
        Candidate runs. Once there are this many, touching letters are no longer cut.
    effort : int
        Boxes that are tracked along lines in the search for columns, counted each time.
    evidence : int
        Pixels of the picture on which strokes are separated from stains; a larger one is reduced.
    work : int
        Work of all ways together that are tried for a picture of one line, word or letter, in pixels
        (`pipelines.sheet.Sheet.work`).
    enlarged : int
        Pixels to which a picture is enlarged before it is known to hold text.
    enlarged_less : int
        The same for one that seems to hold more letters than are read, and in any way after the first.
    """

    pieces: int
    letters: int
    doubtful: int
    runs: int
    effort: int
    evidence: int
    work: int
    enlarged: int
    enlarged_less: int

    @classmethod
    def of(cls, pixels: int, growth: Growth = STANDARD.growth) -> Self:
        """Return the limits of a picture of this many pixels, as loaded.

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
            enlarged_less=grown(growth.enlarged_less),
        )
