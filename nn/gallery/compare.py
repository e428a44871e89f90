"""Recipes trained on the same data, in one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nn.data.read import read
from nn.data.samples import Samples
from nn.data.tasks import as_task
from nn.errors import ModelError
from nn.metrics import top_k
from nn.model import Sequential
from nn.recipe import RECIPES, find_recipe, read_tables
from nn.recipe_keys import set_keys
from nn.table import put_row, read_rows, write_rows
from nn.training.sweep import Row, Version, run_version, versions
from nn.training.train import Progress

ALPHABET = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
HEAD = (
    "recipe",
    "version",
    "task",
    "parameters",
    "epochs",
    "train",
    "validation",
    "test",
    "EMNIST letters",
    "seconds",
    "reported",
)
SECOND_STAGE = "reader_tune"


def compare(
    samples: Samples,
    letters: Path | None,
    out: Path,
    file: Path,
    only: Sequence[str],
    epochs: int | None,
    epoch_size: int | None,
    progress: Progress,
    changes: Sequence[str] = (),
) -> None:
    """Train recipes in `out` and put a row for each of their versions into the table in `file` as it is done.

    Parameters
    ----------
    samples : Samples
        Recipes without a task are trained on the letters among them.
    letters : path, optional
        Letters of EMNIST, on which networks of 26 letters are measured as well.
    out : path
        The folder of the runs; existing ones are continued.
    file : path
        A Markdown file, made if need be; rows in its table of what is not trained now stay.
    only : sequence of str
        Names of recipes or paths of their files; all that come along if it is empty.
    epochs, epoch_size : int, optional
        Instead of the recipes' own.
    progress : Progress
    changes : sequence of str
        ``KEY=VALUE`` each, made in every recipe.

    Raises
    ------
    ModelError, DataError
        If a recipe or the data cannot be used.
    FileExistsError
        If `file` has no place for the table.
    """
    rows = read_rows(file, HEAD)
    chosen = {name_of(name): versions_of(name, changes) for name in only or names()}
    if len(chosen) < len(only):
        raise ModelError(f"--only {' --only '.join(only)}: two of the recipes have the same name")
    for name, all_of_it in chosen.items():
        for version in all_of_it:
            recipe = version.recipe
            train = replace(
                recipe.train,
                epochs=epochs or recipe.train.epochs,
                epoch_size=epoch_size or recipe.train.epoch_size,
            )
            recipe = replace(recipe, train=train)
            taken = as_task(samples, recipe.task, recipe.input_shape).with_split(train.seed)
            done = replace(version, recipe=recipe)
            model, row = run_version(done, taken, out / name, progress)
            fits = letters is not None and model.classes == ALPHABET
            rates = measured(model, letters) if fits and letters else ()
            rows = put_row(rows, cells(name, done, row, rates))
            write_rows(file, HEAD, rows)


def names() -> list[str]:
    """Return the names of the bundled recipes, without the one that needs a model to start from."""
    return sorted(path.stem for path in RECIPES.glob("*.toml") if path.stem != SECOND_STAGE)


def name_of(recipe: str) -> str:
    """Return what a recipe, given by its name or its path, is called in the table."""
    return find_recipe(recipe).stem


def versions_of(name: str, changes: Sequence[str] = ()) -> list[Version]:
    """Return all versions of a recipe with some `changes`, one if it has no sweep.

    Letters are the task of those without one.
    """
    path = find_recipe(name)
    tables = read_tables(path)
    set_keys(tables, changes, str(path))
    return [
        replace(version, recipe=replace(version.recipe, task=version.recipe.task or "letters"))
        for version in versions(tables, tables.get("sweep", {}), str(path))
    ]


def measured(model: Sequential, file: Path) -> tuple[float, ...]:
    """Return top-1, top-2 and top-5 accuracy of a model of 26 letters on all samples of a file.

    Raises
    ------
    DataError
        If the file does not hold letters.
    """
    samples = as_task(read([file]), "letters", model.input_shape)
    logits, labels = model.predict(samples.images), samples.indices(model.classes)
    return tuple(top_k(logits, labels, k) for k in (1, 2, 5))


def cells(name: str, version: Version, row: Row, letters: tuple[float, ...]) -> tuple[str, ...]:
    """Return the cells of a row of the table, as `HEAD` calls them."""
    recipe = version.recipe
    size = f" of {recipe.train.epoch_size:,}" if recipe.train.epoch_size else ""
    rates = [percent(rate) for rate in (row.train, row.val, row.test)]
    tops = " / ".join(map(percent, letters))
    counts = [f"{row.parameters:,}", f"{row.epochs}{size}"]
    return (name, row.name, recipe.task, *counts, *rates, tops, f"{row.seconds:.0f}", recipe.reported)


def percent(rate: float | None) -> str:
    """Return a rate, 0 to 1, as a percentage without its sign; nothing for none."""
    return "" if rate is None else f"{100 * rate:.2f}"
