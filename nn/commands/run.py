"""What the commands that train have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nn.commands.console import tell
from nn.commands.progress import Bar, Lines
from nn.exit_codes import Exit
from nn.recipe import Recipe, find_recipe, read_recipe
from nn.training.run_folder import RunFolder

Out = Annotated[Path, typer.Option(help="The folder of the run, made if need be.")]
Epochs = Annotated[int | None, typer.Option(min=1, help="Instead of the recipe's.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where the run in OUT stopped.")]
Start = Annotated[Path | None, typer.Option(help="A model whose weights to begin with, to train it on.")]


def recipe_to_train(name: str, epochs: int | None) -> Recipe:
    """Return a recipe by its name or file, with other epochs than its own if any are given."""
    recipe = read_recipe(find_recipe(name))
    return replace(recipe, train=replace(recipe.train, epochs=epochs)) if epochs else recipe


@contextmanager
def watched(folder: RunFolder) -> Iterator[Bar | Lines]:
    """Give who shows how training goes; if it is interrupted, say how to go on, and exit with 130."""
    console = Console()
    with Bar(console) if console.is_terminal else Lines() as progress:
        try:
            yield progress
        except KeyboardInterrupt:
            done = "go on with --resume" if folder.checkpoint.is_file() else "no epoch was done"
            tell(f"interrupted; {done} ({folder.path})")
            raise typer.Exit(Exit.INTERRUPTED) from None
