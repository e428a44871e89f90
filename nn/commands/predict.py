"""Commands that use or export a model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nn.commands.console import printable, say, tell
from nn.commands.data import Part, Views, part_of, read_data
from nn.data.samples import Samples
from nn.data.tasks import as_task
from nn.errors import DataError, ModelError
from nn.exit_codes import Exit
from nn.export import to_onnx
from nn.files import replacing
from nn.gallery.report import ALREADY, SHOWN, already_learned, report
from nn.model import KINDS, Sequential
from nn.predict import best, called, predicted, read_pictures, write_kaggle
from nn.recipe import task_of
from nn.sequence import SequenceModel, load_network
from nn.training.run_folder import RunFolder
from nn.training.strips import Strips

ModelFile = Annotated[Path, typer.Argument(help="A model file, or the name of a bundled model.")]


def predict_command(
    context: typer.Context,
    model: ModelFile,
    pictures: Annotated[
        list[Path], typer.Argument(help="Picture files, folders of them, or a .csv or .npz of many.")
    ],
    top: Annotated[int, typer.Option(min=1, help="How many classes to print for each.")] = 3,
    views: Views = 1,
    kaggle: Annotated[Path | None, typer.Option(help="Write ImageId,Label here instead.")] = None,
) -> None:
    """Classify pictures: a line each with its name, then classes and probabilities, separated by tabs.

    On a photo or a scan the letter is searched for; pictures of 28x28 pixels are used unchanged. "Not a
    character" is called none.
    """
    network = Sequential.load(context.obj.model(model))
    height, width, channels = network.input_shape
    if height != width or channels != 1:
        raise ModelError(f"{model}: takes {network.input_shape}; expected square grey pictures")
    given = read_pictures(pictures, height, context.obj.glyph)
    for note in (*given.left_out, *given.failures):
        tell(note)
    found = best(predicted(network, given.images, views), network.classes, top)
    if kaggle and given.failures:
        raise DataError(f"{kaggle}: not written, as labels would be missing in it")
    if kaggle:
        write_kaggle([choices[0][0] for choices in found], kaggle)
        say(f"{kaggle}: {len(found)} labels")
        return
    for name, likeliest in zip(given.names, found, strict=True):
        choices = [f"{printable(called(text))}\t{rate:.4f}" for text, rate in likeliest]
        print("\t".join([printable(name), *choices]))
    if given.failures:
        raise typer.Exit(Exit.PICTURE)


def report_command(
    context: typer.Context,
    source: Annotated[
        Path,
        typer.Argument(metavar="MODEL", help="The folder of a run, a model file, or a bundled model's name."),
    ],
    out: Annotated[
        Path | None, typer.Option(help="The page; by default report.html in the folder, or beside the file.")
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option(help="What to measure on, or an .npz of strips for lines; may be given again."),
    ] = None,
    split: Part = None,
    errors: Annotated[int, typer.Option(min=0, help="How many errors to show with their pictures.")] = SHOWN,
) -> None:
    """Write a page with curves, weights and, with --data, an evaluation."""
    given, source = source, context.obj.model(source)
    run = RunFolder(source) if source.is_dir() else None
    file = run.best if run else source
    page = out or (source / "report.html" if run else given.with_name(f"{given.stem}.report.html"))
    measured = _to_measure(load_network(file), data, split) if data else None
    content = report(run or source, measured, errors)
    with replacing(page) as temporary:
        temporary.write_text(content, "utf-8")
    share = already_learned(load_network(file), measured) if measured is not None else None
    if share is not None and share >= ALREADY:
        tell(f"{file}: learned from about {share:.0%} of these very pictures, so this measures too well")
    say(page)


def _to_measure(model: Sequential, data: list[Path], split: str | None) -> Samples | Strips:
    """Return the data to evaluate a model on: samples, or strips for a line network."""
    if isinstance(model, SequenceModel):
        strips = Strips.join([Strips.load(path) for path in data])
        chosen = strips if split in (None, "all") else strips.part(split)
        if not len(chosen):
            raise DataError(f"{', '.join(map(str, data))}: no strips with split {split!r}")
        return chosen
    if type(model) is not Sequential:
        raise ModelError(
            f"{model.file}: {KINDS[model.axes]}; --data measures what names characters or reads lines"
        )
    return part_of(as_task(read_data(data), task_of(model), model.input_shape), split, data)


def export_command(
    context: typer.Context,
    model: ModelFile,
    onnx: Annotated[Path, typer.Option(help="The ONNX file to write.")],
) -> None:
    """Write a model in another format."""
    content = to_onnx(load_network(context.obj.model(model)))
    with replacing(onnx) as temporary:
        temporary.write_bytes(content)
    say(f"{onnx}: {len(content)} bytes")
