"""The command ``ocr batch``."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, cast

import typer

from nn.exit_codes import listed
from ocr.commands.console import is_quiet, tell
from ocr.commands.format_names import FormatNames, chosen_formats
from ocr.commands.options import (
    DropUnsure,
    MinConfidence,
    make_reader,
    require_bound,
    source_of,
    takes_options,
)
from ocr.commands.output import standard_output
from ocr.errors import Exit, NothingError, OutputError
from ocr.options import ReadOptions
from pipelines.errors import shown

if TYPE_CHECKING:
    from ocr.batch.inputs import Input
    from ocr.batch.jobs import Job, Limits, Outcome, Settings
    from ocr.batch.manifest import Manifest


EPILOG = listed()


@takes_options()
def batch_command(
    options: ReadOptions,
    places: Annotated[
        list[str],
        typer.Argument(
            metavar="IN... OUT",
            help="Folders, globs, pictures or URLs, or - for a list of them on standard input, a line each "
            "or with NULs between; then the folder or URL that the outputs go to.",
        ),
    ],
    format_names: FormatNames = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, envvar="OCR_JOBS", help="Processes. [cores]"),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Skip pictures that the manifest proves done with the same settings."),
    ] = False,
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite", help="Read everything again, and discard the manifest of an earlier run in OUT."
        ),
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            min=0.1, metavar="SECONDS", help="Give up a file after this time, all its pages together."
        ),
    ] = None,
    memory: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="MB",
            help="Give a picture or PDF up that takes more memory at once than the reader and this; pages "
            "are read one at a time.",
        ),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Read on a Dask cluster: tcp://HOST:8786.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The record of what was done. [OUT/manifest.jsonl]")
    ] = None,
    min_confidence: MinConfidence = 0.0,
    drop_unsure: DropUnsure = False,
) -> None:
    """Read many pictures into a folder, in parallel; none that fails stops the others."""
    from nn.threads import cores
    from ocr.batch.crew import Crew
    from ocr.batch.jobs import Limits, Settings
    from ocr.batch.manifest import NAME
    from ocr.batch.progress import Tally
    from ocr.batch.run import run, still_to_do, unfinished_removed
    from pipelines.sources.remote import is_url

    *given, out = places
    formats = chosen_formats(format_names)
    require_bound(drop_unsure, min_confidence)
    if resume and overwrite:
        raise typer.BadParameter("does not go with --resume", param_hint="'--overwrite'")
    _check(given, out, memory, manifest)
    if options.model is not None:  # the processes may be started elsewhere
        options = replace(options, model=Path(options.model).absolute())
    settings = Settings(options, formats, min_confidence, out if is_url(out) else None, drop_unsure)
    limits = Limits(timeout, memory)
    found = _found(given, out, resume)
    with ExitStack() as stack:
        crew = stack.enter_context(Crew(settings, limits, jobs or cores())) if scheduler is None else None
        if crew is not None and not resume:
            crew.start(len(found))
        make_reader(options)  # to check the settings
        records = stack.enter_context(_opened(manifest or Path(out, NAME), out, resume, overwrite))
        stack.enter_context(unfinished_removed(out))
        fingerprint = settings.fingerprint()
        todo = still_to_do(found, records.records, formats, fingerprint, out)
        tally = Tally(len(todo), len(found) - len(todo))
        if crew is not None:
            tally.where = crew.where
        outcomes = (
            crew.read(todo) if crew is not None else _elsewhere(todo, settings, limits, scheduler or "")
        )
        try:
            with closing(outcomes):
                run(outcomes, records, fingerprint, out, tally)
        except (SystemExit, KeyboardInterrupt):
            tell(f"stopped; the same with --resume goes on: {tally.summary()}")
            raise
    if not is_quiet():
        with standard_output() as stream:
            stream.write(f"{tally.summary()}\n")
    raise typer.Exit(min(tally.failures, default=Exit.ALL_READ))


def _elsewhere(
    todo: list[Job], settings: Settings, limits: Limits, scheduler: str
) -> Generator[Outcome, None, None]:
    from ocr.batch.cluster import read_on_cluster

    yield from read_on_cluster(todo, settings, limits, scheduler)


def _check(given: list[str], out: str, memory: int | None, manifest: Path | None) -> None:
    """Reject contradictory arguments."""
    from ocr.batch.store import file_system
    from pipelines.errors import PictureError
    from pipelines.sources.remote import is_url

    if not given:
        raise typer.BadParameter(
            f"'{out}' stands alone; name pictures, then where to", param_hint="'IN... OUT'"
        )
    if "-" in given and len(given) > 1:
        raise typer.BadParameter("- stands alone, for a list of all pictures", param_hint="'IN'")
    if is_url(out):
        if manifest is None:
            raise typer.BadParameter("name a file, for OUT is a URL", param_hint="'--manifest'")
        try:
            file_system(out)
        except PictureError as error:
            raise typer.BadParameter(str(error), param_hint="'OUT'") from error
    elif os.path.lexists(out) and not os.path.isdir(out):
        raise OutputError(f"{out}: is a file, not a folder")
    elif os.path.isdir(out) and any(os.path.isdir(one) and os.path.samefile(one, out) for one in given):
        raise typer.BadParameter(f"'{out}' holds the pictures; name another folder", param_hint="'OUT'")
    if memory is not None and sys.platform != "linux":
        raise typer.BadParameter("is held to on Linux only", param_hint="'--memory'")


def _found(given: list[str], out: str, resume: bool) -> list[Input]:
    """Return the pictures, without duplicates."""
    from ocr.batch.inputs import find_inputs, left_out, listed_inputs

    if given == ["-"]:
        find = partial(listed_inputs, cast(IO[bytes], source_of("-")).read())
    else:
        find = partial(find_inputs, given)
    try:
        found = {one.source: one for one in find(out)}
    except FileNotFoundError as error:
        raise typer.BadParameter(f"'{error}': no such file or folder", param_hint="'IN'") from error
    hidden = [] if resume else left_out(find, found, out)
    if hidden:
        raise typer.BadParameter(
            f"'{out}' holds pictures, such as {shown(hidden[0])}, that would not be read, for outputs go "
            "there; name another folder, or take them out",
            param_hint="'OUT'",
        )
    if not found:
        raise NothingError(f"{'<stdin>' if given == ['-'] else ', '.join(given)}: no pictures there to read")
    return list(found.values())


def _opened(path: Path, out: str, resume: bool, overwrite: bool) -> Manifest:
    """Open the manifest; only the folder of outputs is created for it."""
    from ocr.batch.manifest import Manifest, ManifestExists

    try:
        if path.parent == Path(out):
            path.parent.mkdir(parents=True, exist_ok=True)
        return Manifest(path, resume, overwrite)
    except OSError as error:
        raise OutputError(f"{out}: cannot be made: {error.strerror or error}") from error
    except ManifestExists as error:
        raise typer.BadParameter(
            f"'{path}' is of an earlier run: --resume goes on with it, --overwrite starts anew; or name "
            "another folder",
            param_hint="'OUT'",
        ) from error
