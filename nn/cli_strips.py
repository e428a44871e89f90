"""Training of networks that read strips of text, from the command line."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nn.errors import ModelError
from nn.progress import Bar, Lines
from nn.recipe import find_recipe, read_recipe
from nn.run_folder import RunFolder
from nn.sequence import SequenceModel
from nn.sequence_train import train_strips
from nn.strips import Strips


def strips_command(
    recipe: Annotated[str, typer.Argument(help="The name of a recipe, such as strips/lines, or a file.")],
    data: Annotated[
        list[Path], typer.Option(metavar="FILE", help="An .npz of strips; one given twice counts twice.")
    ],
    out: Annotated[Path, typer.Option(help="The folder of the run, made if need be.")],
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the recipe's.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the run in OUT stopped.")] = False,
    start: Annotated[
        Path | None, typer.Option(help="A model whose weights to begin with, to train it on.")
    ] = None,
) -> None:
    """Train a network that reads lines; the best one is kept as OUT/best.safetensors."""
    chosen = read_recipe(find_recipe(recipe))
    if not chosen.classes or chosen.classes[0]:
        raise ModelError(f"{recipe}: classes must be given, and begin with the empty string, the blank")
    if epochs:
        chosen = replace(chosen, train=replace(chosen.train, epochs=epochs))
    strips = Strips.join([Strips.load(path) for path in data])
    first = SequenceModel.load(start) if start is not None else None
    console, folder = Console(), RunFolder(out)
    with Bar(console) if console.is_terminal else Lines() as progress:
        try:
            model = train_strips(chosen, strips, folder, progress, resume, first)
        except KeyboardInterrupt:
            done = "go on with --resume" if folder.checkpoint.is_file() else "no epoch was done"
            print(f"nn: interrupted; {done} ({out})", file=sys.stderr)
            raise typer.Exit(130) from None
    training = model.settings["training"]
    print(f"best: epoch {training['epoch']}, characters right {training['val_accuracy']:.2%}, {folder.best}")
