"""Adds a memory for later learning, and a confusion table, to a finished model."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nn.data.samples import Samples
from nn.errors import DataError
from nn.metrics import confusion
from nn.model import Sequential
from ocr.learning.last_layer import take_apart
from ocr.learning.memory import Memory
from ocr.recognition.classify import REJECT

EACH, REJECTS = 700, 4000
"""Most glyphs per character, and of the reject class, from which the memory is estimated."""


def remember(model: Sequential, glyphs: Samples) -> None:
    """Set ``memory`` and ``confusion`` in the settings of `model`.

    Parameters
    ----------
    model : nn.model.Sequential
    glyphs : Samples
        Its training data; those of the split "val" give the confusion table.

    Raises
    ------
    nn.errors.DataError
        A class has no glyphs, or there are none for validation.
    nn.errors.ModelError
        The network's last layer cannot be trained alone.
    """
    trained, held_out = (_of_known(glyphs.part(split), model) for split in ("train", "val"))
    if not len(held_out):
        raise DataError("no glyphs with split 'val'")
    counts = confusion(model.predict(held_out.images), held_out.indices(model.classes))
    model.settings["confusion"] = sparse(counts)
    some = trained.take(_some_of_each(trained.labels))
    features = take_apart(model).features(some.images)
    model.settings["memory"] = Memory.of(features, some.indices(model.classes), len(model.classes)).table()


def sparse(counts: npt.NDArray[np.int64]) -> list[list[int]]:
    """Return [true class, class read, count] for the non-zero cells of a table (C, C), in order."""
    found: list[list[int]] = np.column_stack([np.argwhere(counts), counts[counts > 0]]).tolist()
    return found


def _of_known(glyphs: Samples, model: Sequential) -> Samples:
    return glyphs.take(np.isin(glyphs.labels, model.classes))


def _some_of_each(labels: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    """Return which glyphs to use: `EACH` of every character, drawn at random."""
    chosen, rng = np.zeros(len(labels), bool), np.random.default_rng(0)
    for name in np.unique(labels):
        places = np.flatnonzero(labels == name)
        chosen[rng.permutation(places)[: REJECTS if name == REJECT else EACH]] = True
    return chosen
