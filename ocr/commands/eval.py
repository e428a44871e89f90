"""The command ``ocr eval``."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nn.exit_codes import listed
from ocr.commands.console import tell, tell_of_defect, with_bar
from ocr.commands.options import make_reader, spare_pictures, takes_options, wrong_usage
from ocr.commands.output import standard_output
from ocr.errors import Exit
from ocr.files import whole_file
from ocr.options import WHAT_IT_SHOWS, ReadOptions

if TYPE_CHECKING:
    from ocr.document import Document
    from ocr.evaluation.evaluate import SetResult
    from ocr.evaluation.folders import SampleSet
    from ocr.reader import Reader

EPILOG = listed()
_AUTO = "auto"


@takes_options("pipeline", "top_k", "dpi", "pages", "region")
def eval_command(
    options: ReadOptions,
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="A folder of NAME.png with NAME.gt.txt or NAME.txt, or of such folders."
        ),
    ],
    pipelines: Annotated[
        list[str] | None,
        typer.Option(
            "--pipeline",
            metavar="[SET=]NAME",
            help=f"What the pictures show: {WHAT_IT_SHOWS} With SET=, those of one folder. "
            "May be given again.",
        ),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="Evaluate another reader, too: its texts as NAME.txt, NAME.png.txt or SET/NAME.txt, which "
            "is also what ocr batch writes. May be given again.",
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with the worst pictures and diagrams.")
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all measures and readings; - is standard output."),
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="How many pictures of each set the page shows.")] = 10,
) -> None:
    """Measure how well pictures with known text are read."""
    from ocr.evaluation.page import render_page
    from ocr.evaluation.report_json import render_json
    from ocr.evaluation.table import render_table

    spare_pictures(html, "--html")
    spare_pictures(json, "--json")
    failures = _Failures()
    sets = _find_sets(folder, failures.tell)
    chosen = _pipelines(pipelines or [_AUTO], sets)
    others = _others(against or [])
    readers = {name: _reader(options, name) for name in dict.fromkeys(chosen.values())}
    kept = worst if html is not None else 0
    to_stdout = json is not None and str(json) == "-"
    with ExitStack() as stack:
        page = stack.enter_context(whole_file(html)) if html is not None else None
        data = stack.enter_context(whole_file(json)) if json is not None and not to_stdout else None
        results = [
            _measure(one, chosen[one.name], readers[chosen[one.name]], others, kept, failures) for one in sets
        ]
        if page is not None:
            page.writelines(render_page(results, options.max_pixels))
        if data is not None:
            data.write(render_json(results))
        out = stack.enter_context(standard_output())
        out.write(render_json(results) if to_stdout else render_table(results))
    raise typer.Exit(min(failures.codes, default=Exit.ALL_READ))


def _reader(options: ReadOptions, pipeline: str) -> Reader:
    with wrong_usage():
        return make_reader(replace(options, pipeline=pipeline))


@dataclass(frozen=True, slots=True)
class _Failures:
    """The errors so far, for the exit code."""

    codes: list[Exit] = field(default_factory=list)

    def tell(self, message: object) -> None:
        """Record and report that a picture or a text could not be read."""
        tell(message)
        self.codes.append(Exit.PICTURE)


def _measure(
    samples: SampleSet,
    pipeline: str,
    reader: Reader,
    others: dict[str, Path],
    worst: int,
    failures: _Failures,
) -> SetResult:
    from ocr.evaluation.evaluate import evaluate
    from ocr.evaluation.folders import other_readings
    from pipelines.errors import PictureError

    def read(path: Path) -> Document | None:
        try:
            return reader.read(path)
        except PictureError as error:
            failures.tell(error)
        except MemoryError:
            failures.tell(f"{path}: not enough memory to read it; make the picture smaller")
        except Exception as error:
            tell_of_defect(error, f"{path}: ")
            failures.codes.append(Exit.INTERNAL)
        return None

    shown = with_bar(samples.samples, description=samples.name)
    texts = {name: other_readings(folder, samples, failures.tell) for name, folder in others.items()}
    return evaluate(samples.name, shown, pipeline, read, texts, worst)


def _find_sets(folder: Path, complain: Callable[[str], None]) -> list[SampleSet]:
    from ocr.evaluation.folders import find_sets

    try:
        sets = find_sets(folder, complain)
    except OSError as error:
        raise typer.BadParameter(f"'{folder}': {error.strerror}", param_hint="'FOLDER'") from error
    if not sets:
        raise typer.BadParameter(
            f"'{folder}' has no picture with its text beside it, e.g. note.png and note.gt.txt or note.txt",
            param_hint="'FOLDER'",
        )
    return sets


def _pipelines(given: list[str], sets: list[SampleSet]) -> dict[str, str]:
    """Return the pipeline of each set."""
    names = [one.name for one in sets]
    chosen = dict.fromkeys(names, _AUTO)
    for entry in sorted(given, key=lambda entry: "=" in entry):
        name, _, pipeline = entry.rpartition("=")
        if name and name not in names:
            raise typer.BadParameter(f"no set is called '{name}'", param_hint="'--pipeline'")
        chosen.update(dict.fromkeys([name] if name else names, pipeline))
    return chosen


def _others(folders: list[Path]) -> dict[str, Path]:
    """Return the other readers by the names of their folders, as full paths where two names are equal."""
    from ocr.evaluation.evaluate import OURS

    others: dict[str, Path] = {}
    for folder in folders:
        if not folder.is_dir():
            raise typer.BadParameter(f"'{folder}' is no folder", param_hint="'--against'")
        name = folder.resolve().name
        others[str(folder) if name in others or name == OURS else name] = folder
    return others
