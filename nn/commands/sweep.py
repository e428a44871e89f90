"""Commands that train several versions of a recipe, or several recipes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nn.commands.console import say
from nn.commands.data import DataFiles, read_data
from nn.commands.progress import Bar, Lines
from nn.commands.run import Changes
from nn.data.tasks import as_task
from nn.errors import ModelError
from nn.gallery.compare import compare
from nn.gallery.plots import curves, save
from nn.recipe import find_recipe, read_tables
from nn.recipe_keys import set_keys
from nn.training.sweep import folder_of, parse_over, run_versions, table, versions, write_rows


def sweep_command(
    recipe: Annotated[str, typer.Argument(help="The name of a bundled recipe, or a .toml file.")],
    data: DataFiles,
    out: Annotated[Path, typer.Option(help="The folder of the runs; existing ones are continued.")],
    over: Annotated[
        list[str] | None,
        typer.Option(help="KEY=VALUE,VALUE such as layers.2.units=64,128; again for more keys."),
    ] = None,
    changes: Changes = None,
) -> None:
    """Train every version of a recipe: OUT/sweep.csv is the table, OUT/curves.png the curves."""
    path = find_recipe(recipe)
    tables = read_tables(path)
    set_keys(tables, changes or (), str(path))
    grid = parse_over(over or []) or tables.get("sweep")
    if not grid:
        raise ModelError(f"{path}: has no table [sweep]; say --over KEY=VALUES")
    chosen = versions(tables, grid, str(path))
    first = chosen[0].recipe
    samples = as_task(read_data(data), first.task, first.input_shape).with_split(first.train.seed)
    console = Console()
    with Bar(console) if console.is_terminal else Lines() as progress:
        rows = [row for _, _, row in run_versions(chosen, samples, out, progress)]
    write_rows(rows, out / "sweep.csv")
    for row in table(rows).split("\n"):
        say(row)
    runs = {version.name: folder_of(version, out).read_checkpoint()[2] for version in chosen}
    save(curves(runs), out / "curves.png")


def compare_command(
    data: DataFiles,
    out: Annotated[Path, typer.Option(help="The folder of the runs; existing ones are continued.")],
    file: Annotated[
        Path,
        typer.Option("--table", help="The Markdown file for the table; all else that is in it stays."),
    ],
    letters: Annotated[
        Path | None, typer.Option(help="Letters of EMNIST to measure on as well, as for --data.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="A bundled recipe, or a .toml file; again for more; by default all bundled ones."),
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the recipes'.")] = None,
    epoch_size: Annotated[
        int | None, typer.Option(min=1, help="Samples drawn in an epoch, instead of the recipes'.")
    ] = None,
    changes: Changes = None,
) -> None:
    """Train recipes on the same data; a table has a row for each of their versions.

    Accuracies are those of the epoch that was best on validation, in percent; "train" is the accuracy while
    learning, with augmentation and dropout. Seconds are those of training alone.
    """
    console = Console()
    with Bar(console) if console.is_terminal else Lines() as progress:
        compare(read_data(data), letters, out, file, only or [], epochs, epoch_size, progress, changes or ())
