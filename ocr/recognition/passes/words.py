"""The best readings of the words of a lattice, and changes to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ocr.recognition.lattice import Decoder, Lattice


def words_read(lattice: Lattice, classes: Sequence[str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the best reading of each word, and its line."""
    best = [readings[0].steps if readings else () for readings in lattice.readings]
    texts = ["".join(classes[c] for _, c in steps) for steps in best]
    return texts, lattice.atoms.line[lattice.runs[[word.start for word in lattice.words], 0]]


def likelier(
    lattice: Lattice, decoder: Decoder, meant: Mapping[int, str], bonus: float | None = None
) -> Lattice:
    """Make the characters likelier that words probably mean, and decode these words again.

    Parameters
    ----------
    lattice : Lattice
    decoder : Decoder
    meant : mapping of int to str
        By the number of a word, what it probably says, with as many characters as it has.
    bonus : float, optional
        How much likelier, in nats. By default, the bonus of a lone capital.
    """
    classes = decoder.classes
    more = np.float32(decoder.weights.lone_capital_bonus if bonus is None else bonus)
    evidence, stale = lattice.evidence.copy(), np.zeros(len(lattice.runs), bool)
    for k, text in meant.items():
        for run, read, better in zip(*letters_read(lattice, decoder, k), text, strict=True):
            if better != read and better in classes:
                evidence[run, classes.index(better)] += more
                stale[lattice.words[k]] = True
    return lattice.changed(decoder, stale, evidence=evidence) if stale.any() else lattice


def letters_read(lattice: Lattice, decoder: Decoder, k: int) -> tuple[list[int], list[str]]:
    """Return the runs of the best reading of word `k` that are characters, and these characters."""
    first, classes = lattice.words[k].start, decoder.classes
    steps = [(first + run, classes[c]) for run, c in lattice.readings[k][0].steps if classes[c]]
    return [run for run, _ in steps], [character for _, character in steps]
