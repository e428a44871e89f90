"""Defaults of options from a TOML file. The environment overrides the file, the command line both.

Keys are the names of options without dashes: ``language = "de"``. At the top level they apply to every
command that has the option; in a table such as ``[batch]`` to that command.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from ocr.commands.names import COMMANDS
from pipelines.errors import reason, shown

NAME = Path("letters-ocr", "config.toml")
_FILE = f"{__name__}.file"


def user_file() -> Path:
    """Return the path of the user's file of defaults, if there is one."""
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / NAME


def _take_defaults(context: typer.Context, given: Path | None) -> Path | None:
    """Set the defaults of a command's options from the named file, or from the user's."""
    path = given if given is not None else user_file()
    if context.resilient_parsing or (given is None and not path.is_file()):
        return given
    context.meta[_FILE] = path
    context.default_map = _defaults(path, context)
    return given


Config = Annotated[
    Path | None,
    typer.Option(
        is_eager=True,
        envvar="OCR_CONFIG",
        metavar="FILE",
        callback=_take_defaults,
        help=f"Take defaults of options from this TOML file. [~/.config/{NAME}]",
    ),
]


def _defaults(path: Path, context: typer.Context) -> dict[str, Any]:
    """Return the values of a file for a command, by parameter name."""
    table = _read(path)
    own, command = _options(context.command), str(context.info_name)
    above = {_plain(key) for key in table.keys() - set(COMMANDS)}
    known = own.keys() if above <= own.keys() else _known(context)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in COMMANDS:
            if _plain(key) not in known:
                raise _wrong(path, f"no command has an option '{key}'")
            values |= _value(path, key, value, own) if _plain(key) in own else {}
    for key in COMMANDS:
        if not isinstance(table.get(key, {}), dict):
            raise _wrong(path, f"'{key}' is to be a table of options of ocr {key}")
    for key, value in table.get(command, {}).items():
        if _plain(key) not in own:
            raise _wrong(path, f"ocr {command} has no option '{key}'")
        values |= _value(path, key, value, own)
    return values


def _read(path: Path) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise _wrong(path, error.strerror or reason(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, f"is no TOML: {reason(error)}") from error


def _value(path: Path, key: str, value: object, options: Mapping[str, Any]) -> dict[str, Any]:
    option = options[_plain(key)]
    if isinstance(value, dict):
        raise _wrong(path, f"'{key}' is a table, and no value of an option")
    if isinstance(value, bool):
        return {option.name: value}
    many = [str(each) for each in (value if isinstance(value, list) else [value])]
    return {option.name: many if option.multiple else ",".join(many)}


def _options(command: Any) -> dict[str, Any]:
    """Return the options of a command that a file may set, by name."""
    return {
        _plain(name.removeprefix("--")): option
        for option in command.params
        if option.param_type_name == "option" and option.name not in ("help", "config")
        for name in option.opts
        if name.startswith("--")
    }


def _plain(key: str) -> str:
    return key.replace("-", "_")


def _known(context: typer.Context) -> set[str]:
    """Return the options of all commands."""
    parent: Any = context.parent
    found = [parent.command.get_command(parent, name) for name in COMMANDS]
    return {name for command in found for name in _options(command)}


def _wrong(path: Path, what: str) -> typer.BadParameter:
    return typer.BadParameter(f"{shown(path)}: {what}", param_hint="'--config'")


def origin_of(context: typer.Context, name: str) -> str | None:
    """Return the origin of a parameter's value; None if it is from the command line or the default."""
    source = context.get_parameter_source(name)
    if source is not None and source.name == "ENVIRONMENT":
        return next((str(one.envvar) for one in context.command.params if one.name == name), None)
    return shown(context.meta[_FILE]) if source is not None and source.name == "DEFAULT_MAP" else None
