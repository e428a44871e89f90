"""Units of the parameters of cleaning."""

from __future__ import annotations

from typing import Annotated

from pipelines.units import Unit

Levels = Annotated[float, Unit(0, 255, "grey levels")]
Variance = Annotated[float, Unit(0, 255**2, "squared grey levels")]
ColourDistance = Annotated[float, Unit(0, 200, "in CIELAB")]
Pixels = Annotated[int, Unit(1, 100_000, "pixels", whole=True)]
Sample = Annotated[int, Unit(1, 1_000_000_000, "pixels", whole=True)]
OddPixels = Annotated[int, Unit(1, 255, "pixels", whole=True, odd=True)]
Length = Annotated[float, Unit(0, 100_000, "pixels")]
Blur = Annotated[float, Unit(0.1, 100, "pixels of standard deviation")]
Degrees = Annotated[float, Unit(0.01, 45, "degrees")]
Count = Annotated[int, Unit(1, 100_000, whole=True)]
Divisor = Annotated[float, Unit(0.1, 1_000)]
