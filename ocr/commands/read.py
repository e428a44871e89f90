"""The command ``ocr read``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ocr.commands.console import tell, tell_of_defect
from ocr.commands.options import MinConfidence, make_reader, source_of, spare_pictures, takes_options
from ocr.commands.output import standard_output
from ocr.commands.watch import PageBar, TimeUp, time_limit
from ocr.errors import Exit
from ocr.files import whole_file
from ocr.formats import formats
from ocr.options import ReadOptions

if TYPE_CHECKING:
    from ocr.document import Document
    from ocr.formats.original import Original
    from ocr.reader import Reader

NAMES = ", ".join(formats())
SINGLE_PAGE = ", ".join(name for name, one in formats().items() if one.one_page)


@takes_options()
def read_command(
    options: ReadOptions,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Pictures, PDFs or URLs of such; - is standard input.")
    ],
    format_name: Annotated[
        str,
        typer.Option(
            "--format", "-f", metavar="NAME", help=f"One of: {NAMES}. Of a single page: {SINGLE_PAGE}."
        ),
    ] = "text",
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, whole or not at all."),
    ] = None,
    min_confidence: MinConfidence = 0.0,
    timeout: Annotated[
        float | None,
        typer.Option(min=0.1, metavar="SECONDS", help="Give a file up whose pages take so long together."),
    ] = None,
) -> None:
    """Read the text on pictures and PDFs, every page of them.

    Pictures may be JPEG, PNG, TIFF, BMP, WebP, GIF, JPEG 2000, AVIF, PNM, TGA, PCX, ICO or, with the extra
    heif, HEIC; PDFs need the extra pdf.
    URLs are https:// and the like with the extra remote, s3:// with s3, gs:// with gs. An extra is
    installed by pip install 'letters-ocr[NAME]'.
    """
    if format_name not in formats():
        raise typer.BadParameter(f"'{format_name}' is none of {NAMES}", param_hint="'--format'")
    chosen = formats()[format_name]
    if chosen.one_page and len(paths) > 1:
        raise _too_many(format_name, f"there are {len(paths)} pictures")
    spare_pictures(out, "--output")
    reader = make_reader(options)
    failures: list[Exit] = []
    to_stdout = out is None or str(out) == "-"
    bar = PageBar(len(paths), to_stdout and sys.stdout is not None and sys.stdout.isatty())
    scans = _read_each(paths, reader, failures, format_name, timeout, bar)
    parts = (
        chosen.render_all(scans, min_confidence)
        if len(paths) > 1
        else (chosen.render(*scan, min_confidence) for scan in scans)
    )
    binary = chosen.is_binary
    with (
        standard_output(binary) if out is None or to_stdout else whole_file(out, binary) as stream,
        bar,
    ):
        for part in parts:
            stream.write(part)
            stream.flush()
        if len(failures) == len(paths):
            raise typer.Exit(min(failures))
    raise typer.Exit(min(failures, default=Exit.ALL_READ))


def _too_many(format_name: str, what: str) -> typer.BadParameter:
    return typer.BadParameter(
        f"a file of '{format_name}' holds one page, and {what}; ocr batch writes a file for each",
        param_hint="'--format'",
    )


def _read_each(
    paths: Iterable[str],
    reader: Reader,
    failures: list[Exit],
    format_name: str,
    timeout: float | None,
    bar: PageBar,
) -> Iterator[tuple[Document, Original]]:
    """Yield the documents of the pictures that can be read; tell of the others and note them.

    Where the format has them loaded twice, what comes from a pipe is kept.
    """
    from ocr.formats.original import Original, kept
    from pipelines.errors import PictureError, shown

    chosen = formats()[format_name]
    for path in paths:
        try:
            source: Any = source_of(path)
            with bar.over(path), time_limit(timeout):
                source = kept(source) if path == "-" and (chosen.shows_picture or chosen.one_page) else source
                if chosen.one_page and len([*islice(reader.load(source), 2)]) > 1:
                    raise _too_many(format_name, f"{shown(path)} has more; name one with --pages")
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
            if document.warnings:
                tell(f"{shown(document.source)}: {'; '.join(document.warnings)}")
            if not document.text.strip():
                tell(f"{shown(document.source)}: no letters found")
            yield document, Original(source, reader.load, reader.options.dpi)


def _so_far(page: int) -> str:
    """Return how far a file was read that was given up."""
    if page <= 1:
        return "and is given up; allow it more with --timeout"
    return f"and is given up on page {page}: nothing of it is written; read fewer pages at once with --pages"
