"""The command ``ocr learn``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nn.exit_codes import listed
from ocr.commands.console import tell, with_bar
from ocr.commands.options import make_reader, spare_pictures, takes_options
from ocr.commands.output import standard_output
from ocr.errors import Exit, OutputError
from ocr.options import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocr.learning.learn import Learned


EPILOG = listed()


@takes_options("pipeline", "whitelist", "top_k", "language", "dpi", "pages", "region")
def learn_command(
    options: ReadOptions,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="Of corrections, as ocr serve keeps them; or with a folder for each character, such as "
            "FOLDER/A/1.jpg, of photos of single letters. Or an .npz of corrections.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="Where the new model is saved."),
    ] = Path("mine.safetensors"),
) -> None:
    """Teach a copy of the network the letters of a hand; ocr read --model FILE then reads with it.

    The network itself is not changed, and the copy forgets almost nothing. About twenty letters help; more
    help more.
    """
    spare_pictures(out, "--out")
    from nn.errors import DataError
    from nn.predict import called
    from ocr.learning.learn import learn
    from ocr.recognition.classify import BUNDLED

    base = Path(options.model or BUNDLED)
    _require_room(out, base)
    failures: list[Exit] = []
    try:
        images, labels = _letters(folder, options, failures)
        with _bar() as progress:
            learned = learn(images, labels, base=base, out=out, progress=progress)
    except DataError as error:
        raise typer.BadParameter(str(error), param_hint="'FOLDER'") from error
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
    if learned.unknown:
        tell(f"left out, as the network has no such characters: {' '.join(map(called, learned.unknown))}")
    with standard_output() as stream:
        stream.write(_table(learned, labels))
    raise typer.Exit(min(failures, default=Exit.ALL_READ))


def _letters(folder: Path, options: ReadOptions, failures: list[Exit]) -> tuple[Any, Sequence[str]]:
    from nn.data.pictures import naming_left_out
    from ocr.learning.letters import find_letters, read_exported, read_letters
    from pipelines.errors import shown

    def complain(error: Exception) -> None:
        tell(error)
        failures.append(Exit.PICTURE)

    if folder.suffix == ".npz" and folder.is_file():
        return read_exported(folder, tell)
    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "there is no such folder"
        raise typer.BadParameter(f"'{folder}': {what}", param_hint="'FOLDER'")
    files, others = find_letters(folder)
    if others:
        tell(naming_left_out(others, shown))
    letter, word = (
        make_reader(replace(options, pipeline=pipeline, language="none")) for pipeline in ("letter", "word")
    )
    return read_letters(with_bar(files), letter, word, complain, tell)


def _require_room(out: Path, base: Path) -> None:
    """Reject an output that cannot be written or must be kept, before anything is learned."""
    from nn.errors import ModelError
    from nn.model import Sequential

    if not out.parent.is_dir():
        raise OutputError(f"{out}: cannot be written: there is no folder {out.parent}")
    if out.is_dir():
        raise OutputError(f"{out}: is a folder; name a file in it")
    if out.exists() and not out.is_file():
        raise OutputError(f"{out}: is no file that a model can be kept in")
    if out.exists() and base.exists() and out.samefile(base):
        raise typer.BadParameter(
            f"'{out}' is the model to start from; name another file", param_hint="'--out'"
        )
    try:
        if out.exists() and out.stat().st_size:
            Sequential.load(out)
        with NamedTemporaryFile(prefix=f".{out.name}.", dir=out.parent):
            pass
    except ModelError as error:
        raise OutputError(f"{out}: is there already, and is no network; name another file") from error
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error


@contextmanager
def _bar() -> Iterator[Callable[[float, str], None] | None]:
    """Yield a function that shows progress on a terminal; None elsewhere."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=False) as shown:
        task = shown.add_task("Learning", total=1.0)
        yield lambda done, what: shown.update(task, completed=done, description=what)


def _table(learned: Learned, labels: Sequence[str]) -> str:
    """Return the result as a table, a line for each figure."""
    from pipelines.errors import shown

    kinds = len(Counter(labels).keys() - set(learned.unknown))
    rows = [("letters", f"{learned.samples}, of {kinds} characters")]
    if learned.before is not None and learned.after is not None:
        change = f"{learned.before:.1%} -> {learned.after:.1%}, each held back from learning in turn"
        rows.append(("read right", change))
    rows += [
        ("kept", f"{learned.kept:.1%} of what the network remembers is read as before"),
        ("took", f"{learned.seconds:.1f} s"),
        ("model", shown(learned.model)),
    ]
    return "".join(f"{name:<12}{said}\n" for name, said in rows)
