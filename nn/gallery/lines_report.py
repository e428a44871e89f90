"""Evaluation of a line network on strips: each character that is read, aligned with the true one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from nn.ctc import BLANK
from nn.errors import DataError
from nn.gallery.data_page import strip as picture_of
from nn.layers.layer import Array
from nn.losses import log_softmax
from nn.sequence import SequenceModel
from nn.training.sequence_train import encoded, kinds_of, read_merged
from nn.training.strips import Strips

NOBODY = -1
"""The label of a character that was read where there is none."""


@dataclass(frozen=True, slots=True, eq=False)
class LinesRead:
    """Lines as read, aligned with their texts.

    Attributes
    ----------
    places : ndarray of int64, shape (L,)
        Indices of their strips: those with a text.
    truths, readings : list of list of int
        Classes of each line.
    edits : ndarray of int64, shape (L,)
        Edit distance of each.
    rates : ndarray, shape (M, C)
        Probabilities of the characters of all lines where they were read.
    labels : ndarray of int64, shape (M,)
        True classes, or `NOBODY`.
    missed : ndarray of int64
        The classes of characters that were not read at all.
    """

    places: npt.NDArray[np.int64]
    truths: list[list[int]]
    readings: list[list[int]]
    edits: npt.NDArray[np.int64]
    rates: Array
    labels: npt.NDArray[np.int64]
    missed: npt.NDArray[np.int64]


def read_lines(model: SequenceModel, strips: Strips) -> LinesRead:
    """Return a model's readings of strips, character by character.

    Raises
    ------
    DataError
        If no strip has a text that the model can read.
    """
    texts, pictures = encoded(strips, model.classes), strips.apart()
    places = np.flatnonzero(np.array([len(text) for text in texts]) > 0)
    if not len(places):
        raise DataError("no strip has a text of characters that the model knows")
    truths, readings, rates, labels, missed = [], [], [], [], []
    read = read_merged(model, pictures, kinds_of(strips), places)
    for place, merged in zip(places.tolist(), read, strict=True):
        path = merged[0].argmax(axis=1)
        new = np.flatnonzero((path != BLANK) & (path != np.concatenate([[BLANK], path[:-1]])))
        truth, reading = texts[place].tolist(), path[new].tolist()
        found = np.full(len(new), NOBODY)
        for part in Levenshtein.opcodes(truth, reading):
            if part.tag in ("equal", "replace"):
                found[part.dest_start : part.dest_end] = truth[part.src_start : part.src_end]
            elif part.tag == "delete":
                missed += truth[part.src_start : part.src_end]
        rates.append(np.exp(log_softmax(merged[0][new])))
        truths.append(truth)
        readings.append(reading)
        labels.append(found)
    edits = [Levenshtein.distance(one, other) for one, other in zip(truths, readings, strict=True)]
    return LinesRead(
        places,
        truths,
        readings,
        np.array(edits, np.int64),
        np.concatenate(rates),
        np.concatenate(labels),
        np.array(missed, np.int64),
    )


def line_errors(read: LinesRead, strips: Strips, classes: Sequence[str], shown: int) -> str:
    """Return a table of the lines with the most errors, each with its picture."""
    pictures, rows = strips.apart(), []
    for number in np.argsort(-read.edits, kind="stable")[:shown].tolist():
        if not read.edits[number]:
            break
        truth, reading = ("".join(classes[k] for k in one[number]) for one in (read.truths, read.readings))
        picture = picture_of(pictures[read.places[number]][None])
        rows.append(f"<tr><td>{picture}<td>{escape(truth)}<td>{escape(reading)}<td>{read.edits[number]}")
    return f"<table><tr><th>line<th>is<th>read<th>errors{''.join(rows)}</table>"
