"""Names of changed numbers, for the tests of what a change does."""

from __future__ import annotations

from dataclasses import fields
from typing import Any


def changed(group: Any) -> str:
    """Return the name of a group, and of its fields that are not as usual."""
    usual = type(group)()
    names = [one.name for one in fields(group) if getattr(group, one.name) != getattr(usual, one.name)]
    return f"{type(group).__name__}.{'.'.join(names)}"
