"""Settings named by a key such as ``optimizer.rate``, from the command line into the tables of a recipe."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Sequence
from typing import Any

from nn.configure import shown
from nn.errors import ModelError


def set_keys(tables: dict[str, Any], changes: Sequence[str], where: str) -> None:
    """Make changes, ``KEY=VALUE`` each, in a recipe's tables.

    A value is one as in TOML, or a plain word.

    Raises
    ------
    ModelError
        Beginning with `where` and naming the change, if it is none or there is no such place.

    Examples
    --------
    >>> tables = {"layers": [{"type": "dense", "units": 9}]}
    >>> set_keys(tables, ["optimizer.type=adam", "layers.1.units=64"], "mlp.toml")
    >>> tables
    {'layers': [{'type': 'dense', 'units': 64}], 'optimizer': {'type': 'adam'}}
    """
    for change in changes:
        key, equals, text = change.partition("=")
        if not key or not equals:
            raise ModelError(f"--set {change}: expected KEY=VALUE, such as train.epochs=5")
        set_key(tables, key.strip(), parse_value(text), f"{where}: --set")


def set_key(tables: dict[str, Any], key: str, value: Any, where: str) -> None:
    """Set what `key` names in `tables`; a table or a layer on the way must be there, or be a new table."""
    *way, last = key.split(".")
    inside: Any = tables
    for name in way:
        inside = _inside(inside, name)
    if isinstance(inside, list) and last.isdecimal() and 1 <= int(last) <= len(inside):
        inside[int(last) - 1] = value
    elif isinstance(inside, dict):
        inside[last] = copy.deepcopy(value)
    else:
        raise ModelError(f"{where}: {key} = {shown(value)}: there is no such place in the recipe")


def parse_value(text: str) -> Any:
    """Return a value as TOML has it, or the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return text.strip()


def parse_values(text: str) -> list[Any]:
    """Return a TOML list, or the plain words between commas."""
    for form in (text, f"[{text}]"):
        values = parse_value(form)
        if isinstance(values, list):
            return values
    return text.split(",")


def _inside(tables: Any, name: str) -> Any:
    """Return what `name` is in a table (a new table if there is none) or, counting from 1, in a list."""
    if isinstance(tables, dict):
        return tables.setdefault(name, {})
    if isinstance(tables, list) and name.isdecimal() and 1 <= int(name) <= len(tables):
        return tables[int(name) - 1]
    return None
