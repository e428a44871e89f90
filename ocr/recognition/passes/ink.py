"""Evidence in the ink of a letter for a mark that is joined to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

import numpy as np

from ocr.recognition.lattice import Lattice
from ocr.recognition.params import STANDARD
from ocr.recognition.passes.params import InkParams, Threshold
from ocr.recognition.placement import Ruling
from pipelines.sheet import Mark, Mask


@dataclass(frozen=True, slots=True)
class Ink:
    """Log-odds that a letter has a joined part; 0 where there is no evidence.

    Attributes
    ----------
    tail, crown : float
        A part below the baseline; a part on top.
    bar, slash : float
        A stroke through a stem; through a bowl.
    wide : float
        It is as wide as a ligature of two letters.
    grown : bool
        It is connected with the letter after it.
    over : Mark, optional
        The ink above the height of a small letter, where there is evidence of a part on top.
    """

    tail: float = 0.0
    crown: float = 0.0
    bar: float = 0.0
    slash: float = 0.0
    wide: float = 0.0
    grown: bool = False
    over: Mark | None = field(default=None, compare=False)


Inks: TypeAlias = Callable[[Sequence[int], Sequence[str]], list[Ink]]


def inks_of(lattice: Lattice, params: InkParams = STANDARD.ink) -> Inks:
    """Return a function that measures the ink of runs, given their characters. Each run is measured once."""
    atoms = lattice.atoms

    @cache
    def strokes(start: int, stop: int, left: int, top: int, right: int, bottom: int) -> tuple[float, float]:
        part = atoms.index[top:bottom, left:right]
        mask = (part > start) & (part <= stop)
        bar = odds(_stem_bulge(mask, params), params.bar, params.most)
        return bar, odds(_bowl_ink(mask, params), params.slash, params.most)

    @cache
    def crown_of(start: int, stop: int, left: int, top: int, right: int, bottom: int) -> Mark | None:
        line = int(atoms.line[start])
        ruling = lattice.rulings[line]
        assert ruling is not None
        lowest = round(ruling.baseline((left + right) / 2) - ruling.x_height)
        part = atoms.index[top:lowest, left:right]
        mask = (part > start) & (part <= stop)
        columns = np.flatnonzero(mask.any(axis=0))
        if not len(columns):
            return None
        first, last = int(columns[0]), int(columns[-1]) + 1
        return Mark((left + first, top, left + last, lowest), line, mask[:, first:last], 1)

    def inks(runs: Sequence[int], characters: Sequence[str]) -> list[Ink]:
        extents = lattice.runs[list(runs)]
        boxes = lattice.boxes[list(runs)].tolist()
        stacks = atoms.stack[extents - [0, 1]]
        grown = [*(stacks[1:, 0] == stacks[:-1, 1]).tolist(), False]
        found = []
        for (start, stop), box, character, one in zip(
            extents.tolist(), boxes, characters, grown, strict=True
        ):
            ruling = lattice.rulings[atoms.line[start]]
            tail, crown, wide = _placed(box, ruling, character, params)
            bar, slash = strokes(start, stop, *box)
            over = crown_of(start, stop, *box) if crown > 0 and character.islower() else None
            found.append(Ink(tail, crown, bar, slash, wide, one, over))
        return found

    return inks


def _placed(
    box: Sequence[int], ruling: Ruling | None, character: str, params: InkParams
) -> tuple[float, float, float]:
    """Return the log-odds of a tail, of a crown, and of a ligature, from the extent of a letter."""
    if ruling is None:
        return 0.0, 0.0, 0.0
    high, low, wide = ruling.stands(box)
    height = params.capital if character.isupper() else 1.0
    crown = 0.0 if character in "ij" else odds(high - height, params.crown, params.most)
    return odds(low, params.tail, params.most), crown, odds(wide, params.wide, params.most)


def odds(value: float, threshold: Threshold, most: float) -> float:
    """Return the log-odds of a measured value, clipped to `most` either way."""
    return min(max(threshold.log_odds(value), -most), most)


def _stem_bulge(mask: Mask, params: InkParams) -> float:
    """Return the width of the widest row in the middle of a stem, relative to the narrow ones."""
    height = len(mask)
    rows = mask[round(params.stem_top * height) : max(1, round(params.stem_bottom * height))].sum(axis=1)
    return float(rows.max() / max(1.0, float(np.quantile(rows, params.narrow)))) if len(rows) else 0.0


def _bowl_ink(mask: Mask, params: InkParams) -> float:
    """Return the share of ink in the middle of a bowl."""
    starts = [int(params.bowl_edge * n) for n in mask.shape]
    sizes = [max(1, round(params.bowl_size * n)) for n in mask.shape]
    rows, columns = (slice(start, start + size) for start, size in zip(starts, sizes, strict=True))
    return float(mask[rows, columns].mean())
