"""The best readings of the words of a lattice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Decoder, Lattice


def words_read(lattice: Lattice, decoder: Decoder) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the best reading of each word, and its line."""
    best = [readings[0].steps if readings else () for readings in lattice.readings]
    texts = ["".join(decoder.classes[c] for _, c in steps) for steps in best]
    return texts, lattice.atoms.line[lattice.runs[[word.start for word in lattice.words], 0]]
