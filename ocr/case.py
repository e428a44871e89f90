"""The case of a whole line: where most letters inside words are capitals, the others are likely so too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ocr.classify import Classifier
from ocr.lattice import Lattice

CAPITALS = 0.3
"""Share of capitals among the letters inside its words beyond which a line is in capitals."""
FEWEST = 4
"""Letters inside words that a line must have for its case to be told."""
SMALL = 4.0
"""What a small letter costs on a line in capitals, in nats."""


def recased(lattice: Lattice, classifier: Classifier) -> Lattice:
    """Make small letters less likely on lines that are in capitals.

    Running text has few capitals inside words; where there are many, the writer wrote capitals, some of
    which look like small letters.

    Parameters
    ----------
    lattice : Lattice
        With its readings.
    classifier : Classifier

    Returns
    -------
    Lattice
        Without readings where any line is in capitals and has small letters; else the lattice itself.
    """
    upper = np.array([c.isupper() for c in classifier.classes])
    lower = np.array([c.islower() for c in classifier.classes])
    runs, classes, places = lattice.chosen().T
    runs, classes = runs[places > 0], classes[places > 0]
    lines = len(lattice.sheet.lines)
    line_of = lattice.atoms.line[lattice.runs[runs, 0]]
    capitals = np.bincount(line_of[upper[classes]], minlength=lines)
    smalls = np.bincount(line_of[lower[classes]], minlength=lines)
    letters = capitals + smalls
    told = (letters >= FEWEST) & (capitals > CAPITALS * letters) & (smalls > 0)
    if not told.any():
        return lattice
    evidence = lattice.evidence if lattice.evidence is not None else np.zeros_like(lattice.scores)
    affected = told[lattice.atoms.line[lattice.runs[:, 0]]]
    cost = np.float32(SMALL) * (affected[:, None] & lower)
    return replace(lattice, evidence=evidence - cost, readings=())
