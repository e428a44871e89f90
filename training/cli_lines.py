"""The steps that make the network for lines, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nn.sequence import SequenceModel
from training import lines
from training.options import FontFolders, GlyphFolder, Jobs, Out, Pictures, Seed, built


def strips_command(
    font_folders: FontFolders,
    data: GlyphFolder,
    out: Out,
    pictures: Pictures,
    seed: Seed = 0,
    jobs: Jobs = 2,
) -> None:
    """Draw lines of text, spoil them, and cut them to strips."""
    drawn = built(lines.build, font_folders, data, pictures, seed, jobs)
    drawn.save(out)
    print(f"{out}: {len(drawn)} strips")


def real_strips_command(
    folders: Annotated[
        list[Path],
        typer.Option("--lines", metavar="FOLDER", help="Of pictures and texts; may be given again."),
    ],
    out: Out,
) -> None:
    """Cut real lines, whose text is known, to strips."""
    found = lines.real(folders)
    found.save(out)
    print(f"{out}: {len(found)} strips, {int((found.split == 'val').sum())} to validate with")


def finish_lines_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="The best.safetensors of a run.")], out: Out
) -> None:
    """Save a trained network for lines in half precision."""
    SequenceModel.load(model).save(out, half=True)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
