"""Amounts such as 2,111.20: the mark between thousands is not the one before the cents."""

from __future__ import annotations

import re

import numpy as np

from ocr.recognition.lattice import Decoder, Lattice

ALIKE = re.compile(r"\D?\d{1,3}(?:\.\d{3})+\.\d\d\D?|\D?\d{1,3}(?:,\d{3})+,\d\d\D?")
"""An amount whose thousands and cents are separated by the same mark."""


def separated(lattice: Lattice, decoder: Decoder) -> Lattice:
    """Read a comma for a dot, or a dot for a comma, in amounts that would have the same mark everywhere.

    The marks between thousands or that before the cents are changed: those whose shapes and line say more for
    the other mark.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes these amounts again.
    """
    if not {".", ","} <= set(decoder.classes):
        return lattice
    dot, comma = decoder.classes.index("."), decoder.classes.index(",")
    evidence, stale = lattice.evidence.copy(), np.zeros(len(lattice.runs), bool)
    for part, readings in zip(lattice.words, lattice.readings, strict=True):
        steps = readings[0].steps if readings else ()
        if not ALIKE.fullmatch("".join(decoder.classes[c] for _, c in steps)):
            continue
        marks = np.array([part.start + run for run, c in steps if c in (dot, comma)])
        other = comma if dot in (c for _, c in steps) else dot
        usual = dot + comma - other
        gain = (lattice.scores + lattice.evidence)[marks][:, [other, usual]]
        change = gain[:, 0] - gain[:, 1]
        chosen = marks[-1:] if change[-1] > change[:-1].mean() else marks[:-1]
        evidence[chosen, usual] = -np.inf
        stale[part] = True
    return lattice.changed(decoder, stale, evidence=evidence) if stale.any() else lattice
