"""Options that the commands share, and their checks."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import Field, fields
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast, get_args, get_type_hints

import typer
from typer.models import OptionInfo

from ocr.commands.console import Volume, detail, speaking, tell
from ocr.commands.defaults import Config, origin_of
from ocr.errors import SettingError
from ocr.importing import importing
from ocr.options import ReadOptions
from pipelines.sources.suffixes import PICTURES

if TYPE_CHECKING:
    from ocr.reader import Reader

Command = TypeVar("Command", bound=Callable[..., None])


def _as_it_stands(whitelist: str | None) -> str | None:
    found = _RANGE.search(whitelist or "")
    if found and found[0][0] < found[0][2]:
        first, last = ord(found[0][0]), ord(found[0][2])
        meant = "".join(map(chr, range(first, last + 1)))
        tell(
            f"--whitelist {whitelist} is taken as it stands: {' '.join(found[0])} are three characters and "
            f"no range; name all that may be read, such as {meant}"
        )
    return whitelist


_RANGE = re.compile("[0-9]-[0-9]|[a-z]-[a-z]|[A-Z]-[A-Z]")


def _share(value: float) -> float:
    if not 0 <= value <= 1:  # False for NaN
        raise typer.BadParameter(f"{value:g} is not between 0 and 1")
    return value


MinConfidence = Annotated[
    float,
    typer.Option(
        callback=_share,
        envvar="OCR_MIN_CONFIDENCE",
        help="Mark what is less sure than this, 0 to 1: letters with ‹ › in text and layout; letters and "
        'words in JSON with "doubtful". Other formats mark nothing.',
    ),
]


DropUnsure = Annotated[
    bool,
    typer.Option(
        "--drop-unsure", help="Leave out words that are less sure than --min-confidence; mark nothing."
    ),
]


def require_bound(drop_unsure: bool, min_confidence: float) -> None:
    """Reject --drop-unsure without --min-confidence."""
    if drop_unsure and not min_confidence:
        raise typer.BadParameter("goes with --min-confidence", param_hint="'--drop-unsure'")


_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors.")]
_Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", help="Print more on standard error: what is done, and with which settings."
    ),
]
_COMMON: dict[str, tuple[Any, Any]] = {
    "config": (Config, None),
    "quiet": (_Quiet, False),
    "verbose": (_Verbose, False),
    "context": (typer.Context, inspect.Parameter.empty),
}


def takes_options(*without: str) -> Callable[[Command], Command]:
    """Give a command an option for each field of `ReadOptions`, except for those named.

    Their values are passed to the function's parameter ``options``, as `ReadOptions`; its errors become usage
    errors.
    """
    chosen = [one for one in fields(ReadOptions) if one.name not in without]

    def decorate(command: Command) -> Command:
        own = inspect.signature(command, eval_str=True)
        kept = [one for one in own.parameters.values() if one.name != "options"]

        @wraps(command)
        def run(**given: Any) -> None:
            settings = {one.name: given.pop(one.name) for one in chosen}
            _, quiet, verbose, context = (given.pop(name) for name in _COMMON)
            with speaking(_volume(quiet, verbose)):
                _tell_where_from(settings, context)
                with importing(), wrong_usage(context):
                    options = ReadOptions(**settings)
                command(options=options, **given)

        common = [_keyword(name, *said) for name, said in _COMMON.items()]
        signature = own.replace(parameters=[*kept, *map(_parameter, chosen), *common])
        run.__signature__ = signature  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in signature.parameters.values()}
        return cast(Command, run)

    return decorate


def _volume(quiet: bool, verbose: bool) -> Volume:
    if quiet and verbose:
        raise typer.BadParameter("does not go with --quiet", param_hint="'--verbose'")
    return Volume.QUIET if quiet else Volume.MORE if verbose else Volume.USUAL


def _tell_where_from(settings: dict[str, Any], context: typer.Context) -> None:
    """Print which settings come from where, if the volume is verbose."""
    for name, value in settings.items():
        if (place := origin_of(context, name)) is not None:
            detail(f"{_flag(name)} {value}, from {place}")


def _keyword(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def option_of(setting: str) -> OptionInfo:
    """Return the option of a command for a field of `ReadOptions`, for an annotation."""
    said = ReadOptions.__dataclass_fields__[setting].metadata
    option: OptionInfo = typer.Option(
        *said.get("flags", (_flag(setting),)),
        metavar=said.get("metavar"),
        min=said.get("least"),
        help=said["help"],
        envvar=f"OCR_{setting.upper()}",
        callback=_as_it_stands if setting == "whitelist" else None,
    )
    return option


def _parameter(one: Field[Any]) -> inspect.Parameter:
    """Return a field of `ReadOptions` as a parameter from which Typer makes an option."""
    kind = _kinds()[one.name]
    taken: Any = kind
    kinds = get_args(kind)
    if str in kinds:  # of a setting that takes several kinds, the one that a command line can give
        given = Path if Path in kinds and one.default is None else str
        taken = given | None if one.default is None else given
    return _keyword(one.name, Annotated[taken, option_of(one.name)], one.default)


@cache
def _kinds() -> dict[str, Any]:
    """Return the types of the fields of `ReadOptions`."""
    return get_type_hints(ReadOptions)


def _flag(setting: str) -> str:
    return f"--{setting.replace('_', '-')}"


@contextmanager
def wrong_usage(context: typer.Context | None = None) -> Iterator[None]:
    """Turn a SettingError into a usage error of its option, with the origin of the value."""
    try:
        yield
    except SettingError as error:
        place = origin_of(context, error.setting) if context is not None else None
        said = f"{error} (from {place})" if place is not None else str(error)
        raise typer.BadParameter(said, param_hint=f"'{_flag(error.setting)}'") from error


def make_reader(options: ReadOptions) -> Reader:
    """Make a reader; its errors about settings become usage errors."""
    with importing(), wrong_usage():
        from ocr.reader import Reader

        return Reader(options)


def source_of(path: str) -> object:
    """Return the source that a path or URL on the command line stands for; ``-`` is standard input."""
    from pipelines.errors import PictureError

    if path != "-":
        return path
    if sys.stdin is None:
        raise PictureError("<stdin>: is closed")
    return sys.stdin.buffer


def spare_pictures(out: Path | None, option: str) -> None:
    """Reject an output file that has the suffix of a picture."""
    if out is not None and out.suffix.lower() in PICTURES:
        raise typer.BadParameter(f"'{out}' would take the place of a picture", param_hint=f"'{option}'")
