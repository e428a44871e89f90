"""The recipes that come along, trained on the same data, in one table."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from nn.data.read import read
from nn.data.samples import Samples
from nn.data.tasks import as_task
from nn.files import replacing
from nn.findings import findings
from nn.metrics import top_k
from nn.model import Sequential
from nn.recipe import RECIPES, find_recipe, read_tables
from nn.sweep import Row, Version, folder_of, run_version, versions
from nn.train import Progress

ALPHABET = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
INTRODUCTION = """# Recipes

Each file here is a network and how it is trained: `nn train NAME --data FILES --out FOLDER`. Those with a
table `[sweep]` are meant for `nn sweep NAME --data FILES --out FOLDER`, which trains all versions of it.

The table is made by `nn compare`, which trains them one after another on the same data, each on the part
that its `task` says, with the splits of the data: `letters` is 26 letters without regard to case, `merged`
the 47 classes of EMNIST Balanced, `digits` ten digits. Accuracies are of the epoch that was best on
validation; "train" is the accuracy while learning, with augmentation and dropout. "EMNIST" is the accuracy
on letters of EMNIST (top-1 / top-2 / top-5), none of which were learnt from. Seconds are those of training
alone, with two threads on two cores: as many epochs as there were, each as quick as the quickest, since other
programs ran beside it. Epochs may be fewer than the recipe's (`--epochs`). "Reported" is what the report that
a recipe comes from tells of it, on data of its own, where that is known here. A version is named by its
values in `[sweep]`. A recipe or a version that is not in the table has not been run. `reader_tune` is
never in it, as it needs a model to start from.
"""
HEAD = (
    "| recipe | version | task | parameters | epochs | train | validation | test | EMNIST | seconds "
    "| reported |\n"
    "|---|---|---|---:|---:|---:|---:|---:|---:|---:|---|\n"
)
SHOWN = """
## What it shows

Accuracies on test, of the worst and the best where there are several:

{}
For comparison, the best of the reports had 91.25 / 97.63 / 99.25 % (top-1 / top-2 / top-5), having learnt
from EMNIST itself.
"""
SECOND_STAGE = "reader_tune"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: a row, and how many of the letters of EMNIST are right (top-1, 2, 5)."""

    row: Row
    letters: tuple[float, ...] = ()


def compare(
    samples: Samples,
    letters: Path | None,
    out: Path,
    file: Path,
    only: Sequence[str],
    epochs: int | None,
    progress: Progress,
) -> None:
    """Train the recipes, or those in `only`, in `out`, and write the table after each version.

    Recipes without a task are trained on letters. `epochs` are instead of the recipes' own. What is in `out`
    of other recipes stays in the table.

    Raises
    ------
    ModelError, DataError
        If a recipe or the data cannot be used.
    """
    for name in only or names():
        for version in versions_of(name):
            recipe = version.recipe
            if epochs:
                recipe = replace(recipe, train=replace(recipe.train, epochs=epochs))
            there = out / name
            chosen = as_task(samples, recipe.task, recipe.input_shape).with_split(recipe.train.seed)
            model, row = run_version(replace(version, recipe=recipe), chosen, there, progress)
            fits = letters is not None and model.classes == ALPHABET
            line = Line(row, measured(model, letters) if fits and letters else ())
            with replacing(folder_of(version, there).path / "line.json") as temporary:
                temporary.write_text(json.dumps(asdict(line)) + "\n", "utf-8")
            with replacing(file) as temporary:
                temporary.write_text(INTRODUCTION + "\n" + markdown(out), "utf-8")


def names() -> list[str]:
    """Return the names of the recipes that come along, but for the one that needs a model to start from."""
    return sorted(path.stem for path in RECIPES.glob("*.toml") if path.stem != SECOND_STAGE)


def versions_of(name: str) -> list[Version]:
    """Return all versions of a recipe, one if it has no sweep; letters are the task of those without one."""
    path = find_recipe(name)
    tables = read_tables(path)
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


def undisturbed(folder: Path) -> float:
    """Return how many seconds the run in `folder` takes if every epoch is as quick as its quickest."""
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        seconds = [float(row["seconds"]) for row in csv.DictReader(file)]
    return len(seconds) * min(seconds)


def percent(rate: float | None) -> str:
    """Return a rate, 0 to 1, as a percentage without its sign; nothing for none."""
    return "" if rate is None else f"{100 * rate:.2f}"


def markdown(out: Path) -> str:
    """Return the table of all runs in `out` that are finished, and what it shows."""
    lines, accuracies = [], {}
    for name in names():
        for version in versions_of(name):
            folder = folder_of(version, out / name).path
            if not (folder / "line.json").is_file():
                continue
            line = json.loads((folder / "line.json").read_text("utf-8"))
            row = line["row"]
            cells = [name, row["name"], version.recipe.task, f"{row['parameters']:,}", str(row["epochs"])]
            cells += [percent(row[key]) for key in ("train", "val", "test")]
            cells += [" / ".join(map(percent, line["letters"])), f"{undisturbed(folder):.0f}"]
            lines.append(f"| {' | '.join([*cells, version.recipe.reported])} |\n")
            accuracies[f"{name} {row['name']}".strip()] = row["test"]
    return HEAD + "".join(lines) + SHOWN.format(findings(accuracies))
