"""Training of networks that find text, from the command line."""

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
from nn.finder import MAPS, FinderModel
from nn.training.crops import Crops
from nn.training.finder_train import train_finder
from nn.training.run_folder import RunFolder


def finder_command(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(help="The name of a recipe, such as finder/text, or a file.")],
    data: Annotated[
        list[Path], typer.Option(metavar="FILE", help="An .npz of crops; one given twice counts twice.")
    ],
    out: Out,
    epochs: Epochs = None,
    resume: Resume = False,
    start: Start = None,
    freeze: Freeze = None,
    changes: Changes = None,
) -> None:
    """Train a network that finds text; the best one is kept as OUT/best.safetensors."""
    chosen = recipe_to_train(recipe, epochs, changes, freeze)
    if chosen.classes != MAPS:
        raise ModelError(f"{recipe}: classes must be {', '.join(MAPS)}")
    crops = Crops.join([Crops.load(path) for path in data])
    first = FinderModel.load(context.obj.model(start)) if start is not None else None
    folder = RunFolder(out)
    about = size_of(crops, "crops")
    with watched(folder, lambda: introduction(chosen, FinderModel, chosen.classes, about)) as progress:
        model = train_finder(chosen, crops, folder, progress, resume, first)
    training = model.settings["training"]
    say(f"best: epoch {training['epoch']}, F1 of text {training['val_accuracy']:.2%}, {folder.best}")
