"""Predictions of a model for pictures.

Photos and scans are converted to the model's input by a function that is passed in, as this package knows
nothing of them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nn.data.kaggle import read_csv_images
from nn.data.npz import read_npz_images
from nn.data.pictures import ENDINGS, NOTHING, load_picture, naming_left_out
from nn.data.resize import resized, squared
from nn.data.tasks import TASKS
from nn.errors import DataError, ModelError
from nn.files import replacing
from nn.layers.layer import Array
from nn.losses import output_of
from nn.model import Sequential
from nn.recipe import recipe_of
from nn.views import viewed

Glyph = Callable[[Path], npt.NDArray[np.uint8]]
"""Returns the letter on a picture file as input of the model: uint8 (S, S), ink high."""


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures (N, H, W) uint8, ink high, with their names.

    `failures` lists files that could not be read, and why, a line each; `left_out` those that were skipped.
    """

    names: list[str]
    images: npt.NDArray[np.uint8]
    failures: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def called(text: str) -> str:
    """Return the displayed name of a class: "not a character" is ``none``, as in folders."""
    return text or NOTHING


def probabilities(model: Sequential, logits: Array) -> Array:
    """Return probabilities (N, C) for a model's logits (N, C), with its temperature, if any.

    With binary cross-entropy they do not sum to 1: each class is independent.

    Raises
    ------
    ModelError
        If logits are not finite, as with too large weights.
    """
    if not np.isfinite(logits).all():
        raise ModelError(f"{model.file}: gives what is no number; its weights are too large")
    recipe = recipe_of(model)
    output = output_of(recipe.train.loss if recipe else "cross_entropy")
    return output(logits / np.float32(model.temperature))


def predicted(model: Sequential, images: npt.NDArray[Any], views: int = 1) -> Array:
    """Return probabilities (N, C) for pictures, as `probabilities` does: the mean over views (`nn.views`)."""
    return viewed(lambda pictures: probabilities(model, model.predict(pictures)), images, views)


def in_task(rates: Array, classes: Sequence[str], task: str) -> tuple[Array, tuple[str, ...]]:
    """Return probabilities (N, M) and classes (M,) of a task (a key of `nn.data.tasks.TASKS`), sorted.

    If the model distinguishes more classes (C,), merged classes are summed, and classes outside of the task
    are left out; rows then need not sum to 1.
    """
    given = [TASKS[task](text) for text in classes]
    names = tuple(sorted({text for text in given if text is not None}))
    folded = np.array([[text == name for name in names] for text in given], rates.dtype)
    return rates @ folded, names


def best(rates: Array, classes: Sequence[str], k: int) -> list[list[tuple[str, float]]]:
    """Return the `k` likeliest classes of each row of probabilities (N, C) with these, best first."""
    order = np.argsort(-rates, axis=1, kind="stable")[:, :k]
    return [
        [(classes[place], float(row[place])) for place in places]
        for row, places in zip(rates, order.tolist(), strict=True)
    ]


def read_pictures(paths: Sequence[Path], side: int, glyph: Glyph = load_picture) -> Pictures:
    """Return the pictures in all `paths`, each `side` pixels high and wide.

    A path is a picture file, a folder of them, or a ``.csv`` or ``.npz`` of many, whose labels are ignored.
    Files in a folder without the suffix of a picture are skipped.

    Parameters
    ----------
    paths : sequence of Path
    side : int
    glyph : callable
        Converts a picture file to the model's input; it raises DataError if it cannot.

    Raises
    ------
    DataError
        Naming the file and what was expected: of tables, or where there are no pictures at all.
    """
    names: list[str] = []
    parts: list[npt.NDArray[np.uint8]] = []
    failures: list[str] = []
    others: list[Path] = []
    for path in paths:
        if path.suffix in (".csv", ".npz"):
            images = read_csv_images(path) if path.suffix == ".csv" else read_npz_images(path)
            names += [f"{path}:{number}" for number in range(1, len(images) + 1)]
            parts.append(resized(images, side, side))
            continue
        for file in _files(path):
            try:
                parts.append(squared(glyph(file), side)[None])
                names.append(str(file))
            except DataError as error:
                if file != path and file.suffix.lower() not in ENDINGS:
                    others.append(file)
                else:
                    failures.append(str(error))
    if not names and not failures:
        raise DataError(f"{', '.join(map(str, paths))}: no pictures")
    left_out = (naming_left_out(others),) if others else ()
    images = np.concatenate(parts) if parts else np.zeros((0, side, side), np.uint8)
    return Pictures(names, images, tuple(failures), left_out)


def _files(path: Path) -> list[Path]:
    """Return the files in a folder, sorted, except for hidden ones; or the file itself."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))


def write_kaggle(labels: Sequence[str], path: Path) -> None:
    """Write the table that Kaggle takes: ``ImageId,Label``, counting from 1."""
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["ImageId", "Label"])
        writer.writerows(enumerate(map(called, labels), 1))
