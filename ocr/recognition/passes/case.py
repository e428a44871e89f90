"""What a whole line is written in: capitals, where most letters inside words are, or a row of digits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Decoder, Lattice

CAPITALS = 0.3
"""Share of capitals among the letters inside its words beyond which a line is in capitals."""
FEWEST = 4
"""Letters inside words that a line must have for its case to be told."""
ROW = 5
"""Words of one character that a line must have, and hardly others, to be a row of characters apart."""
SMALL = 4.0
"""What a small letter costs on a line in capitals, and a letter in a row of digits, in nats."""


def recased(lattice: Lattice, decoder: Decoder) -> Lattice:
    """Make small letters less likely on lines that are in capitals, and letters in rows of digits.

    Running text has few capitals inside words; where there are many, the writer wrote capitals, some of
    which look like small letters. In a row of characters apart each one counts, and where most are digits,
    the others are likely so too.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
        Decodes the words of lines that are told, and have what is unlikely on them.
    """
    upper = np.array([c.isupper() for c in decoder.classes])
    lower = np.array([c.islower() for c in decoder.classes])
    digit = np.array([c.isdigit() for c in decoder.classes])
    runs, classes, places = lattice.chosen.T
    line_of = lattice.atoms.line[lattice.runs[:, 0]]
    in_row = _rows(lattice)[line_of[runs]]
    counted = (places > 0) | in_row

    def count(kind: npt.NDArray[np.bool_], where: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        found = line_of[runs[kind[classes] & where]]
        return np.asarray(np.bincount(found, minlength=len(lattice.sheet.lines)))

    capitals, smalls = count(upper, counted), count(lower, counted)
    letters, digits = count(upper | lower, in_row), count(digit, in_row)
    of_capitals = (capitals + smalls >= FEWEST) & (capitals > CAPITALS * (capitals + smalls)) & (smalls > 0)
    of_digits = (digits > letters) & (letters > 0)
    if not (of_capitals | of_digits).any():
        return lattice
    unlikely = of_capitals[line_of][:, None] & lower | of_digits[line_of][:, None] & (upper | lower)
    evidence = lattice.evidence - np.float32(SMALL) * unlikely
    return lattice.changed(decoder, (of_capitals | of_digits)[line_of], evidence=evidence)


def _rows(lattice: Lattice) -> npt.NDArray[np.bool_]:
    """Return which lines are rows of characters apart."""
    words = np.array([len(readings[0].steps) if readings else 0 for readings in lattice.readings], np.int64)
    first = [part.start for part in lattice.words]
    line_of = lattice.atoms.line[lattice.runs[first, 0]]
    single, all_ = (
        np.bincount(line_of[which], minlength=len(lattice.sheet.lines)) for which in (words == 1, words > 0)
    )
    return np.asarray((single >= ROW) & (single >= 0.8 * all_))
