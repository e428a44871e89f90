"""What the commands have in common: their options, and the checks of these."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocr.commands.console import tell
from ocr.errors import SettingError
from ocr.languages import NONE, languages
from pipelines.pipeline import PRESETS
from pipelines.sources.suffixes import PICTURES

if TYPE_CHECKING:
    from ocr.reader import Reader

WHAT_IT_SHOWS = f"{', '.join(name for name in PRESETS if name != 'auto')}; auto finds out."

LANGUAGES = f"{', '.join(languages())}, or {NONE}"

PipelineName = Annotated[
    str,
    typer.Option("--pipeline", metavar="NAME", help=f"What the picture shows: {WHAT_IT_SHOWS}"),
]
ModelFile = Annotated[
    Path | None, typer.Option("--model", metavar="FILE", help="A network of yours, not the bundled one.")
]


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
Whitelist = Annotated[
    str | None,
    typer.Option(
        metavar="CHARS",
        callback=_as_it_stands,
        help="Read nothing but these characters, e.g. 0123456789; what looks like none of them is left out.",
    ),
]
TopK = Annotated[int, typer.Option(min=1, help="How many readings of each letter and word to keep.")]
MaxPixels = Annotated[int, typer.Option(min=1, help="Refuse pictures with more pixels than this.")]
Lang = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help=f"Expect the letters and words of this language: {LANGUAGES}; its ISO 639 code of three letters "
        "will do too, or a file NAME.toml of yours.",
    ),
]
Dpi = Annotated[int, typer.Option(min=1, help="Pixels per inch at which the pages of a PDF are drawn.")]
Pages = Annotated[
    str | None,
    typer.Option(
        metavar="RANGES",
        help="Read only these pages of each file, e.g. 1-3,7,10-. [all; the first frame of an animation]",
    ),
]


def _share(value: float) -> float:
    if not 0 <= value <= 1:  # as no NaN is
        raise typer.BadParameter(f"{value:g} is not between 0 and 1")
    return value


MinConfidence = Annotated[
    float,
    typer.Option(
        callback=_share,
        help="Mark what is less sure than this, 0 to 1: letters with ‹ › in text and layout; letters and "
        'words in JSON with "doubtful". Other formats mark nothing.',
    ),
]

TOP_K, MAX_PIXELS, DPI = 5, 100_000_000, 300
_OPTIONS = {
    "pipeline": "--pipeline",
    "whitelist": "--whitelist",
    "top_k": "--top-k",
    "max_pixels": "--max-pixels",
    "language": "--lang",
    "dpi": "--dpi",
    "pages": "--pages",
}
"""What the settings of a reader are called on the command line."""


def make_reader(
    model: Path | None,
    pipeline: str,
    whitelist: str | None,
    top_k: int,
    max_pixels: int,
    lang: str,
    dpi: int = DPI,
    pages: str | None = None,
) -> Reader:
    """Make a reader; what it says of wrong settings is said as wrong usage."""
    from ocr.reader import Reader

    try:
        return Reader(model, pipeline, whitelist, top_k, max_pixels, lang, dpi, pages)
    except SettingError as error:
        raise typer.BadParameter(str(error), param_hint=f"'{_OPTIONS[error.setting]}'") from error


def source_of(path: str) -> object:
    """Return what a path or URL on the command line stands for: ``-`` for standard input."""
    from pipelines.errors import PictureError

    if path != "-":
        return path
    if sys.stdin is None:
        raise PictureError("<stdin>: is closed")
    return sys.stdin.buffer


def spare_pictures(out: Path | None, option: str) -> None:
    """Refuse to write results to a file that is called like a picture."""
    if out is not None and out.suffix.lower() in PICTURES:
        raise typer.BadParameter(f"'{out}' would take the place of a picture", param_hint=f"'{option}'")
