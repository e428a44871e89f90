"""Get data, and divide them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from nn.commands.console import say, tell
from nn.data.fetch import Archive, cache_folder, fetch
from nn.data.npz import write_npz
from nn.data.pictures import left_out, naming_left_out
from nn.data.read import read
from nn.data.samples import Samples
from nn.data.split import resplit
from nn.errors import DataError

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


def read_data(paths: Sequence[Path]) -> Samples:
    """Return the samples in what an option `DataFiles` names; tell what is left out or taken for granted."""
    for path in paths:
        others = left_out(path)
        if others:
            tell(naming_left_out(others))
    samples = read(paths)
    for note in samples.notes:
        tell(note)
    return samples


def part_of(samples: Samples, split: str | None, data: list[Path]) -> Samples:
    """Return the samples that an option `Part` asks for, out of the files `data`.

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
    """Write any data as one .npz with every sample named train, val or test."""
    samples = resplit(read_data(data), val, test, seed, by_group)
    write_npz(out, samples)
    counts = "  ".join(f"{name} {(samples.split == name).sum()}" for name in ("train", "val", "test"))
    say(f"{out}: {counts}")
