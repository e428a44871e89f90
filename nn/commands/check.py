"""Compare a user's layer with numerical gradients, and with the package's layer of the same name."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from nn.commands.console import say
from nn.errors import ModelError
from nn.exit_codes import Exit
from nn.gradients import check_layer
from nn.layers import LAYERS, Layer
from nn.plugins import classes_in, kept_folder


def check_command(
    file: Annotated[Path, typer.Argument(help="A Python file with classes that derive from nn.Layer.")],
    shape: Annotated[
        str, typer.Option(help="The input to try, without the batch: 6x5x2 for pictures, 7 for vectors.")
    ] = "6x5x2",
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep a copy of the file, for recipes to use.")
    ] = False,
) -> None:
    """Check the gradients of your own layers numerically; report which gradient is wrong, and how.

    With --keep, layers that are right can be used by their names: in recipes, models, and when exporting.
    """
    sizes = shape.split("x")
    if not all(size.isdecimal() and int(size) for size in sizes):
        raise typer.BadParameter(f"{shape}: expected numbers with x between them", param_hint="--shape")
    try:
        found = [] if not file.is_file() else classes_in(file, Layer)
    except Exception as error:
        raise ModelError(f"{file}: cannot be run: {type(error).__name__}: {error}") from error
    if not found:
        raise ModelError(f"{file}: no class in it derives from nn.Layer")
    wrong = False
    for kind in found:
        faults = check_layer(kind, tuple(map(int, sizes)))
        wrong |= bool(faults)
        say(f"{kind.__name__}: {'right' if not faults else 'wrong'}")
        for fault in faults:
            say(f"  {fault}")
    if wrong:
        raise typer.Exit(Exit.MODEL)
    if keep:
        for kind in found:
            if not isinstance(getattr(kind, "name", None), str) or kind.name in LAYERS:
                raise ModelError(f"{kind.__name__}: needs a name of its own, such as name = 'mine'")
        folder = kept_folder()
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / file.name)
        say(f"{folder / file.name}: recipes can use {', '.join(kind.name for kind in found)}")
