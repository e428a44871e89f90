"""The marks of amounts: that between thousands is not the one before the cents."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest

from ocr.recognition.passes.amounts import separated


def judged(text: str, likelier: int | None = None) -> tuple[Mock, np.ndarray | None, tuple[str, ...]]:
    """Return a lattice of one word, the evidence that is decoded again, and the classes.

    The other mark is likelier at the character `likelier`.
    """
    classes = ("", *sorted(set(text) | set(".,")))
    lattice = Mock()
    lattice.readings = [[Mock(steps=[(k, classes.index(c)) for k, c in enumerate(text)])]]
    lattice.words, lattice.runs = [slice(0, len(text))], np.zeros((len(text), 2))
    lattice.scores, lattice.evidence = np.zeros((2, len(text), len(classes)), np.float32)
    if likelier is not None:
        lattice.scores[likelier, classes.index("." if text[likelier] == "," else ",")] += 1
    found = separated(lattice, Mock(classes=classes))
    return lattice, None if found is lattice else lattice.changed.call_args.kwargs["evidence"], classes


@pytest.mark.parametrize(
    ("text", "likelier", "places"),
    [
        ("2.111.20", 1, [1]),
        ("2.111.20", 5, [5]),
        ("$1,234,567,80", 2, [2, 6]),
        ("1,234,567,80", 9, [9]),
    ],
)
def test_the_mark_that_looks_more_like_the_other_is_changed(
    text: str, likelier: int, places: list[int]
) -> None:
    _, evidence, classes = judged(text, likelier)
    assert evidence is not None
    barred = np.argwhere(np.isneginf(evidence)).tolist()
    assert barred == [[place, classes.index(text[place])] for place in places]


@pytest.mark.parametrize(
    "text", ["2,111.20", "2.111,20", "111.20", "1.2.3", "12.10.2024", "2.111", "1.11.20"]
)
def test_other_numbers_stay(text: str) -> None:
    lattice, evidence, _ = judged(text)
    assert evidence is None and not lattice.changed.called
