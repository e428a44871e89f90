"""The command ``ocr read``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice, tee, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ocr.commands.console import detail, note, tell, tell_of_defect
from ocr.commands.format_names import FormatNames, chosen_formats
from ocr.commands.options import (
    DropUnsure,
    MinConfidence,
    make_reader,
    require_bound,
    source_of,
    spare_pictures,
    takes_options,
)
from ocr.commands.output import standard_output
from ocr.commands.watch import PageBar, TimeUp, time_limit
from ocr.errors import Exit, OutputError
from ocr.files import whole_file
from ocr.formats import Format, formats
from ocr.options import ReadOptions

if TYPE_CHECKING:
    from ocr.formats.format import Scan
    from ocr.reader import Reader


@takes_options()
def read_command(
    options: ReadOptions,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Pictures, PDFs or URLs of such; - is standard input.")
    ],
    format_names: FormatNames = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to FILE, whole or not at all; of several formats to FILE.txt, FILE.json and so on.",
        ),
    ] = None,
    min_confidence: MinConfidence = 0.0,
    drop_unsure: DropUnsure = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            min=0.1, metavar="SECONDS", help="Give up a file after this time, all its pages together."
        ),
    ] = None,
) -> None:
    """Read the text on pictures and PDFs, every page of them.

    Pictures may be JPEG, PNG, TIFF, BMP, WebP, GIF, JPEG 2000, AVIF, PNM, TGA, PCX, ICO or, with the extra
    heif, HEIC; PDFs need the extra pdf.
    URLs are https:// and the like with the extra remote, s3:// with s3, gs:// with gs. An extra is
    installed by pip install 'letters-ocr[NAME]'.
    """
    chosen = [formats()[name] for name in chosen_formats(format_names)]
    for one in chosen:
        if one.one_page and len(paths) > 1:
            raise _too_many(one, f"there are {len(paths)} pictures")
    require_bound(drop_unsure, min_confidence)
    spare_pictures(out, "--output")
    targets = _targets(out, chosen)
    reader = make_reader(options)
    failures: list[Exit] = []
    bar = PageBar(len(paths), None in targets and sys.stdout is not None and sys.stdout.isatty())
    scans = _read_each(paths, reader, failures, chosen, timeout, bar)
    if drop_unsure:
        scans, min_confidence = _surest(scans, min_confidence), 0.0
    with ExitStack() as stack:
        streams = [
            stack.enter_context(
                standard_output(one.is_binary) if target is None else whole_file(target, one.is_binary)
            )
            for one, target in zip(chosen, targets, strict=True)
        ]
        stack.enter_context(bar)
        files = [
            _written(same, one, len(paths) > 1, min_confidence)
            for one, same in zip(chosen, tee(scans, len(chosen)), strict=True)
        ]
        for parts in zip_longest(*files):  # side by side, so that few documents are kept at a time
            for stream, part in zip(streams, parts, strict=True):
                if part is not None:
                    stream.write(part)
                    stream.flush()
        if len(failures) == len(paths):
            raise typer.Exit(min(failures))
    raise typer.Exit(min(failures, default=Exit.ALL_READ))


def _written(scans: Iterator[Scan], chosen: Format, are_many: bool, least: float) -> Iterator[str | bytes]:
    """Return the parts of a file in a format."""
    if are_many:
        return chosen.render_all(scans, least)
    return (chosen.render(document, original, least) for document, original in scans)


def _surest(scans: Iterable[Scan], least: float) -> Iterator[Scan]:
    """Yield documents without the words of lower confidence."""
    from ocr.recognition.confidence import surest

    return ((surest(document, least), original) for document, original in scans)


def _targets(out: Path | None, chosen: Sequence[Format]) -> list[Path | None]:
    """Return where each format goes: to a file, or None for standard output."""
    if out is None or str(out) == "-":
        if len(chosen) > 1:
            raise typer.BadParameter(
                f"{len(chosen)} formats do not go to standard output together; name a file with -o",
                param_hint="'--format'",
            )
        return [None]
    if len(chosen) == 1:
        return [out]
    if out.is_dir():
        raise OutputError(f"{out}: is a folder; name a file in it")
    endings = [one.extension for one in chosen if out.name.endswith(one.extension)]
    base = out.name.removesuffix(max(endings, key=len, default=""))
    return [out.with_name(f"{base}{one.extension}") for one in chosen]


def _too_many(chosen: Format, what: str) -> typer.BadParameter:
    return typer.BadParameter(
        f"a file of '{chosen.name}' holds one page, and {what}; ocr batch writes a file for each",
        param_hint="'--format'",
    )


def _read_each(
    paths: Iterable[str],
    reader: Reader,
    failures: list[Exit],
    chosen: Sequence[Format],
    timeout: float | None,
    bar: PageBar,
) -> Iterator[Scan]:
    """Yield the documents of the pictures that can be read; report and record the others.

    Input from a pipe is kept if a format needs the picture again.
    """
    from ocr.formats.original import Original, kept
    from pipelines.errors import PictureError, shown

    single = next((one for one in chosen if one.one_page), None)
    is_loaded_twice = single is not None or any(one.shows_picture for one in chosen)
    for path in paths:
        start = time.perf_counter()
        try:
            source: Any = source_of(path)
            with bar.over(path), time_limit(timeout):
                source = kept(source) if path == "-" and is_loaded_twice else source
                if single is not None and len([*islice(reader.load(source), 2)]) > 1:
                    raise _too_many(single, f"{shown(path)} has more; name one with --pages")
                document = reader.read(source, bar.come_to)
        except typer.BadParameter:
            raise
        except TimeUp:
            tell(f"{shown(path)}: takes longer than {timeout:g} s, {_so_far(bar.page)}")
            failures.append(Exit.PICTURE)
        except PictureError as error:
            tell(error)
            failures.append(Exit.PICTURE)
        except MemoryError:
            tell(f"{shown(path)}: not enough memory to read it; make the picture smaller")
            failures.append(Exit.PICTURE)
        except Exception as error:
            tell_of_defect(error, f"{shown(path)}: ")
            failures.append(Exit.INTERNAL)
        else:
            name = shown(document.source)
            if document.warnings:
                note(f"{name}: {'; '.join(document.warnings)}")
            if not document.text.strip():
                note(f"{name}: no letters found")
            detail(f"{name}: {len(document.glyphs)} letters, in {time.perf_counter() - start:.1f} s")
            yield document, Original(source, reader.load, reader.options.dpi)


def _so_far(page: int) -> str:
    """Return how far a file was read before it was given up."""
    if page <= 1:
        return "and is given up; allow it more with --timeout"
    return f"and is given up on page {page}: nothing of it is written; read fewer pages at once with --pages"
