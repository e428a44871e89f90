"""Units of the numbers of layout, and the check that each value lies in the range of its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Unit:
    """The range of the values that make sense, both ends included, and what they are measured in."""

    least: float
    most: float
    name: str = ""
    whole: bool = False

    def __str__(self) -> str:
        kind = "a whole number " if self.whole else ""
        return f"{kind}from {self.least:,g} to {self.most:,g} {self.name}".rstrip()


Share = Annotated[float, Unit(0, 1)]
Positive = Annotated[float, Unit(0.01, 1_000)]
Factor = Annotated[float, Unit(0, 1_000)]
Divisor = Annotated[float, Unit(1, 1_000)]
Heights = Annotated[float, Unit(0, 100, "letter heights")]
Pixels = Annotated[float, Unit(0, 1_000_000_000, "pixels")]
Degrees = Annotated[float, Unit(0, 45, "degrees")]
Percentile = Annotated[float, Unit(0, 100, "percent")]
Count = Annotated[int, Unit(1, 1_000_000_000, whole=True)]


class Checked:
    """Base of frozen dataclasses whose fields have units: a value out of its range raises ValueError."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for name, hint in get_type_hints(type(self), include_extras=True).items():
            check(f"{type(self).__name__}.{name}", hint, getattr(self, name))


def check(name: str, hint: Any, value: Any) -> None:
    """Raise ValueError unless a value, or each of a tuple, lies in the range of the unit in its type hint."""
    if get_origin(hint) is tuple:
        if len(value) != len(get_args(hint)):
            raise ValueError(f"{name} is {value}: it must be {len(get_args(hint))} numbers")
        for part, one in zip(get_args(hint), value, strict=True):
            check(name, part, one)
    for unit in getattr(hint, "__metadata__", ()):
        if not unit.least <= value <= unit.most or (unit.whole and value % 1):
            raise ValueError(f"{name} is {value}: it must be {unit}")
