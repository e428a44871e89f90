"""Hold a layer of one's own to numerical gradients, and to the verified layer of the same name."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from nn.commands.console import say
from nn.errors import ModelError
from nn.exit_codes import Exit
from nn.gradients import check_layer
from nn.layers import Layer


def check_command(
    file: Annotated[Path, typer.Argument(help="A Python file with classes that derive from nn.Layer.")],
    shape: Annotated[
        str, typer.Option(help="The input to try, without the batch: 6x5x2 for pictures, 7 for vectors.")
    ] = "6x5x2",
) -> None:
    """Hold layers of your own, forward and backward, to numerical gradients; say which gradient is wrong how."""
    sizes = shape.split("x")
    if not all(size.isdecimal() and int(size) for size in sizes):
        raise typer.BadParameter(f"{shape}: expected numbers with x between them", param_hint="--shape")
    found = _layers_in(file)
    wrong = False
    for kind in found:
        faults = check_layer(kind, tuple(map(int, sizes)))
        wrong |= bool(faults)
        say(f"{kind.__name__}: {'right' if not faults else 'wrong'}")
        for fault in faults:
            say(f"  {fault}")
    if wrong:
        raise typer.Exit(Exit.MODEL)


def _layers_in(file: Path) -> list[type[Layer]]:
    """Return the layers that a file defines; ModelError if it has none or cannot be run."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None or not file.is_file():
        raise ModelError(f"{file}: no such Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ModelError(f"{file}: cannot be run: {type(error).__name__}: {error}") from error
    own = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Layer) and each.__module__ == module.__name__
    ]
    if not own:
        raise ModelError(f"{file}: no class in it derives from nn.Layer")
    return own
