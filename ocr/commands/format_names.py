"""The option ``--format`` of commands that write readings."""

from __future__ import annotations

from typing import Annotated

import typer

from ocr.formats import formats

_SINGLE = ", ".join(name for name, one in formats().items() if one.one_page)
FormatNames = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        "-f",
        envvar="OCR_FORMAT",
        metavar="NAME",
        help=f"Of {', '.join(formats())}; more with commas, or given again. A file of {_SINGLE} holds one "
        "page. [text]",
    ),
]


def chosen_formats(given: list[str] | None) -> tuple[str, ...]:
    """Return the names of formats given with ``-f`` and with commas, without duplicates."""
    names = tuple(dict.fromkeys(",".join(given or ["text"]).split(",")))
    for name in names:
        if name not in formats():
            raise typer.BadParameter(f"'{name}' is none of {', '.join(formats())}", param_hint="'--format'")
    return names
