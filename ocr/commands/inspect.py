"""The command ``ocr inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ocr.commands.options import make_reader, source_of, takes_options
from ocr.commands.output import standard_output
from ocr.errors import OutputError
from ocr.options import ReadOptions


@takes_options()
def inspect_command(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A picture, a PDF or a URL of one; - is standard input.")
    ],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Created if needed.")],
    options: ReadOptions,
) -> None:
    """Write a picture of every stage on the way from PATH to its text, and list what was written."""
    reader = make_reader(options)
    from ocr.inspect import inspect
    from pipelines.errors import shown

    try:
        written = inspect(source_of(path), out, reader=reader)
    except FileExistsError as error:
        raise OutputError(f"{out}: is a file, not a folder") from error
    except OSError as error:
        raise OutputError(f"{error.filename or out}: cannot be written: {error.strerror or error}") from error
    with standard_output() as stream:
        stream.writelines(f"{shown(file)}\n" for file in written)
