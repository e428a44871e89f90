"""Training of networks that read strips of text, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nn.commands.console import say
from nn.commands.run import (
    Changes,
    Epochs,
    Freeze,
    Out,
    Resume,
    Start,
    introduction,
    recipe_to_train,
    size_of,
    watched,
)
from nn.errors import ModelError
from nn.sequence import SequenceModel
from nn.training.run_folder import RunFolder
from nn.training.sequence_train import train_strips
from nn.training.strips import Strips


def strips_command(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(help="The name of a recipe, such as strips/lines, or a file.")],
    data: Annotated[
        list[Path], typer.Option(metavar="FILE", help="An .npz of strips; one given twice counts twice.")
    ],
    out: Out,
    epochs: Epochs = None,
    resume: Resume = False,
    start: Start = None,
    freeze: Freeze = None,
    changes: Changes = None,
) -> None:
    """Train a network that reads lines; the best one is kept as OUT/best.safetensors."""
    chosen = recipe_to_train(recipe, epochs, changes, freeze)
    if not chosen.classes or chosen.classes[0]:
        raise ModelError(f"{recipe}: classes must be given, and begin with the empty string, the blank")
    strips = Strips.join([Strips.load(path) for path in data])
    first = SequenceModel.load(context.obj.model(start)) if start is not None else None
    folder = RunFolder(out)
    about = size_of(strips, "strips")
    with watched(folder, lambda: introduction(chosen, SequenceModel, chosen.classes, about)) as progress:
        model = train_strips(chosen, strips, folder, progress, resume, first)
    training = model.settings["training"]
    say(f"best: epoch {training['epoch']}, characters right {training['val_accuracy']:.2%}, {folder.best}")
