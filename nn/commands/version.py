"""The option ``--version`` of the commands."""

from __future__ import annotations

from typing import Any

import typer


def version_option(command: str) -> Any:
    """Return an option that prints the version of the package after the name of a command, and ends it."""

    def show(is_wanted: bool) -> None:
        if is_wanted:
            from importlib.metadata import version

            typer.echo(f"{command} {version('letters-ocr')}")
            raise typer.Exit

    return typer.Option("--version", is_eager=True, callback=show, help="Show the version.")
