"""Options and functions that the training commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nn.commands.console import tell
from nn.commands.progress import Bar, Lines
from nn.exit_codes import Exit
from nn.model import Sequential
from nn.recipe import Recipe, find_recipe, read_recipe
from nn.training.crops import Crops
from nn.training.run_folder import RunFolder
from nn.training.strips import Strips

Out = Annotated[Path, typer.Option(help="The folder of the run, created if needed.")]
Epochs = Annotated[int | None, typer.Option(min=1, help="Instead of the recipe's.")]
Resume = Annotated[bool, typer.Option("--resume", help="Continue the run in OUT.")]
Start = Annotated[
    Path | None, typer.Option(help="A model to start from, for fine-tuning; its classes may differ.")
]
Freeze = Annotated[
    int | None,
    typer.Option(help="Number of first layers that keep the weights of --start; -1: all but the last."),
]

Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A setting of the recipe, such as optimizer.rate=0.01 or layers.2.units=64; again for more.",
    ),
]


def recipe_to_train(
    name: str, epochs: int | None, changes: list[str] | None = None, frozen: int | None = None
) -> Recipe:
    """Return a recipe by its name or file, with changed epochs, settings and frozen layers if given."""
    more = () if frozen is None else (f"train.frozen={frozen}",)
    recipe = read_recipe(find_recipe(name), (*(changes or ()), *more))
    return replace(recipe, train=replace(recipe.train, epochs=epochs)) if epochs else recipe


def size_of(data: Crops | Strips, what: str) -> str:
    """Return how many crops or strips there are, and how many of them to train and to validate on."""
    parts = ", ".join(f"{name} {(data.split == name).sum():,}" for name in ("train", "val"))
    return f"{len(data):,} {what}: {parts}"


def introduction(recipe: Recipe, kind: type[Sequential], classes: Sequence[str], data: str) -> list[str]:
    """Return a summary of the data and the network, as lines."""
    train = recipe.train
    size = f" of {train.epoch_size:,} samples" if train.epoch_size else ""
    how = [
        f"{train.epochs} epochs{size}",
        f"batches of {train.batch_size:,}" if train.batch_size else "whole",
    ]
    for name, table in (("rate", recipe.optimizer), ("schedule", recipe.schedule)):
        told = " ".join(f"{value}" for key, value in table.items() if key in ("type", "rate"))
        how.append(told if name == "rate" else f"{name} {told}")
    network = kind(recipe.architecture(len(classes)), recipe.input_shape, classes, seed=None)
    return [data, ", ".join(how), *network.summary().splitlines()]


@contextmanager
def watched(folder: RunFolder, about: Callable[[], list[str]] = list) -> Iterator[Bar | Lines]:
    """Yield the progress display; if training is interrupted, say how to resume, and exit with 130.

    The text that `about` returns is printed first.
    """
    console = Console()
    with Bar(console, about) if console.is_terminal else Lines(about) as progress:
        try:
            yield progress
        except KeyboardInterrupt:
            done = "go on with --resume" if folder.checkpoint.is_file() else "no epoch was done"
            tell(f"interrupted; {done} ({folder.path})")
            raise typer.Exit(Exit.INTERRUPTED) from None
