"""The units of numbers in parameter objects, and the check that each value lies in its unit's range."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from numbers import Real
from typing import Annotated, Any, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit of a number, and its range.

    Attributes
    ----------
    least, most : float
        The bounds of the range, both included.
    name : str
        Its name, such as "pixels".
    whole, odd : bool
        Whether it must be a whole number, or an odd one.
    """

    least: float
    most: float
    name: str = ""
    whole: bool = False
    odd: bool = False

    def allows(self, value: object) -> bool:
        """Return whether the value is a number in range; bools and NaN are not."""
        if not isinstance(value, Real) or isinstance(value, bool):
            return False
        number = float(value)
        is_whole, is_odd = number % 1 == 0, number % 2 == 1
        return self.least <= number <= self.most and (is_whole or not self.whole) and (is_odd or not self.odd)

    def __str__(self) -> str:
        kind = "an odd number " if self.odd else "a whole number " if self.whole else ""
        return f"{kind}from {self.least:,g} to {self.most:,g} {self.name}".rstrip()


Share = Annotated[float, Unit(0, 1)]
Percentile = Annotated[float, Unit(0, 100, "percent")]
Factor = Annotated[float, Unit(0, 1_000)]


class Checked:
    """Base of frozen dataclasses whose fields have units: values out of range are rejected.

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
        kind: type = type(self)
        if _has_defaults(self):  # to evaluate the hints of all classes takes long at every start
            return
        for name, hint in _hints(kind).items():
            _check(f"{kind.__name__}.{name}", hint, getattr(self, name))

    def require(self, name: str, sound: bool, wanted: str) -> None:
        """Raise a ValueError that names a field and its value, unless it agrees with the other fields."""
        if not sound:
            raise ValueError(f"{type(self).__name__}.{name} is {getattr(self, name)}: it must be {wanted}")


def _has_defaults(params: Any) -> bool:
    """Return whether all fields of a dataclass are the very objects that are their defaults."""
    return all(getattr(params, field.name) is field.default for field in fields(params))


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the types of a class's fields with their units."""
    return get_type_hints(kind, include_extras=True)


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
