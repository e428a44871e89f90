"""Suggest an initial learning rate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from nn.commands.console import say, tell
from nn.commands.data import DataFiles, read_data
from nn.commands.run import Changes, Freeze, Start, recipe_to_train
from nn.data.tasks import as_task
from nn.gallery.plots import range_test, save
from nn.model import Sequential
from nn.training.find_rate import RangeTest, find_rate
from nn.training.silent import Silent
from nn.training.train import labelled

LINES = 16


class Told(Silent):
    """Prints only messages."""

    def note(self, text: str) -> None:
        tell(text)


def find_rate_command(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(help="The name of a recipe that comes along, or a .toml file.")],
    data: DataFiles,
    start: Start = None,
    freeze: Freeze = None,
    changes: Changes = None,
    plot: Annotated[Path | None, typer.Option(help="The .png file for a plot of the losses.")] = None,
    lowest: Annotated[float, typer.Option(min=1e-12, help="The learning rate of the first step.")] = 1e-6,
    highest: Annotated[float, typer.Option(max=1e6, help="The learning rate of the last step.")] = 10.0,
    steps: Annotated[int, typer.Option(min=10, help="Number of steps.")] = 100,
) -> None:
    """Suggest a learning rate, by training for a few steps with a rising one."""
    if lowest >= highest:
        raise typer.BadParameter(f"{lowest}: must be below --highest {highest}", param_hint="--lowest")
    chosen = recipe_to_train(recipe, None, changes, freeze)
    samples = as_task(read_data(data), chosen.task, chosen.input_shape).with_split(chosen.train.seed)
    classes = chosen.classes or samples.classes()
    first = Sequential.load(context.obj.model(start)) if start is not None else None
    found = find_rate(
        chosen, classes, labelled(chosen, classes, samples), Told(), first, lowest, highest, steps
    )
    for line in lines(found):
        say(line)
    if plot is not None:
        save(range_test(found), plot)
        say(plot)
    say(f"suggested: --set optimizer.rate={found.suggested:.2g} (the loss is lowest at {found.least:.2g})")


def lines(found: RangeTest) -> list[str]:
    """Return the losses at some learning rates as text, with a bar for each."""
    places = np.unique(np.linspace(0, len(found.rates) - 1, LINES).round().astype(int))
    largest = max(found.losses)
    return ["      rate      loss"] + [
        f"{found.rates[k]:>10.2g}{found.losses[k]:>10.4f}  {'#' * round(40 * found.losses[k] / largest)}"
        for k in places.tolist()
    ]
