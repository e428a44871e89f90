"""Reproduce a report: train its networks on your data, and compare the results on a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nn.commands.console import say
from nn.commands.data import KINDS, read_data
from nn.commands.progress import Bar, Lines
from nn.files import replacing
from nn.gallery.paper import paper_page, verdict
from nn.paper import names, read_paper
from nn.training.retrace import Reached, retrace


def paper_command(
    name: Annotated[str | None, typer.Argument(help="S0 to S4; without it, the reports are listed.")] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(help=f"{KINDS} Without it, the page shows the existing runs in OUT."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder of the runs and the page; by default runs/NAME.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(help="Train only rows or tables with this text in their names; may be repeated."),
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Instead of the recipes'.")] = None,
    epoch_size: Annotated[
        int | None, typer.Option(min=1, help="Samples per epoch, instead of the recipes'.")
    ] = None,
    errors: Annotated[int, typer.Option(min=0, help="How many errors of each best network to show.")] = 40,
) -> None:
    """Train the networks of a report, and write a page that compares its results with yours."""
    if name is None:
        for each in names():
            paper = read_paper(each)
            say(f"{each}  {paper.title}: {len(paper.rows())} networks, {paper.data}")
        return
    paper = read_paper(name)
    folder = out or Path("runs") / paper.name
    samples = read_data(data) if data else None
    console = Console()
    with Bar(console) if console.is_terminal else Lines() as progress:
        found = retrace(paper, samples, folder, progress, only or (), epochs, epoch_size)
    for row in paper.rows():
        here = found.get(row.version.name)
        reached = f"{here.rates['test']:.2f} %, " if isinstance(here, Reached) else ""
        say(f"{row.name}: {reached}{verdict(row, found)}")
    page = folder / f"{paper.name}.html"
    folder.mkdir(parents=True, exist_ok=True)
    content = paper_page(paper, found, " ".join(map(str, data or [Path("DATA")])), errors)
    with replacing(page) as temporary:
        temporary.write_text(content, "utf-8")
    say(page)
