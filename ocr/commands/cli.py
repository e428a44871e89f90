"""The command ``ocr``. Its exit codes are those of `nn.exit_codes`."""

from __future__ import annotations

import re
import sys
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from nn.commands.version import version_option
from nn.exit_codes import Exit, listed
from ocr.commands.console import settle_process, tell, tell_of_defect
from ocr.commands.defaults import origin_of
from ocr.commands.names import COMMANDS
from ocr.importing import importing

SETTINGS: dict[str, Any] = {
    "context_settings": {"help_option_names": ["-h", "--help"]},
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
}


_VARIABLE = re.compile(r" \(env var: '\w+'\)")


class Commands(TyperGroup):
    """The commands; each is imported and built only when it is needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands, in order; all are built, as they will be shown."""
        return [name for name in COMMANDS if self.get_command(ctx, name)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            self.list_commands(ctx)  # Click suggests one of these
        elif cmd_name not in self.commands:
            self.commands[cmd_name] = _build(cmd_name)
        return self.commands.get(cmd_name)


def _build(name: str) -> Any:
    with importing():
        module = import_module(f"ocr.commands.{name}")
        alone = typer.Typer(add_completion=False, **SETTINGS)
        alone.command(name, epilog=getattr(module, "EPILOG", None))(getattr(module, f"{name}_command"))
        return typer.main.get_command(alone)


app = typer.Typer(
    cls=Commands,
    help="Read hand-printed letters and plain print from photos and scans.",
    epilog=listed(),
    no_args_is_help=True,
    **SETTINGS,
)


@app.callback()
def _options(version: Annotated[bool, version_option("ocr")] = False) -> None:
    pass


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code; errors are one line on stderr, never a traceback."""
    try:
        return _run(arguments)
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # Click gives this an exit code of its own
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
            said = _VARIABLE.sub("", said, count=1)  # shown wherever the value is from
            tell(" ".join(f"{said}{_where_from(error)}".split()))
        return Exit.USAGE
    code = getattr(error, "exit_code", None)
    if code is not None:
        tell(error)
        return cast(Exit, code)
    tell_of_defect(error)
    return Exit.INTERNAL


def _where_from(error: Any) -> str:
    """Return the origin of a wrong value that is not from the command line."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    place = origin_of(context, parameter.name) if context is not None and parameter is not None else None
    return f" (from {place})" if place is not None else ""


def main() -> None:
    """Run the command as a process of its own."""
    for name in sys.argv[1:2]:  # imported before stderr is kept to our words: packages of others may warn
        if name in COMMANDS:
            with importing():
                import_module(f"ocr.commands.{name}")
    settle_process()
    sys.exit(run(sys.argv[1:]))
