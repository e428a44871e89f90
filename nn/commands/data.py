"""Commands that download, split and show data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from nn.commands.console import say, tell
from nn.data.fetch import Archive, cache_folder, fetch
from nn.data.npz import write_npz
from nn.data.pictures import left_out, naming_left_out
from nn.data.read import read
from nn.data.samples import Samples
from nn.data.show import about, as_text, look_at
from nn.data.split import resplit
from nn.errors import DataError
from nn.files import replacing
from nn.gallery.data_page import data_page
from nn.predict import called
from nn.views import MOST

app = typer.Typer(help=__doc__, no_args_is_help=True)

KINDS = (
    "A .npz (Keras' too), a .csv of pixels, EMNIST's .mat, -images-idx3-ubyte(.gz) of MNIST or EMNIST, what "
    "several of these begin with, the folder that MNIST's are in, or a folder with a folder for each class; "
    "may be given again."
)
DataFiles = Annotated[list[Path], typer.Option("--data", help=KINDS)]
Part = Annotated[
    str | None,
    typer.Option("--split", help="train, val, test, or all; by default test, or all if no split is named."),
]
Views = Annotated[
    int,
    typer.Option(
        min=1, max=MOST, help="Average over so many views of each picture, turned and moved a little."
    ),
]


def read_data(paths: Sequence[Path]) -> Samples:
    """Return the samples of an option `DataFiles`; print what is left out, and assumptions."""
    for path in paths:
        others = left_out(path)
        if others:
            tell(naming_left_out(others))
    samples = read(paths)
    for note in samples.notes:
        tell(note)
    return samples


def part_of(samples: Samples, split: str | None, data: list[Path]) -> Samples:
    """Return the samples of the split that an option `Part` names, from the files `data`.

    Raises
    ------
    DataError
        If there are none.
    """
    if split is None:
        split = "test" if (samples.split != "").any() else "all"
    chosen = samples if split == "all" else samples.part(split)
    if not len(chosen):
        raise DataError(f"{', '.join(map(str, data))}: no samples with split {split!r}")
    return chosen


@app.command("fetch")
def fetch_command(
    name: Annotated[str, typer.Argument(help="emnist")],
    to: Annotated[Path | None, typer.Option(help="A folder; by default one in your cache.")] = None,
) -> None:
    """Download EMNIST (535 MB), check it, unpack it, and print what to give to --data."""
    if name != "emnist":
        raise DataError(f"{name}: cannot be fetched; there is emnist")
    console = Console(stderr=True)
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        files = fetch(
            Archive(), to or cache_folder(), lambda have, total: bar.update(task, completed=have, total=total)
        )
    for file in sorted({file.with_name(file.name.partition("-train-images")[0]) for file in files}):
        if any(other.name.startswith(f"{file.name}-train-images") for other in files):
            say(file)


@app.command("split")
def split_command(
    data: DataFiles,
    out: Annotated[Path, typer.Option(help="The .npz file to write.")],
    val: Annotated[float, typer.Option(help="The fraction to validate on.")] = 0.1,
    test: Annotated[float, typer.Option(help="The fraction to test on.")] = 0.1,
    seed: int = 0,
    by_group: Annotated[
        bool, typer.Option("--by-group", help="Keep writers whole, instead of dividing every class alike.")
    ] = False,
) -> None:
    """Write any data as one .npz, with each sample assigned to train, val or test."""
    samples = resplit(read_data(data), val, test, seed, by_group)
    write_npz(out, samples)
    counts = "  ".join(f"{name} {(samples.split == name).sum()}" for name in ("train", "val", "test"))
    say(f"{out}: {counts}")


@app.command("show")
def show_command(
    data: Annotated[list[Path], typer.Argument(metavar="DATA", help=KINDS)],
    out: Annotated[Path | None, typer.Option(help="Also write a page (.html) with pictures.")] = None,
    shown: Annotated[int, typer.Option(min=0, help="Suspicious samples to show.")] = 10,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Print a sample of each class.")
    ] = True,
) -> None:
    """Describe data: samples of each class, duplicates, labels that look wrong."""
    samples = read_data(data)
    findings = look_at(samples)
    say(about(samples))
    names, first, counts = np.unique(samples.labels, return_index=True, return_counts=True)
    most = int(counts.max(initial=1))
    for name, count in zip(names.tolist(), counts.tolist(), strict=True):
        say(f"{called(name):<6}{count:>9,}  {'#' * max(1, round(40 * count / most))}")
    for start in range(0, len(names) if pictures else 0, 5):
        drawn = [as_text(samples.images[place]) for place in first[start : start + 5]]
        for line in zip(*drawn, strict=True):
            print("  ".join(line))
        say("  ".join(f"{called(name):<{len(drawn[0][0])}}" for name in names[start : start + 5].tolist()))
    say(f"twice there: {len(findings.duplicates):,}")
    say(f"the same picture with different labels: {len(findings.contradictions):,}")
    say(f"pictures to validate or test on that are also learned from: {findings.leaks:,}")
    say(f"suspicious labels: {len(findings.suspicious):,}")
    for place, like in zip(findings.suspicious[:shown].tolist(), findings.looks_like, strict=False):
        say(f"  sample {place}: {called(str(samples.labels[place]))} looks like {called(like)}")
    if out is not None:
        title = ", ".join(path.name for path in data)
        with replacing(out) as temporary:
            temporary.write_text(data_page(samples, findings, max(shown, 1), title), "utf-8")
        say(out)
