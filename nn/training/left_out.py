"""Texts that leave out case or marks, and a loss that ignores these.

The text of many real lines is not exactly what is on them: receipts are transcribed in capitals, number
plates without marks. Classes that such a text does not distinguish are merged before the loss: ``p(A) +
p(a)`` is the probability of an a in either case, and a mark counts as blank.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nn.ctc import BLANK

Floats = npt.NDArray[np.floating]
Ints = npt.NDArray[np.int64]

LEFT_OUT = ("", "case", "marks", "case and marks")
"""What a text may leave out; marks are all characters except letters and digits, including spaces."""
_LEAST = 1e-30


def merged_classes(classes: Sequence[str]) -> Ints:
    """Return the merged class of each class, int64 (4, C), for each of `LEFT_OUT`.

    A small letter counts as its capital where case is left out, a mark as the blank where marks are.
    """
    place = {name: index for index, name in enumerate(classes)}
    itself = np.arange(len(classes))
    upper = np.array([place.get(name.upper(), index) for name, index in zip(classes, itself, strict=True)])
    letters = np.array([name.isalnum() for name in classes])
    return np.stack([itself, upper, np.where(letters, itself, BLANK), np.where(letters, upper, BLANK)])


def merge(logits: Floats, counts_as: Ints) -> tuple[Floats, Floats]:
    """Return the logits of merged classes, and the share that each class has in its merged one.

    Parameters
    ----------
    logits : float array, shape (N, T, C)
    counts_as : int64 array, shape (N, C)
        The merged class of each class, for each sequence.

    Returns
    -------
    merged : float array, shape (N, T, C)
        ``log(sum of softmax)`` over the classes merged into each; very low where there are none.
    share : float array, shape (N, T, C)
        ``p(c) / p(merged c)``: the gradient for a logit is that for its merged class, times the share.
    """
    p = np.exp(logits - logits.max(axis=2, keepdims=True))
    p /= p.sum(axis=2, keepdims=True)
    total = np.empty_like(p)
    kinds, which = np.unique(counts_as, axis=0, return_inverse=True)
    for kind, target in enumerate(kinds):
        rows = which.ravel() == kind
        total[rows] = p[rows] @ np.eye(len(target), dtype=p.dtype)[target]
    own = np.take_along_axis(total, counts_as[:, None], axis=2)
    return np.log(np.maximum(total, _LEAST)), p / np.maximum(own, _LEAST)
