"""Commands that make the line network."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from nn.errors import DataError
from nn.sequence import SequenceModel
from nn.training.left_out import LEFT_OUT
from nn.training.sequence_train import to_validate, validated
from nn.training.strips import Strips
from nn.training.warm_start import between
from pipelines.pipeline import PRESETS
from training import displays, empty_strips, lines, page_strips, plates, scene_strips
from training.dataset import BY_HAND, KINDS
from training.options import FontFolders, GlyphFolder, Jobs, Out, Pictures, Seed, built, save_data

Photos = Annotated[
    Path, typer.Option("--pages", metavar="FOLDER", help="Of photos.zip, to draw on or to cut from.")
]


def strips_command(
    font_folders: FontFolders,
    data: GlyphFolder,
    out: Out,
    pictures: Pictures,
    seed: Seed = 0,
    jobs: Jobs = 2,
    by_hand: Annotated[bool, typer.Option("--by-hand", help="Draw handwriting alone.")] = False,
) -> None:
    """Draw lines of text, degrade them, and cut them to strips."""
    part = partial(lines.drawn_lines, kinds=BY_HAND if by_hand else KINDS)
    drawn = built(partial(lines.build, part=part), font_folders, data, pictures, seed, jobs)
    save_data(drawn, "strips", out)


def scene_strips_command(
    font_folders: FontFolders,
    data: GlyphFolder,
    pages: Photos,
    out: Out,
    pictures: Pictures,
    seed: Seed = 0,
    jobs: Jobs = 2,
) -> None:
    """Draw words on photographs, papers and patterns, and cut them to strips."""
    part = partial(scene_strips.drawn_words, pages)
    drawn = built(partial(lines.build, part=part), font_folders, data, pictures, seed, jobs)
    save_data(drawn, "strips", out)


def plate_strips_command(
    font_folders: FontFolders,
    data: GlyphFolder,
    pages: Photos,
    out: Out,
    pictures: Pictures,
    seed: Seed = 0,
    jobs: Jobs = 2,
) -> None:
    """Draw number plates of cars on photographs, and cut them to strips."""
    part = partial(plates.drawn_plates, pages)
    drawn = built(partial(lines.build, part=part), font_folders, data, pictures, seed, jobs)
    save_data(replace(drawn, left_out=np.full(len(drawn), "marks")), "strips", out)


def empty_strips_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="A line network.")],
    pages: Photos,
    out: Out,
    pictures: Pictures,
    seed: Seed = 0,
) -> None:
    """Cut strips without text out of photographs and patterns: those on which a network reads some."""
    found = empty_strips.empty_strips(pages, SequenceModel.load(model), pictures, seed)
    save_data(found, "strips", out)


def display_strips_command(
    bar_folder: Annotated[Path, typer.Option("--bars", metavar="FOLDER", help="Where dseg is installed.")],
    font_folders: FontFolders,
    out: Out,
    pictures: Pictures,
    seed: Seed = 0,
) -> None:
    """Draw numbers of seven bars and text of dots, degrade them, and cut them to strips."""
    drawn = displays.build(bar_folder, font_folders, pictures, seed)
    save_data(drawn, "strips", out)


def page_strips_command(
    pages: Annotated[Path, typer.Argument(metavar="FILE", help="A zip of pages whose words are marked.")],
    out: Out,
) -> None:
    """Cut the lines of pages whose words are marked to strips."""
    found = page_strips.page_strips(pages)
    save_data(found, "strips", out)


def real_strips_command(
    folders: Annotated[
        list[Path],
        typer.Option("--lines", metavar="FOLDER", help="Of pictures and texts; may be given again."),
    ],
    out: Out,
    left_out: Annotated[
        str, typer.Option(metavar="WHAT", help="What their texts leave out: case, marks, or case and marks.")
    ] = "",
    preset: Annotated[str, typer.Option(help="The pipeline that finds the line.")] = "line",
    accents: Annotated[bool, typer.Option("--accents", help="Lift marks off letters.")] = False,
) -> None:
    """Cut real lines with known text to strips."""
    if left_out not in LEFT_OUT:
        raise DataError(f"--left-out {left_out!r}: must be one of {', '.join(map(repr, LEFT_OUT))}")
    if preset not in PRESETS:
        raise DataError(f"--preset {preset!r}: must be one of {', '.join(PRESETS)}")
    found = lines.real(folders, left_out, preset, accents)
    save_data(found, "strips", out)


def check_lines_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="A line network.")],
    data: Annotated[list[Path], typer.Option(metavar="FILE", help="Strips; may be given again.")],
) -> None:
    """Print a line network's character error rate on the validation strips of each file."""
    network = SequenceModel.load(model)
    for path in data:
        strips = Strips.load(path)
        loss, right = validated(network, *to_validate(strips, network.classes))
        print(f"{path.stem:<32}{100 * (1 - right):8.2f} %{loss:10.2f} nats a strip")


def finish_lines_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="The best.safetensors of a run.")],
    out: Out,
    start: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The network that it started from, to move back to.")
    ] = None,
    share: Annotated[
        float, typer.Option(min=0, max=1, help="How far from START to the trained network to go.")
    ] = 0.75,
) -> None:
    """Save a trained line network in half precision."""
    trained = SequenceModel.load(model)
    if start is not None:
        between(trained, SequenceModel.load(start), share)
    trained.save(out, half=True)
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
