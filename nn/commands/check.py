"""Compare a user's layers, losses and optimizers with numerical gradients, and with those of the package."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

from nn.check_loss import check_loss
from nn.check_optimizer import check_optimizer
from nn.commands.console import say
from nn.errors import ModelError
from nn.exit_codes import Exit
from nn.gradients import check_layer
from nn.layers import LAYERS, Layer
from nn.losses import LOSSES, Loss
from nn.optim.optimizers import OPTIMIZERS, Optimizer
from nn.plugins import classes_in, kept_folder

KNOWN: tuple[tuple[type, dict[str, Any]], ...] = ((Layer, LAYERS), (Loss, LOSSES), (Optimizer, OPTIMIZERS))


def check_command(
    file: Annotated[
        Path,
        typer.Argument(help="A Python file with classes that derive from nn.Layer, nn.Loss or nn.Optimizer."),
    ],
    shape: Annotated[
        str, typer.Option(help="The input to try, without the batch: 6x5x2 for pictures, 7 for vectors.")
    ] = "6x5x2",
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep a copy of the file, for recipes to use.")
    ] = False,
) -> None:
    """Check your own layers, losses and optimizers numerically; report which term is wrong, and how.

    With --keep, correct ones can be used by their names: in recipes, models, and when exporting.
    """
    sizes = shape.split("x")
    if not all(size.isdecimal() and int(size) for size in sizes):
        raise typer.BadParameter(f"{shape}: expected numbers with x between them", param_hint="--shape")
    try:
        defined = classes_in(file, tuple(dict(KNOWN))) if file.is_file() else []
    except Exception as error:
        raise ModelError(f"{file}: cannot be run: {type(error).__name__}: {error}") from error
    found = [(kind, base) for base, _ in KNOWN for kind in defined if issubclass(kind, base)]
    if not found:
        raise ModelError(f"{file}: no class in it derives from nn.Layer, nn.Loss or nn.Optimizer")
    wrong = False
    for kind, base in found:
        faults = check_layer(kind, tuple(map(int, sizes))) if base is Layer else CHECKS[base](kind)
        wrong |= bool(faults)
        say(f"{kind.__name__}: {'right' if not faults else 'wrong'}")
        for fault in faults:
            say(f"  {fault}")
    if wrong:
        raise typer.Exit(Exit.MODEL)
    if keep:
        for kind, base in found:
            if not isinstance(getattr(kind, "name", None), str) or kind.name in dict(KNOWN)[base]:
                raise ModelError(f"{kind.__name__}: needs a name of its own, such as name = 'mine'")
        folder = kept_folder()
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / file.name)
        say(f"{folder / file.name}: recipes can use {', '.join(kind.name for kind, _ in found)}")


CHECKS: dict[type, Any] = {Loss: check_loss, Optimizer: check_optimizer}
