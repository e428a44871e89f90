"""Tasks: which characters a network distinguishes; labels are merged or left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from string import ascii_letters, digits

import numpy as np

from nn.data.emnist import MERGED
from nn.data.resize import resized
from nn.data.samples import Samples
from nn.errors import DataError


def letters(text: str) -> str | None:
    """26 letters, capitals standing for small ones too."""
    return text.upper() if text and text in ascii_letters else None


def merged(text: str) -> str | None:
    """47 classes: digits and letters, where a small letter that looks like its capital counts as that."""
    if text and text in digits + ascii_letters:
        return text if text in MERGED else text.upper()
    return None


def only_digits(text: str) -> str | None:
    """10 digits."""
    return text if text and text in digits else None


def digits_or_none(text: str) -> str:
    """10 digits, and an eleventh class for everything else."""
    return only_digits(text) or ""


TASKS: dict[str, Callable[[str], str | None]] = {
    "": lambda text: text,
    "letters": letters,
    "merged": merged,
    "digits": only_digits,
    "digits_or_none": digits_or_none,
}


def as_task(samples: Samples, task: str, input_shape: tuple[int, ...]) -> Samples:
    """Return the samples that belong to the task (a key of `TASKS`), relabelled, in the network's size.

    Raises
    ------
    DataError
        If no label belongs to it.
    """
    names, inverse = np.unique(samples.labels, return_inverse=True)
    given = [TASKS[task](name) for name in names.tolist()]
    belongs = np.array([name is not None for name in given], bool)
    if len(samples) and not belongs.any():
        some = " ".join(map(repr, names[:10].tolist()))
        raise DataError(f"no label belongs to the task {task!r}: they are {some}")
    if not belongs.all():
        samples, inverse = samples.take(belongs[inverse]), inverse[belongs[inverse]]
    if task:
        labels = np.array([name or "" for name in given], np.str_)[inverse]
        samples = replace(samples, labels=labels, task=task)
    if task and len(input_shape) == 3:
        samples = replace(samples, images=resized(samples.images, *input_shape[:2]))
    return samples
