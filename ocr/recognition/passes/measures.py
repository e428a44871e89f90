"""Units behind numbers, such as the ml of 30 ml, which the language model does not know as words."""

from __future__ import annotations

import numpy as np

from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.passes.words import letters_read, likelier, words_read

UNITS = (
    *("m", "mm", "cm", "dm", "km", "mi", "ft", "in", "yd"),
    *("g", "mg", "kg", "lb", "oz", "t"),
    *("l", "ml", "cl", "dl", "hl", "gal"),
    *("s", "ms", "min", "h", "hr"),
    *("V", "kV", "W", "kW", "MW", "kWh", "A", "mA", "Ah", "Hz", "kHz", "MHz", "GHz", "kB", "MB", "GB", "TB"),
    *("Pa", "hPa", "kPa", "bar", "psi", "dB", "lx", "lm", "kJ", "kcal", "cal", "px", "pt", "rpm", "mph"),
)


def measured(lattice: Lattice, decoder: Decoder) -> Lattice:
    """Read the unit behind a number by the shapes of its letters alone.

    It is changed if the shapes and the line say more for another unit of as many letters.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes these units again.
    """
    texts, line_of = words_read(lattice, decoder.classes)
    meant = {}
    for k in range(1, len(texts)):
        if texts[k] in UNITS and texts[k - 1][-1:].isdigit() and line_of[k - 1] == line_of[k]:
            meant[k] = _seen(lattice, decoder, k)
    return likelier(lattice, decoder, meant)


def _seen(lattice: Lattice, decoder: Decoder, k: int) -> str:
    """Return the unit that the shapes of word `k` and its line say; of equal ones, the one that is read."""
    runs, read = letters_read(lattice, decoder, k)
    shapes, classes = lattice.scores[runs] + lattice.evidence[runs], decoder.classes

    def score(unit: str) -> tuple[float, bool]:
        return float(shapes[np.arange(len(unit)), [classes.index(c) for c in unit]].sum()), unit == "".join(
            read
        )

    return max((u for u in UNITS if len(u) == len(runs) and set(u) <= set(classes)), key=score)
