"""Units behind numbers are read by their shapes, not as words."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest

from ocr.recognition.passes.measures import measured


def read_as(before: str, unit: str, likelier: str) -> str:
    """Return how a unit behind a word is read if the shapes of its letters say another."""
    classes = ("", *sorted(set(before + unit + likelier)))
    lattice, runs = Mock(), len(before) + len(unit)
    words = [slice(0, len(before)), slice(len(before), runs)]
    lattice.readings = [
        [Mock(steps=[(k, classes.index(c)) for k, c in enumerate(word)])] for word in (before, unit)
    ]
    lattice.words, lattice.runs = words, np.zeros((runs, 2), np.int64)
    lattice.atoms.line = np.zeros(1, np.int64)
    lattice.scores, lattice.evidence = np.full((2, runs, len(classes)), -9, np.float32)
    for k, character in enumerate(likelier):
        lattice.scores[len(before) + k, classes.index(character)] = 0
    found = measured(lattice, Mock(classes=classes, weights=Mock(lone_capital_bonus=7.0)))
    if found is lattice:
        return unit
    gained = lattice.changed.call_args.kwargs["evidence"][words[1]] > -9
    return "".join(classes[row.argmax()] if row.any() else c for row, c in zip(gained, unit, strict=True))


@pytest.mark.parametrize(
    ("before", "unit", "likelier", "meant"),
    [
        ("30", "mi", "ml", "ml"),
        ("30", "ml", "mi", "mi"),
        ("2.5", "cm", "cm", "cm"),
        ("or", "mi", "ml", "mi"),
        ("30", "me", "ml", "me"),
        ("30", "mi", "mj", "mi"),
    ],
)
def test_the_unit_that_the_shapes_say_is_read(before: str, unit: str, likelier: str, meant: str) -> None:
    assert read_as(before, unit, likelier) == meant
