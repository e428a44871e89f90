"""The command ``ocr``. Its exit codes are those of `nn.exit_codes`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, cast

import typer

from nn.exit_codes import Exit, listed
from ocr.commands.batch import batch_command
from ocr.commands.console import settle_process, tell, tell_of_defect
from ocr.commands.eval import eval_command
from ocr.commands.learn import learn_command
from ocr.commands.options import make_reader, source_of, takes_options
from ocr.commands.output import standard_output
from ocr.commands.read import read_command
from ocr.commands.serve import EPILOG as SERVE_EPILOG
from ocr.commands.serve import serve_command
from ocr.errors import OutputError
from ocr.options import ReadOptions

app = typer.Typer(
    help="Read hand-printed letters and plain print from photos and scans.",
    epilog=listed(),
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


app.command("batch", epilog=listed())(batch_command)
app.command("eval", epilog=listed())(eval_command)
app.command("serve", epilog=SERVE_EPILOG)(serve_command)
app.command("learn", epilog=listed())(learn_command)


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
    if hasattr(error, "format_message"):
        said = error.format_message()
        if said.startswith("Usage:"):  # a command by itself asks for its help
            typer.echo(said, err=True)
        else:
            tell(" ".join(said.split()))
        return Exit.USAGE
    code = getattr(error, "exit_code", None)
    if code is not None:
        tell(error)
        return cast(Exit, code)
    tell_of_defect(error)
    return Exit.INTERNAL


def main() -> None:
    """Run the command as a process of its own."""
    settle_process()
    sys.exit(run(sys.argv[1:]))
