"""What several commands share: options, drawing with a progress bar, and saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import Progress

from nn.training.crops import Crops
from nn.training.strips import Strips

Drawn = TypeVar("Drawn")

FontFolders = Annotated[
    list[Path], typer.Option("--fonts", metavar="FOLDER", help="Of typefaces; may be given again.")
]
GlyphFolder = Annotated[
    Path, typer.Option("--data", metavar="FOLDER", help="Of hand.npz and the recorded strokes.")
]
Pictures = Annotated[int, typer.Option("--pictures", min=1, help="How many lines to draw.")]
Seed = Annotated[int, typer.Option("--seed", help="Another one draws other lines.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="Processes.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="What to write.")]


def progress_bar() -> Progress:
    """Return a progress bar on stderr, which is seen on a terminal only."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def save_data(data: Crops | Strips, what: str, out: Path) -> None:
    """Save crops or strips, and print how many they are."""
    data.save(out)
    print(f"{out}: {len(data)} {what}, {int((data.split == 'val').sum())} to validate with")


def built(
    build: Callable[..., Drawn], fonts: Sequence[Path], data: Path, pictures: int, seed: int, jobs: int
) -> Drawn:
    """Call `build`, of `training.dataset` or `training.lines`, with a progress bar, and return its result.

    Raises
    ------
    FileNotFoundError
        One of the folders is missing.
    """
    missing = [folder for folder in (*fonts, data) if not folder.is_dir()]
    if missing:
        raise FileNotFoundError(f"no folder {missing[0]}")
    with progress_bar() as progress:
        task = progress.add_task("Drawing", total=pictures)
        return build(
            fonts, data, pictures, lambda done: progress.update(task, completed=done), seed=seed, jobs=jobs
        )
