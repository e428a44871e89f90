"""The command ``ocr``. Its exit codes are those of `nn.exit_codes`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nn.exit_codes import Exit, listed
from ocr.commands.batch import batch_command
from ocr.commands.console import settle_process, tell, tell_of_defect
from ocr.commands.eval import eval_command
from ocr.commands.learn import learn_command
from ocr.commands.options import (
    DPI,
    MAX_PIXELS,
    TOP_K,
    Dpi,
    Lang,
    MaxPixels,
    MinConfidence,
    ModelFile,
    Pages,
    PipelineName,
    TopK,
    Whitelist,
    make_reader,
    source_of,
    spare_pictures,
)
from ocr.commands.output import standard_output, whole_file
from ocr.commands.serve import EPILOG as SERVE_EPILOG
from ocr.commands.serve import serve_command
from ocr.commands.watch import PageBar, TimeUp, telling, time_limit
from ocr.errors import OutputError
from ocr.formats import formats

if TYPE_CHECKING:
    from ocr.document import Document
    from ocr.formats.original import Original
    from ocr.reader import Reader

NAMES = ", ".join(formats())
SINGLE_PAGE = ", ".join(name for name, one in formats().items() if one.one_page)
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


@app.command("read")
def read_command(
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="Pictures, PDFs or URLs of such; - is standard input.")
    ],
    format_name: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help=f"One of: {NAMES}. Of a single page: {SINGLE_PAGE}.",
        ),
    ] = "text",
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, whole or not at all."),
    ] = None,
    pipeline: PipelineName = "auto",
    model: ModelFile = None,
    whitelist: Whitelist = None,
    top_k: TopK = TOP_K,
    max_pixels: MaxPixels = MAX_PIXELS,
    lang: Lang = "en",
    dpi: Dpi = DPI,
    pages: Pages = None,
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
    reader = make_reader(model, pipeline, whitelist, top_k, max_pixels, lang, dpi, pages)
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


@app.command("inspect")
def inspect_command(
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="A picture, a PDF or a URL of one; - is standard input.")
    ],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Made if need be.")],
    pipeline: PipelineName = "auto",
    model: ModelFile = None,
    whitelist: Whitelist = None,
    top_k: TopK = TOP_K,
    max_pixels: MaxPixels = MAX_PIXELS,
    lang: Lang = "en",
    dpi: Dpi = DPI,
    pages: Pages = None,
) -> None:
    """Write a picture of every stage on the way from PATH to its text, and list what was written."""
    reader = make_reader(model, pipeline, whitelist, top_k, max_pixels, lang, dpi, pages)
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

    chosen, load = formats()[format_name], reader.load
    reader.load = telling(load, bar.come_to)  # type: ignore[method-assign, assignment]
    for path in paths:
        try:
            source: Any = source_of(path)
            with bar.over(path), time_limit(timeout):
                source = kept(source) if path == "-" and (chosen.shows_picture or chosen.one_page) else source
                if chosen.one_page and len([*islice(load(source), 2)]) > 1:
                    raise _too_many(format_name, f"{shown(path)} has more; name one with --pages")
                document = reader.read(source)
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
            yield document, Original(source, load, reader.dpi)


def _so_far(page: int) -> str:
    """Return how far a file was read that was given up."""
    if page <= 1:
        return "and is given up; allow it more with --timeout"
    return f"and is given up on page {page}: nothing of it is written; read fewer pages at once with --pages"


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
        return Exit(code)
    tell_of_defect(error)
    return Exit.INTERNAL


def main() -> None:
    """Run the command as a process of its own."""
    settle_process()
    sys.exit(run(sys.argv[1:]))
