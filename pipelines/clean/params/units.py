"""The units of numbers in parameter objects, and the check that each value lies in its unit's range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number is measured in, and the values that make sense.

    Attributes
    ----------
    least, most : float
        Both are allowed.
    name : str
        Such as "pixels".
    whole, odd : bool
        Whether it must be a whole number, or an odd one.
    """

    least: float
    most: float
    name: str = ""
    whole: bool = False
    odd: bool = False

    def allows(self, value: float) -> bool:
        """Tell whether the value makes sense; not-a-number does not."""
        if not self.least <= value <= self.most:
            return False
        return (value % 1 == 0 or not self.whole) and (value % 2 == 1 or not self.odd)

    def __str__(self) -> str:
        kind = "an odd number " if self.odd else "a whole number " if self.whole else ""
        return f"{kind}from {self.least:,g} to {self.most:,g} {self.name}".rstrip()


Share = Annotated[float, Unit(0, 1)]
Percentile = Annotated[float, Unit(0, 100, "percent")]
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
Factor = Annotated[float, Unit(0, 1_000)]
Divisor = Annotated[float, Unit(0.1, 1_000)]


class Checked:
    """A base of frozen dataclasses whose fields have units: values out of range are refused.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Blot(Checked):
    ...     darkest: Share = 0.2
    >>> Blot(darkest=1.5)
    Traceback (most recent call last):
    ValueError: Blot.darkest is 1.5: it must be from 0 to 1
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        for name, hint in get_type_hints(type(self), include_extras=True).items():
            _check(f"{type(self).__name__}.{name}", hint, getattr(self, name))


def _check(name: str, hint: Any, value: Any) -> None:
    """Raise ValueError unless the value, or each of a tuple, fits the unit of its type hint."""
    if get_origin(hint) is tuple:
        hints = get_args(hint)
        hints = (hints[0],) * len(value) if hints[1:] == (...,) else hints
        if len(hints) != len(value):
            raise ValueError(f"{name} is {value}: it must be {len(hints)} numbers")
        for part, one in zip(hints, value, strict=True):
            _check(name, part, one)
    for unit in getattr(hint, "__metadata__", ()):
        if not unit.allows(value):
            raise ValueError(f"{name} is {value}: it must be {unit}")
