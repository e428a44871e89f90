"""The command ``ocr``. Its exit codes are those of `ocr.errors.Exit`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ocr.commands.batch import batch_command
from ocr.commands.console import settle_process, tell, tell_of_defect
from ocr.commands.eval import eval_command
from ocr.commands.learn import learn_command
from ocr.commands.options import make_reader, source_of, takes_options
from ocr.commands.output import standard_output
from ocr.commands.read import read_command
from ocr.commands.serve import EPILOG as SERVE_EPILOG
from ocr.commands.serve import serve_command
from ocr.errors import Exit, NothingError, OutputError, SchedulerError
from ocr.options import ReadOptions

_EPILOG = (
    "Exit codes: 0 all read; 1 internal failure; 2 wrong usage; 3 a picture could not be read; "
    "4 the model cannot be loaded; 5 the output cannot be written."
)
app = typer.Typer(
    help="Read hand-printed letters and plain print from photos and scans.",
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"ocr {version('letters-ocr')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    pass


app.command("read")(read_command)


@app.command("inspect")
@takes_options()
def inspect_command(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A picture, a PDF or a URL of one; - is standard input.")
    ],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Made if need be.")],
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


_BATCH_EPILOG = f"{_EPILOG[:-1]}; 6 there is nothing to read; 7 the scheduler does not answer, or is lost."
app.command("batch", epilog=_BATCH_EPILOG)(batch_command)
app.command("eval", epilog=_EPILOG)(eval_command)
app.command("serve", epilog=SERVE_EPILOG)(serve_command)
app.command("learn", epilog=_EPILOG)(learn_command)


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code; errors are one line on stderr, never a traceback."""
    try:
        return _run(arguments)
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # of which Click makes an exit code of its own
            return Exit.PIPE_CLOSED
        return int(stop.code or 0)


def _run(arguments: list[str]) -> int:
    try:
        return int(app(arguments, prog_name="ocr", standalone_mode=False) or Exit.ALL_READ)
    except (KeyboardInterrupt, typer.Abort):
        return Exit.INTERRUPTED
    except MemoryError:
        tell("not enough memory")
        return Exit.INTERNAL
    except Exception as error:
        return _fail(error)


def _fail(error: Exception) -> Exit:
    from nn.errors import ModelError
    from pipelines.errors import PictureError

    if hasattr(error, "format_message"):
        said = error.format_message()
        if said.startswith("Usage:"):  # a command by itself asks for its help
            typer.echo(said, err=True)
        else:
            tell(" ".join(said.split()))
        return Exit.USAGE
    codes: dict[type[Exception], Exit] = {
        PictureError: Exit.PICTURE,
        ModelError: Exit.MODEL,
        OutputError: Exit.OUTPUT,
        NothingError: Exit.NOTHING,
        SchedulerError: Exit.SCHEDULER,
    }
    for kind, code in codes.items():
        if isinstance(error, kind):
            tell(error)
            return code
    tell_of_defect(error)
    return Exit.INTERNAL


def main() -> None:
    """Run the command as a process of its own."""
    settle_process()
    sys.exit(run(sys.argv[1:]))
