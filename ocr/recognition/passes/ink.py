"""What the ink of a letter shows of a mark that is one with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np

from ocr.recognition.lattice import Lattice
from ocr.recognition.placement import Ruling
from pipelines.sheet import Mask

MOST = 4.0
"""The most that any of it says, in nats."""
TAIL = 0.18, 0.05
"""How far below the baseline a tail likely reaches, in x-heights, and by how much more e times as likely."""
CROWN = 0.24, 0.06
"""The same of how far above a letter's height an accent on it reaches."""
WIDE = 1.25, 0.08
"""The same of how wide two letters grown together are."""
SLASH = 0.3, 0.08
"""The same of the share of ink in the middle of a bowl with a stroke through it."""
BAR = 1.3, 0.1
"""The same of how much wider than usual a stem with a stroke through it is at its widest."""
CAPITAL = 1.42
"""The height of capitals in x-heights."""
STEM, HEART = (0.25, 0.75), (0.38, 0.62)
"""The middle of a stem's height, and that of a bowl's width and height, in which strokes go through them."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Log-odds that a letter has what is one with it; 0 where nothing tells.

    Attributes
    ----------
    tail, crown : float
        Something below the baseline; something on top.
    bar, slash : float
        A stroke through a stem; through a bowl.
    wide : float
        It is as wide as two letters grown together.
    grown : bool
        It is one piece with the letter after it.
    """

    tail: float = 0.0
    crown: float = 0.0
    bar: float = 0.0
    slash: float = 0.0
    wide: float = 0.0
    grown: bool = False


Inks: TypeAlias = Callable[[Sequence[int], Sequence[str]], list[Ink]]


def inks_of(lattice: Lattice) -> Inks:
    """Return what tells the ink of letters: of runs, read as characters. Each run is measured once."""
    atoms = lattice.atoms

    @cache
    def strokes(start: int, stop: int, left: int, top: int, right: int, bottom: int) -> tuple[float, float]:
        part = atoms.index[top:bottom, left:right]
        mask = (part > start) & (part <= stop)
        return odds(_bar(mask), BAR), odds(_heart(mask), SLASH)

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
            tail, crown, wide = _placed(box, ruling, character)
            bar, slash = strokes(start, stop, *box)
            found.append(Ink(tail, crown, bar, slash, wide, one))
        return found

    return inks


def _placed(box: Sequence[int], ruling: Ruling | None, character: str) -> tuple[float, float, float]:
    """Return the log-odds of a tail, of a crown, and of two letters, by where a letter stands."""
    if ruling is None:
        return 0.0, 0.0, 0.0
    high, low, wide = stands(box, ruling)
    height = CAPITAL if character.isupper() else 1.0
    crown = 0.0 if character in "ij" else odds(high - height, CROWN)
    return odds(low, TAIL), crown, odds(wide, WIDE)


def stands(box: Sequence[int], ruling: Ruling) -> tuple[float, float, float]:
    """Return how far ink reaches above the baseline and below it, and how wide it is, in x-heights."""
    left, top, right, bottom = box
    baseline = ruling.offset + ruling.slope * (left + right) / 2
    return (
        (baseline - top) / ruling.x_height,
        (bottom - baseline) / ruling.x_height,
        (right - left) / ruling.x_height,
    )


def odds(value: float, limits: tuple[float, float]) -> float:
    """Return the log-odds that a value is beyond a limit, which is as sharp as the second says."""
    limit, spread = limits
    return min(max((value - limit) / spread, -MOST), MOST)


def _bar(mask: Mask) -> float:
    """Return how wide the widest row in the middle of a stem is beside the narrow ones."""
    height = len(mask)
    rows = mask[round(STEM[0] * height) : max(1, round(STEM[1] * height))].sum(axis=1)
    return float(rows.max() / max(1.0, float(np.quantile(rows, 0.3)))) if len(rows) else 0.0


def _heart(mask: Mask) -> float:
    """Return the share of ink in the middle of a bowl."""
    rows, columns = (
        slice(int(HEART[0] * n), int(HEART[0] * n) + max(1, round(0.24 * n))) for n in mask.shape
    )
    return float(mask[rows, columns].mean())
