"""Checked calls: settings from a recipe or a model file are validated against a function's signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite
from reprlib import Repr
from typing import Any, TypeVar, get_type_hints

from nn.errors import ModelError

T = TypeVar("T")


def configure(
    make: Callable[..., T], table: Mapping[str, Any], where: str, *given: Any, finite: bool = True
) -> T:
    """Return ``make(*given, **table)`` after checking the names and types in `table`.

    Numbers must be finite, unless `finite` is False, and whole ones have less than 64 bits.

    Raises
    ------
    ModelError
        One line that begins with `where` and names the key, its value and what is wrong with it.
    """
    parameters, hints = _taken_by(make)
    known = parameters[len(given) :]
    check_keys(table, [parameter.name for parameter in known], where)
    for parameter in known:
        if parameter.name not in table:
            if parameter.default is parameter.empty:
                raise ModelError(f"{where}: {parameter.name} is missing")
            continue
        value, hint = table[parameter.name], hints.get(parameter.name)
        allowed = (int, float) if hint is float else hint
        if hint in (int, float, str, bool) and (
            not isinstance(value, allowed) or (isinstance(value, bool) and hint is not bool)  # type: ignore[arg-type]
        ):
            raise ModelError(f"{where}: {parameter.name} = {shown(value)}: must be {_KIND[hint]}")
        if isinstance(value, int) and abs(value) >= 2**63:
            raise ModelError(f"{where}: {parameter.name} = {shown(value)}: has too many digits")
        if finite and isinstance(value, float) and not isfinite(value):
            raise ModelError(f"{where}: {parameter.name} = {value}: must be a finite number")
    try:
        return make(*given, **table)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise ModelError(f"{where}: {error}") from error


@lru_cache(maxsize=256)
def _taken_by(make: Callable[..., object]) -> tuple[tuple[inspect.Parameter, ...], Mapping[str, Any]]:
    """Return the parameters of a function or class, with their types."""
    parameters = tuple(inspect.signature(make).parameters.values())
    return parameters, get_type_hints(make.__init__ if inspect.isclass(make) else make)


def check_keys(table: Mapping[str, Any], known: list[str], where: str) -> None:
    """Raise ModelError naming the first key of `table` that is not `known`."""
    for key in table:
        if key not in known:
            name = key if key.isidentifier() else shown(key)
            near = get_close_matches(str(key), known, 1)
            meant = f"; did you mean {near[0]}?" if near else ""
            said = f"{name} = {shown(table[key])}: unknown key; known are {', '.join(known)}{meant}"
            raise ModelError(f"{where}: {said}")


def choose(choices: Mapping[str, T], table: Mapping[str, Any], where: str) -> tuple[T, dict[str, Any]]:
    """Return the choice that ``table["type"]`` names and the rest of `table`; ModelError if there is none."""
    rest = dict(table)
    name = rest.pop("type", None)
    if not isinstance(name, str) or name not in choices:
        raise ModelError(f"{where}: type = {shown(name)}: must be one of {', '.join(choices)}")
    return choices[name], rest


def shown(value: object) -> str:
    """Return a value as a message shows it: on one line of limited length."""
    return _SHORT.repr(value)


_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 100
_KIND = {int: "a whole number", float: "a number", str: "a string", bool: "true or false"}
