"""Web and mail addresses: slashes behind the scheme, and small letters."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest

from ocr.recognition.passes.addresses import addressed


def corrected(text: str) -> str:
    """Return a word as it is read once the characters with more evidence than before are taken."""
    classes = ("", *sorted(set(text) | set(text.lower()) | {"/"}))
    lattice = Mock()
    steps = [(0, 0), *((k + 1, classes.index(c)) for k, c in enumerate(text))]
    lattice.readings, lattice.words = [[Mock(steps=steps)]], [slice(0, len(steps))]
    lattice.runs, lattice.atoms.line = np.zeros((len(steps), 2), np.int64), np.zeros(1, np.int64)
    lattice.evidence = np.zeros((len(steps), len(classes)), np.float32)
    found = addressed(lattice, Mock(classes=classes, weights=Mock(lone_capital_bonus=7.0)))
    if found is lattice:
        return text
    evidence = lattice.changed.call_args.kwargs["evidence"][1:]
    return "".join(classes[row.argmax()] if row.any() else c for row, c in zip(evidence, text, strict=True))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("https:/lex.am/ple", "https://ex.am/ple"),
        ("http:Ilwww.host.org", "http://www.host.org"),
        ("https://host.org/p?X=1", "https://host.org/p?x=1"),
        ("mary@maiL-hoSt.Org", "mary@maiL-hoSt.Org"),
        ("mary@hoSt.Org", "mary@host.org"),
        ("www.inVOice.com", "www.invoice.com"),
        ("Www.host.orglall", "www.host.org/all"),
        ("www.hostorgl.org", "www.hostorgl.org"),
        ("mary@host.orgl", "mary@host.orgl"),
    ],
)
def test_addresses_are_spelled_as_addresses_are(read: str, meant: str) -> None:
    assert corrected(read) == meant


@pytest.mark.parametrize(
    "text", ["https:", "http:/l", "IO:/l.5", "SOS", "a@b", "www.", "12:/1.5", "www.CIA.gov"]
)
def test_other_text_stays(text: str) -> None:
    assert corrected(text) == text
