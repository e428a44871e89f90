"""What a model makes of pictures.

Photos and scans of letters are brought to what the model has learned from by a function that is passed in:
this package knows nothing of that.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from nn.losses import OUTPUTS
from nn.model import Sequential
from nn.recipe import recipe_of

Glyph = Callable[[Path], npt.NDArray[np.uint8]]
"""Returns the letter on a picture file as the model has learned letters: uint8 (S, S), ink high."""


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures (N, H, W) uint8, ink high, and what each is called.

    `failures` says, a line each, which files cannot be read and why; `left_out`, which were passed over.
    """

    names: list[str]
    images: npt.NDArray[np.uint8]
    failures: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def called(text: str) -> str:
    """Return what a class is called where it is shown: "not a character" as folders of it are."""
    return text or NOTHING


def probabilities(model: Sequential, logits: Array) -> Array:
    """Return probabilities (N, C) for a model's logits (N, C), by its temperature if it has one.

    Those of a model trained with binary cross-entropy do not add up to 1: each class is on its own.

    Raises
    ------
    ModelError
        If logits are no numbers: the weights are too large for them.
    """
    if not np.isfinite(logits).all():
        raise ModelError(f"{model.file}: gives what is no number; its weights are too large")
    recipe = recipe_of(model)
    output = OUTPUTS[recipe.train.loss if recipe else "cross_entropy"]
    return output(logits / np.float32(model.temperature))


def in_task(rates: Array, classes: Sequence[str], task: str) -> tuple[Array, tuple[str, ...]]:
    """Return probabilities (N, M) and classes (M,) of a task (a key of `nn.data.tasks.TASKS`), sorted.

    Of a model that tells more classes (C,) apart, those that count as one are added up, and what does not
    belong to the task is left out; rows then need not add up to 1.
    """
    given = [TASKS[task](text) for text in classes]
    names = tuple(sorted({text for text in given if text is not None}))
    folded = np.array([[text == name for name in names] for text in given], rates.dtype)
    return rates @ folded, names


def best(rates: Array, classes: Sequence[str], k: int) -> list[list[tuple[str, float]]]:
    """Return, for each row of probabilities (N, C), the `k` likeliest classes and theirs, best first."""
    order = np.argsort(-rates, axis=1, kind="stable")[:, :k]
    return [
        [(classes[place], float(row[place])) for place in places]
        for row, places in zip(rates, order.tolist(), strict=True)
    ]


def read_pictures(paths: Sequence[Path], side: int, glyph: Glyph = load_picture) -> Pictures:
    """Return the pictures in all `paths`, each `side` pixels high and wide.

    A path is a picture file, a folder of them, or a ``.csv`` or ``.npz`` of many, whose labels do not matter.
    Files in a folder that are no pictures and not called like any are passed over.

    Parameters
    ----------
    paths : sequence of Path
    side : int
    glyph : callable
        Makes of a picture file what the model has learned from; it raises DataError where it cannot.

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
    """Return the files in a folder, sorted, but for hidden ones; or the file itself."""
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))


def write_kaggle(labels: Sequence[str], path: Path) -> None:
    """Write the table that Kaggle takes: ``ImageId,Label``, counting from 1."""
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["ImageId", "Label"])
        writer.writerows(enumerate(map(called, labels), 1))
