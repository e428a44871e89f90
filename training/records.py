"""What people write on forms, labels and receipts: names, dates, amounts, plates, codes, mail addresses."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

_DIGITS, _CAPITALS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FILLED = {"9": _DIGITS, "A": _CAPITALS, "*": _CAPITALS + _DIGITS}
_POSTAL = ("99999", "A9A 9AA", "AA 99999", "9999")
_NAMES = 2
"""Frequency of names, relative to other kinds."""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "records.toml").read_text("utf-8"))


def record(words: Sequence[str], rng: np.random.Generator) -> str:
    """Make up one record.

    Parameters
    ----------
    words : sequence of str
        Words from which names are made.
    rng : numpy.random.Generator
    """
    tables = _tables()
    kinds = [*tables["texts"], *tables["codes"], *["name"] * (_NAMES - 1)]
    kind = _one(kinds, rng)
    if kind in tables["codes"]:
        return filled(_one(tables["codes"][kind], rng), rng)
    text = _one(tables["texts"][kind], rng).format_map(_fields(words, rng))
    return text.upper() if rng.random() < tables["capitals"].get(kind, 0) else text


def filled(pattern: str, rng: np.random.Generator) -> str:
    """Return a pattern with any digit for 9, any capital for A, either for an asterisk."""
    return "".join(_one(_FILLED[c], rng) if c in _FILLED else c for c in pattern)


def _fields(words: Sequence[str], rng: np.random.Generator) -> dict[str, str]:
    """Return a value for each field of a text."""
    names = [_name(words, rng) for _ in range(3)]
    day = datetime.fromtimestamp(int(rng.integers(0, 2_000_000_000)))
    return {
        **dict(zip("ABC", names, strict=True)),
        "a": names[0].lower(),
        "b": names[1].lower(),
        "i": _one(_CAPITALS, rng),
        "n": str(rng.integers(1, 400)),
        "k": str(rng.integers(1, 30)),
        "q": str(rng.integers(2, 101)),
        "p": _number(rng),
        "postal": filled(_one(_POSTAL, rng), rng),
        "day": str(day.day),
        "month": str(day.month),
        "year": str(day.year),
        "dd": f"{day:%d}",
        "mm": f"{day:%m}",
        "yy": f"{day:%y}",
        "Month": f"{day:%B}",
        "Mon": f"{day:%b}",
        "hour": f"{day:%H}",
        "minute": f"{day:%M}",
        **{name: _one(choices, rng) for name, choices in _tables()["parts"].items()},
    }


def _one(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _name(words: Sequence[str], rng: np.random.Generator) -> str:
    """Return what might be a name: a word, or the beginning of one and the end of another."""
    first, second = (_one(words, rng).replace("'", "") for _ in range(2))
    made = first if rng.random() < 0.5 else first[: max(2, len(first) // 2)] + second[len(second) // 2 :]
    return made.capitalize()


def _number(rng: np.random.Generator) -> str:
    whole, cents = int(10 ** rng.uniform(0, 5)), int(rng.integers(100))
    forms = (
        f"{whole}.{cents:02}",
        f"{whole},{cents:02}",
        f"{whole:,}.{cents:02}",
        f"{whole:,}",
        f"{whole}",
        f"{whole / 10:.1f}",
    )
    return _one(forms, rng)
