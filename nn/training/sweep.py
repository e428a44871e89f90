"""Parameter sweeps: a recipe trained in several versions, over a grid of its settings."""

from __future__ import annotations

import copy
import csv
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from nn.configure import shown
from nn.data.samples import Samples
from nn.errors import ModelError
from nn.files import replacing
from nn.metrics import top_k
from nn.model import Sequential
from nn.recipe import Recipe, parse_recipe
from nn.recipe_keys import parse_values, set_key
from nn.training.monitor import best_of
from nn.training.run_folder import RunFolder
from nn.training.train import Progress, train


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a recipe, with the values of the swept settings as text."""

    name: str
    recipe: Recipe


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one version. Accuracies are 0 to 1; `test` is None without test data.

    Attributes
    ----------
    name : str
    parameters, epochs, best_epoch : int
    train, val, test : float or None
        Accuracies of the best epoch; `train` is measured during training, with augmentation and dropout.
    seconds : float
        Time of training, without validation.
    """

    name: str
    parameters: int
    epochs: int
    best_epoch: int
    train: float
    val: float
    test: float | None
    seconds: float


def versions(tables: Mapping[str, Any], over: Mapping[str, Any], where: str) -> list[Version]:
    """Return all versions of the recipe in `tables`, the first of `over` changing slowest.

    Parameters
    ----------
    tables : mapping
        As in the recipe's file. ``reported`` may be a table with a text for each version, by name.
    over : mapping of str to list
        Values for a key such as ``optimizer.rate`` or, counting from 1, ``layers.2.units``, or for
        several keys, separated by spaces, that get the same value.
    where : str
        Beginning of error messages.

    Raises
    ------
    ModelError
        If a key is not in the recipe, its values are not a list, or a version is not a valid recipe.
    """
    if not isinstance(over, dict):
        raise ModelError(f"{where}: sweep = {shown(over)}: must be a table")
    for key, values in over.items():
        if not isinstance(values, list) or not values:
            raise ModelError(f"{where}: [sweep]: {key} = {shown(values)}: must be a list of values")
    result = []
    reported = tables.get("reported", "")
    for values in itertools.product(*over.values()):
        changed = copy.deepcopy({name: table for name, table in tables.items() if name != "sweep"})
        name = " ".join(map(_words, values))
        if isinstance(reported, dict):
            changed["reported"] = reported.get(name, "")
        for keys, value in zip(over, values, strict=True):
            for key in keys.split():
                set_key(changed, key, value, f"{where}: [sweep]")
        result.append(Version(name, parse_recipe(changed, where)))
    return result


def parse_over(texts: Sequence[str]) -> dict[str, Any]:
    """Return the grid given as texts ``KEY=VALUES``: a TOML list, or plain words between commas.

    Raises
    ------
    ModelError
        Naming the text that is neither.

    Examples
    --------
    >>> parse_over(["train.batch_size=64,256", "layers.3.type=relu,tanh"])
    {'train.batch_size': [64, 256], 'layers.3.type': ['relu', 'tanh']}
    """
    grid: dict[str, Any] = {}
    for text in texts:
        key, _, values = text.partition("=")
        if not values:
            raise ModelError(f"--over {text}: expected KEY=VALUE,VALUE or KEY=[a list as in TOML]")
        grid[key] = parse_values(values)
    return grid


def run_versions(
    chosen: Sequence[Version], samples: Samples, out: Path, progress: Progress
) -> list[tuple[Version, Sequential, Row]]:
    """Train every version in its own folder in `out`; continue existing runs."""
    return [(version, *run_version(version, samples, out, progress)) for version in chosen]


def run_version(version: Version, samples: Samples, out: Path, progress: Progress) -> tuple[Sequential, Row]:
    """Train one version in its folder in `out`; return the best model and the result."""
    folder = folder_of(version, out)
    model = train(version.recipe, samples, folder, progress, resume=folder.checkpoint.is_file())
    epochs = folder.read_checkpoint()[2]
    best = best_of(epochs)
    tested = samples.part("test")
    test = top_k(model.predict(tested.images), tested.indices(model.classes), 1) if len(tested) else None
    seconds = sum(epoch.seconds for epoch in epochs)
    accuracies = (best.accuracy, best.val_accuracy, test)
    row = Row(version.name, model.parameters, len(epochs), best.epoch, *accuracies, round(seconds, 2))
    with replacing(folder.path / "row.json") as temporary:
        temporary.write_text(json.dumps(asdict(row)) + "\n", "utf-8")
    return model, row


def folder_of(version: Version, out: Path) -> RunFolder:
    """Return the folder in `out` of a version's run."""
    return RunFolder(out / (re.sub(r"[^\w.+-]+", "_", version.name) or "run"))


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """Write a table of comma-separated values."""
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as aligned text."""
    width = max(len(row.name) for row in rows)
    lines = [f"{'':<{width}}  parameters  epochs    train      val     test   seconds"]
    for row in rows:
        test = "" if row.test is None else f"{row.test:.2%}"
        lines.append(
            f"{row.name:<{width}}{row.parameters:>12,}{row.epochs:>8}{row.train:>9.2%}{row.val:>9.2%}"
            f"{test:>9}{row.seconds:>10.1f}"
        )
    return "\n".join(lines)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value)
