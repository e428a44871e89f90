"""The steps that make the bundled models; ocr/models/README.md has their order."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from nn.data.npz import read_npz, write_npz
from nn.data.read import read
from nn.data.samples import Samples
from nn.data.tasks import as_task
from nn.errors import DataError, ModelError
from nn.model import Sequential
from nn.recipe import task_of
from ocr.languages.orthography import read_orthography
from ocr.learning.remember import remember
from ocr.recognition.classify import load_classifier
from training import align, dataset, fonts, places, samples, words
from training.calibrate import calibrate_command
from training.cli_finder import (
    check_finder_command,
    drawn_crops_command,
    finish_finder_command,
    real_crops_command,
)
from training.cli_lines import (
    check_lines_command,
    display_strips_command,
    empty_strips_command,
    finish_lines_command,
    page_strips_command,
    plate_strips_command,
    real_strips_command,
    scene_strips_command,
    strips_command,
)
from training.finish import finish
from training.fit_weights import fit_weights_command
from training.glyphs import LabelledGlyphs
from training.lines import labelled
from training.options import FontFolders, GlyphFolder, Jobs, Out, Pictures, Seed, built, progress_bar
from training.text import CHARACTERS

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

_HELD_OUT = 0.03
"""Share of the harvested lines that are held out for validation."""


@app.command("fonts")
def fonts_command(folder: Annotated[Path, typer.Argument(help="Where to install them.")]) -> None:
    """Install the typefaces of fonts.toml with npm."""
    fonts.fetch(folder)
    print(f"{len(fonts.load_fonts(folder))} faces in {folder}")


@app.command("glyphs")
def glyphs_command(
    font_folders: FontFolders,
    data: GlyphFolder,
    out: Out,
    pictures: Pictures,
    seed: Seed = 0,
    jobs: Jobs = 2,
) -> None:
    """Draw lines of text, degrade them, cut them into labelled glyphs, and add isolated characters."""
    arrays = built(dataset.build, font_folders, data, pictures, seed, jobs)
    _write(out, Samples(arrays["images"], arrays["labels"], arrays["split"]))


@app.command("harvest")
def harvest_command(
    model: Annotated[Path, typer.Option(metavar="FILE", help="A finished model, to align with.")],
    lines: Annotated[
        list[Path], typer.Option(metavar="FOLDER", help="Of pictures and texts; may be given again.")
    ],
    out: Out,
    case: Annotated[bool, typer.Option(help="Whether the texts have the case that is shown.")] = True,
    marks: Annotated[bool, typer.Option(help="Whether the texts have the marks that are shown.")] = True,
) -> None:
    """Cut the letters out of real lines with known text."""
    total = sum(1 for folder in lines for _ in labelled(folder))
    found = align.harvest(lines, load_classifier(model), np.random.default_rng(0), case=case, marks=marks)
    with progress_bar() as progress:
        parts = list(progress.track(found, total=total, description="Aligning"))
    if not parts:
        raise DataError(f"{', '.join(map(str, lines))}: no line could be aligned with its text")
    glyphs = LabelledGlyphs.join(parts)
    held = max(1, round(_HELD_OUT * len(parts)))
    late = sum(len(part.labels) for part in parts[-held:])
    split = np.repeat(["train", "val"], [len(glyphs.labels) - late, late])
    print(f"{len(parts)} of {total} lines aligned")
    _write(out, Samples(glyphs.images, glyphs.labels, split))


@app.command("finish")
def finish_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="The best.safetensors of a run.")],
    data: Annotated[Path, typer.Option(metavar="FILE", help="The .npz that it was trained on.")],
    font_folders: FontFolders,
    out: Out,
) -> None:
    """Calibrate a trained network, add the places of characters, and save it in half precision."""
    network = Sequential.load(model)
    glyphs = read_npz(data)
    held_out = glyphs.part("val")
    held_out = held_out.take(np.isin(held_out.labels, network.classes))
    if not len(held_out):
        raise DataError(f"{data}: no glyphs with split 'val'")
    faces = [face for face in fonts.load_fonts(*font_folders) if face.kind != "script"]
    places_found = places.measure_places(faces, CHARACTERS)
    labels = held_out.indices(network.classes)
    try:
        remember(network, glyphs)
    except ModelError as error:
        print(f"{model}: {error}: ocr learn will refuse it")
    temperature = finish(network, held_out.images, labels, glyphs.part("train").labels, places_found, out)
    print(f"{out}: temperature {temperature:.3f}, places of {len(places_found)} characters")


@app.command("remember")
def remember_command(
    model: Annotated[Path, typer.Argument(metavar="FILE", help="A finished model.")],
    data: Annotated[Path, typer.Option(metavar="FILE", help="What it was trained on, as for nn train.")],
    out: Out,
) -> None:
    """Add a memory for ocr learn, and a confusion table, to a finished model; finish does so, too."""
    network = Sequential.load(model)
    remember(network, as_task(read([data]), task_of(network), network.input_shape).with_split(0))
    network.save(out, half=True)
    print(f"{out}: remembers {len(network.classes)} classes, {out.stat().st_size // 1000} kB")


app.command("calibrate")(calibrate_command)
app.command("fit-weights")(fit_weights_command)
app.command("strips")(strips_command)
app.command("real-strips")(real_strips_command)
app.command("scene-strips")(scene_strips_command)
app.command("display-strips")(display_strips_command)
app.command("empty-strips")(empty_strips_command)
app.command("page-strips")(page_strips_command)
app.command("plate-strips")(plate_strips_command)
app.command("check-lines")(check_lines_command)
app.command("finish-lines")(finish_lines_command)
app.command("drawn-crops")(drawn_crops_command)
app.command("real-crops")(real_crops_command)
app.command("check-finder")(check_finder_command)
app.command("finish-finder")(finish_finder_command)


@app.command("language")
def language_command(
    name: Annotated[str, typer.Argument(help="As the package wordfreq calls it, such as en.")], out: Out
) -> None:
    """Count the letter n-grams of a language's commonest words; the TOML beside OUT has its alphabet."""
    orthography = read_orthography(out.with_suffix(".toml"))
    found = words.word_frequencies(name)
    found = words.with_sharp_s(found) if "ß" in orthography.letters else found
    words.save_language(*words.learn_language(found, orthography), out)
    print(out)


@app.command("samples")
def samples_command(
    font_folders: FontFolders,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Created if needed.")],
) -> None:
    """Draw the sample pictures."""
    out.mkdir(parents=True, exist_ok=True)
    samples.make_samples(fonts.load_fonts(*font_folders), out, samples.load_sheets())


def _write(path: Path, made: Samples) -> None:
    write_npz(path, made)
    counts = {part: int((made.split == part).sum()) for part in ("train", "val")}
    print(f"{path}: {counts['train']} glyphs to train on, {counts['val']} to validate with")


def main() -> None:
    """Run the command; errors that a user can correct are one line on stderr and exit code 1."""
    try:
        app(prog_name="python -m training")
    except (DataError, ModelError, ImportError, LookupError, OSError, RuntimeError, ValueError) as error:
        print(f"training: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
