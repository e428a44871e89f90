"""Checks of the fields of parameter objects: each error names the field, its value, and what it must be."""

from __future__ import annotations

from math import isfinite
from typing import Any


def is_number(value: Any) -> bool:
    """Tell whether a value is a finite number; True and False are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def check(name: str, sound: bool, value: Any, wanted: str) -> None:
    """Raise a ValueError that names a field, unless it is sound."""
    if not sound:
        raise ValueError(f"{name} is {value}: it must be {wanted}")


def check_counts(params: object, *names: str) -> None:
    """Raise a ValueError unless these fields of an object are whole numbers of at least 1."""
    for name in names:
        value = getattr(params, name)
        sound = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        check(name, sound, value, "a whole number of at least 1")


def check_range(params: object, *names: str, least: float = 0.0, most: float, unit: str = "") -> None:
    """Raise a ValueError unless these fields of an object are numbers from `least` to `most`."""
    for name in names:
        value = getattr(params, name)
        sound = is_number(value) and least <= value <= most
        check(name, sound, value, f"from {least:g} to {most:g} {unit}".rstrip())
