"""Parameters of the bounds on the work for one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pipelines.units import Checked, Unit

Bound = tuple[
    Annotated[float, Unit(1, 1_000_000_000)],
    Annotated[float, Unit(0, 1_000_000_000, "a megapixel")],
]
"""A floor, and what is added for each megapixel of the picture as loaded."""


@dataclass(frozen=True, slots=True)
class Growth(Checked):
    """How `pipelines.layout.limits.Limits` grow with a picture; its fields say what each of them bounds.

    Each is a floor that no ordinary page reaches, and what is added per megapixel. A higher value is slower
    on pictures of noise, and leaves out less.

    Attributes
    ----------
    pieces, letters, doubtful, runs, effort, evidence, work, enlarged, enlarged_less : tuple of float
    """

    pieces: Bound = (6_000, 6_000)
    letters: Bound = (6_000, 4_000)
    doubtful: Bound = (300, 200)
    runs: Bound = (6_000, 4_000)
    effort: Bound = (30_000, 30_000)
    evidence: Bound = (600_000, 1_000_000)
    work: Bound = (6_000_000, 5_000_000)
    enlarged: Bound = (8_000_000, 2_000_000)
    enlarged_less: Bound = (2_000_000, 3_000_000)
