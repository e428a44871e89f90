"""Units behind numbers, such as the ml of 30 ml, which the language model does not know as words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Decoder, Lattice
from ocr.recognition.passes.words import words_read

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
    classes = decoder.classes
    texts, line_of = words_read(lattice, decoder)
    evidence, stale = lattice.evidence.copy(), np.zeros(len(lattice.runs), bool)
    for k in range(1, len(texts)):
        if texts[k] not in UNITS or not texts[k - 1][-1:].isdigit() or line_of[k - 1] != line_of[k]:
            continue
        part = lattice.words[k]
        runs = np.array([part.start + run for run, c in lattice.readings[k][0].steps if classes[c]])
        shapes = lattice.scores[runs] + lattice.evidence[runs]

        def seen(unit: str, shapes: npt.NDArray[np.floating] = shapes) -> float:
            return float(shapes[np.arange(len(unit)), [classes.index(c) for c in unit]].sum())

        alike = [u for u in UNITS if len(u) == len(runs) and set(u) <= set(classes)]
        best = max(alike, key=lambda unit: (seen(unit), unit == texts[k]), default=texts[k])
        for run, read, meant in zip(runs.tolist(), texts[k], best, strict=True):
            if read != meant:
                evidence[run, classes.index(meant)] += decoder.weights.lone_capital_bonus
                stale[part] = True
    return lattice.changed(decoder, stale, evidence=evidence) if stale.any() else lattice
