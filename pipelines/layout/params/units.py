"""Units of the parameters of layout."""

from __future__ import annotations

from typing import Annotated

from pipelines.units import Unit

Positive = Annotated[float, Unit(0.01, 1_000)]
Divisor = Annotated[float, Unit(1, 1_000)]
Heights = Annotated[float, Unit(0, 100, "letter heights")]
Pixels = Annotated[float, Unit(0, 1_000_000_000, "pixels")]
Degrees = Annotated[float, Unit(0, 45, "degrees")]
Count = Annotated[int, Unit(1, 1_000_000_000, whole=True)]
Darkness = Annotated[int, Unit(1, 255, "of 255", whole=True)]
