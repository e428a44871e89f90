"""The units of the parameters of recognition."""

from __future__ import annotations

from typing import Annotated

from pipelines.units import Unit

Count = Annotated[int, Unit(1, 1_000_000, whole=True)]
Nats = Annotated[float, Unit(0, 1_000, "nats")]
XHeights = Annotated[float, Unit(0, 10, "x-heights")]
"""Of the line that a letter stands on."""
Step = Annotated[float, Unit(0.001, 10, "x-heights")]
LetterHeights = Annotated[float, Unit(0.01, 10, "letter heights")]
"""Of the ordinary letters of a line."""
Weight = Annotated[float, Unit(0, 1_000)]
"""A weight of a log-probability, or a penalty or a bonus in nats."""
