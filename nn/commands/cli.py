"""Train networks that classify characters, and evaluate them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from nn.commands.check import check_command
from nn.commands.console import say, tell
from nn.commands.data import DataFiles, Part, Views, part_of, read_data
from nn.commands.data import app as data_app
from nn.commands.find_rate import find_rate_command
from nn.commands.finder import finder_command
from nn.commands.paper import paper_command
from nn.commands.predict import ModelFile, export_command, predict_command, report_command
from nn.commands.recipes import recipes_command
from nn.commands.run import (
    Changes,
    Epochs,
    Freeze,
    Out,
    Resume,
    Start,
    introduction,
    recipe_to_train,
    watched,
)
from nn.commands.strips import strips_command
from nn.commands.sweep import compare_command, sweep_command
from nn.commands.version import version_option
from nn.data.show import about
from nn.data.tasks import TASKS, as_task
from nn.errors import DataError, ModelError
from nn.exit_codes import Exit, listed
from nn.metrics import ClassScore, per_class, top_k
from nn.model import Sequential
from nn.passed import Passed
from nn.predict import called, in_task, predicted
from nn.recipe import task_of
from nn.training.run_folder import RunFolder
from nn.training.train import train

app = typer.Typer(
    help=__doc__,
    epilog=listed(),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


ALONE = Passed()


@app.callback()
def _options(version: Annotated[bool, version_option("nn")] = False) -> None:
    pass


@app.command("train")
def train_command(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(help="The name of a bundled recipe, or a .toml file.")],
    data: DataFiles,
    out: Out,
    epochs: Epochs = None,
    resume: Resume = False,
    start: Start = None,
    freeze: Freeze = None,
    changes: Changes = None,
) -> None:
    """Train a network; the best one is kept as OUT/best.safetensors."""
    chosen = recipe_to_train(recipe, epochs, changes, freeze)
    samples = as_task(read_data(data), chosen.task, chosen.input_shape).with_split(chosen.train.seed)
    first = Sequential.load(context.obj.model(start)) if start is not None else None
    folder = RunFolder(out)
    with watched(
        folder, lambda: introduction(chosen, Sequential, chosen.classes or samples.classes(), about(samples))
    ) as progress:
        model = train(chosen, samples, folder, progress, resume, first)
        context.obj.finish(model, samples)
        model.save(folder.best)
    training = model.settings["training"]
    say(f"best: epoch {training['epoch']}, val_accuracy {training['val_accuracy']:.2%}, {folder.best}")


@app.command("evaluate")
def evaluate_command(
    context: typer.Context,
    model: ModelFile,
    data: DataFiles,
    split: Part = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    classes: Annotated[bool, typer.Option("--classes", help="Also print a line for every class.")] = False,
    task: Annotated[
        str | None,
        typer.Option(help="letters, merged, digits, digits_or_none; by default the model's, or the data's."),
    ] = None,
    views: Views = 1,
) -> None:
    """Evaluate a model on labelled pictures."""
    network = Sequential.load(context.obj.model(model))
    own = task_of(network)
    if task not in (None, *TASKS):
        raise DataError(f"--task {task}: must be one of {', '.join(filter(None, TASKS))}")
    samples = read_data(data)
    chosen = task if task is not None else own or samples.task
    samples = part_of(as_task(samples, chosen, network.input_shape), split, data)
    try:
        apart = chosen == own and views == 1
        rates = network.predict(samples.images) if apart else predicted(network, samples.images, views)
    except ValueError as error:
        raise DataError(f"{', '.join(map(str, data))}: {error}") from error
    names = network.classes
    if chosen != own:
        rates, names = in_task(rates, names, chosen)
    labels = samples.indices(names)
    result = {"samples": len(labels)} | {f"top{k}": top_k(rates, labels, k) for k in (1, 2, 5)}
    scores = per_class(rates, labels, names) if classes else []
    if as_json:
        table = [asdict(score) | {"f1": score.f1} for score in scores]
        print(json.dumps(result | ({"classes": table} if classes else {}), ensure_ascii=False))
        return
    print(f"{len(labels)} samples  " + "  ".join(f"top-{k} {result[f'top{k}']:.2%}" for k in (1, 2, 5)))
    if scores:
        print_scores(scores)


def print_scores(scores: list[ClassScore]) -> None:
    """Print a line for every class."""
    print(f"{'class':<6}{'count':>8}{'precision':>11}{'recall':>9}{'f1':>9}")
    for score in scores:
        print(
            f"{called(score.text):<6}{score.count:>8}{score.precision:>11.2%}{score.recall:>9.2%}{score.f1:>9.2%}"
        )


app.command("train-strips")(strips_command)
app.command("train-finder")(finder_command)
app.command("predict")(predict_command)
app.command("report")(report_command)
app.command("export")(export_command)
app.command("find-rate")(find_rate_command)
app.command("paper")(paper_command)
app.command("recipes")(recipes_command)
app.command("check")(check_command)
app.command("sweep")(sweep_command)
app.command("compare")(compare_command)
app.add_typer(data_app, name="data")


def main(arguments: list[str] | None = None, passed: Passed = ALONE) -> None:
    """Run the command; errors that a user can put right are one line on stderr and an exit code."""
    try:
        app(args=arguments, prog_name="nn", obj=passed)
    except MemoryError as error:
        tell(f"there is too little memory for this network and this data ({error})")
        sys.exit(Exit.MODEL)
    except (ModelError, DataError) as error:
        tell(error)
        sys.exit(error.exit_code)
    except OSError as error:
        tell(error)
        sys.exit(Exit.OUTPUT)
