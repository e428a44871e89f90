"""Web and mail addresses: the slashes behind their scheme, and the case of their letters."""

from __future__ import annotations

import re

import numpy as np

from ocr.recognition.lattice import Decoder, Lattice

SCHEME = re.compile(r"(?i)https?:(?=[/lI1i|]{2}.+\.)")
"""The scheme of an address of a page, before two slashes or what they are misread as."""
ADDRESS = re.compile(r"(?i)https?:..[^.]+\..+|www\..+\..+|[^@]+@[^@]+\.\w+")
ONE_SHAPE = frozenset("COSUVWXZ")
"""Capitals of the shape of their small letters."""


def addressed(lattice: Lattice, decoder: Decoder) -> Lattice:
    """Make slashes likelier behind ``http:`` and ``https:``, and small letters in addresses without capitals.

    Addresses are nearly always in small letters, but their parts are not words, so that only its size tells
    an x from an X.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the addresses again.
    """
    classes, bonus = decoder.classes, np.float32(decoder.weights.lone_capital_bonus)
    evidence, stale = lattice.evidence.copy(), np.zeros(len(lattice.runs), bool)
    for part, readings in zip(lattice.words, lattice.readings, strict=True):
        steps = [step for step in readings[0].steps if classes[step[1]]] if readings else []
        text = "".join(classes[c] for _, c in steps)
        better = _corrected(text)
        for (run, _), read, meant in zip(steps, text, better, strict=True):
            if meant != read and meant in classes:
                evidence[part.start + run, classes.index(meant)] += bonus
                stale[part] = True
    return lattice.changed(decoder, stale, evidence=evidence) if stale.any() else lattice


def _corrected(text: str) -> str:
    """Return what an address probably says, with as many characters; any other text as it is.

    Examples
    --------
    >>> _corrected("https:/lex.am/ple?X=1"), _corrected("Http://ex.am/X"), _corrected("IO:/1")
    ('https://ex.am/ple?x=1', 'Http://ex.am/x', 'IO:/1')
    """
    scheme = SCHEME.match(text)
    if scheme:
        text = f"{text[: scheme.end()]}//{text[scheme.end() + 2 :]}"
    if not ADDRESS.fullmatch(text):
        return text
    capitals = [character for character in text[1:] if character.isupper()]
    if not ONE_SHAPE.issuperset(capitals):
        return text
    return text[0] + "".join(c.lower() if c in ONE_SHAPE else c for c in text[1:])
