"""What a model makes of pictures."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nn.data.kaggle import read_csv
from nn.data.npz import read_npz
from nn.data.pictures import load_picture
from nn.data.resize import resized, squared
from nn.data.tasks import TASKS
from nn.errors import DataError, ModelError
from nn.files import replacing
from nn.layers.layer import Array
from nn.losses import OUTPUTS
from nn.model import Sequential
from nn.recipe import recipe_of


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures (N, H, W) uint8, ink high, and what each is called."""

    names: list[str]
    images: npt.NDArray[np.uint8]


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


def read_pictures(paths: Sequence[Path], side: int) -> Pictures:
    """Return the pictures in all `paths`, each `side` pixels high and wide.

    A path is a picture file, a folder of them, or a ``.csv`` or ``.npz`` of many, whose labels do not matter.

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    names: list[str] = []
    parts = []
    for path in paths:
        if path.suffix in (".csv", ".npz"):
            images = read_csv(path).images if path.suffix == ".csv" else read_npz(path).images
            names += [f"{path}:{number}" for number in range(1, len(images) + 1)]
            parts.append(resized(images, side, side))
            continue
        files = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
        names += map(str, files)
        parts += [squared(load_picture(file), side)[None] for file in files]
    if not names:
        raise DataError(f"{', '.join(map(str, paths))}: no pictures")
    return Pictures(names, np.concatenate(parts))


def write_kaggle(labels: Sequence[str], path: Path) -> None:
    """Write the table that Kaggle takes: ``ImageId,Label``, counting from 1."""
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["ImageId", "Label"])
        writer.writerows(enumerate(labels, 1))
