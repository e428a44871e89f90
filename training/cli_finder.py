"""Commands that make the text finder."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from nn.finder import FinderModel
from nn.training.crops import Crops
from nn.training.finder_train import measured
from training.dataset import drawn_in_parts
from training.drawn_crops import drawn_part
from training.options import FontFolders, GlyphFolder, Jobs, Out, Pictures, Seed, progress_bar, save_data
from training.real_crops import real_crops

Pages = Annotated[
    Path, typer.Option("--pages", metavar="FOLDER", help="Of zips of whole pages and photographs.")
]
HELD_OUT = 0.02
"""Share of the drawn crops that are held out for validation."""


def drawn_crops_command(
    pages: Pages,
    font_folders: FontFolders,
    data: GlyphFolder,
    out: Out,
    pictures: Pictures,
    seed: Seed = 0,
    jobs: Jobs = 2,
) -> None:
    """Draw text on papers, patterns and photographs, with targets."""
    held = max(1, round(HELD_OUT * pictures))
    parts: list[Crops] = []
    with progress_bar() as progress:
        task = progress.add_task("Drawing", total=pictures)
        for held_out, count in ((False, pictures - held), (True, held)):
            draw = partial(drawn_part, pages, held_out)
            own = 2 * seed + held_out
            parts += drawn_in_parts(
                draw, font_folders, data, count, lambda done: progress.update(task, completed=done), own, jobs
            )
    save_data(Crops.join(parts), "crops", out)


def real_crops_command(
    pages: Pages,
    out: Out,
    share: Annotated[float, typer.Option(min=0, help="Of the usual number of crops.")] = 1,
    seed: Seed = 0,
) -> None:
    """Cut crops out of real pages and photographs, with targets."""
    with progress_bar() as progress:
        task = progress.add_task("Cutting", total=None)
        rng = np.random.default_rng(seed)
        crops = real_crops(pages, share, rng, lambda done: progress.update(task, completed=done))
    save_data(crops, "crops", out)


def check_finder_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="A network that finds text.")],
    data: Annotated[list[Path], typer.Option(metavar="FILE", help="Crops; may be given again.")],
) -> None:
    """Print recall and precision of a text finder on the validation crops."""
    network = FinderModel.load(model)
    for path in data:
        crops = Crops.load(path)
        loss, (found, told, both) = measured(network, crops, np.flatnonzero(crops.split == "val"))
        shares = (
            f"{100 * both / max(told, 1):8.1f} % of text found{100 * both / max(found, 1):8.1f} % of it text"
        )
        print(f"{path.stem:<32}{shares}{loss:10.2f} loss")


def finish_finder_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="The best.safetensors of a run.")], out: Out
) -> None:
    """Save a trained text finder in half precision."""
    FinderModel.load(model).save(out, half=True)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
