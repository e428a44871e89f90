"""Reproduction of a report: its networks trained on other data, and their results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nn.data.samples import Samples
from nn.data.tasks import as_task
from nn.errors import DataError, ModelError
from nn.metrics import top_k
from nn.model import Sequential
from nn.paper import Paper, PaperRow
from nn.training.monitor import best_of
from nn.training.run_folder import Epoch
from nn.training.sweep import folder_of, run_version
from nn.training.train import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """The results of a network of a report.

    Attributes
    ----------
    model : Sequential
    epochs : list of Epoch
    tested : Samples or None
        Evaluation data of its task: test samples, or validation samples if there are none.
    rates : dict of str to float
        By the names in `nn.paper.REPORTED`; accuracies in percent.
    """

    model: Sequential
    epochs: list[Epoch]
    tested: Samples | None
    rates: dict[str, float]


def retrace(
    paper: Paper,
    samples: Samples | None,
    out: Path,
    progress: Progress,
    only: Sequence[str] = (),
    epochs: int | None = None,
    epoch_size: int | None = None,
) -> dict[str, Reached | str]:
    """Train the networks of a report, and return the results by the names of the runs.

    Parameters
    ----------
    paper : Paper
    samples : Samples, optional
        Training data; without it nothing is trained, and existing runs in `out` are used.
    out : Path
        Folder of the runs; existing ones are continued.
    progress : Progress
    only : sequence of str
        Texts in the names of the rows to train, or in the titles of their tables; empty for all.
    epochs, epoch_size : int, optional
        Instead of the recipes' own.

    Returns
    -------
    dict of str to Reached or str
        A text is the reason why a network could not be trained. Networks that were not chosen are left out,
        unless they are in `out`.

    Raises
    ------
    ModelError
        If no row matches `only`.
    """
    chosen = {row.version.name for row in rows_like(paper, only)}
    found: dict[str, Reached | str] = {}
    for row in paper.rows():
        version = row.version
        train = version.recipe.train
        train = replace(train, epochs=epochs or train.epochs, epoch_size=epoch_size or train.epoch_size)
        version = replace(version, recipe=replace(version.recipe, train=train))
        there = folder_of(version, out).best.is_file()
        if version.name in found or not (there or (samples is not None and version.name in chosen)):
            continue
        try:
            taken = None
            if samples is not None:
                taken = as_task(samples, version.recipe.task, version.recipe.input_shape).with_split(
                    train.seed
                )
                if version.name in chosen:
                    progress.note(f"{row.name} ({version.name})")
                    run_version(version, taken, out, progress)
            found[version.name] = _reached(row, out, taken)
        except (DataError, ModelError) as error:
            found[version.name] = str(error)
    return found


def rows_like(paper: Paper, only: Sequence[str]) -> list[PaperRow]:
    """Return the rows with one of the texts in their name or their table's title; all if none is given."""
    rows = [
        row
        for table in paper.tables
        for row in table.rows
        if not only or any(text.lower() in f"{table.title}: {row.name}".lower() for text in only)
    ]
    if not rows:
        raise ModelError(f"--only {' --only '.join(only)}: no row of {paper.name} has this in its name")
    return rows


def _reached(row: PaperRow, out: Path, taken: Samples | None) -> Reached:
    """Return the results of the run of a row in `out`, on samples of its task."""
    folder = folder_of(row.version, out)
    model, epochs = Sequential.load(folder.best), folder.read_checkpoint()[2]
    best = best_of(epochs)
    rates: dict[str, float] = {"train": 100 * best.accuracy, "parameters": model.parameters}
    rates |= {"epochs": len(epochs), "seconds": sum(epoch.seconds for epoch in epochs)}
    tested = None
    if taken is not None:
        tested = next((part for part in map(taken.part, ("test", "val")) if len(part)), None)
    if tested is None:
        return Reached(model, epochs, None, rates | {"test": 100 * best.val_accuracy})
    logits, labels = model.predict(tested.images), tested.indices(model.classes)
    tops = {f"top{k}": 100 * top_k(logits, labels, k) for k in (2, 5)}
    return Reached(model, epochs, tested, rates | {"test": 100 * top_k(logits, labels, 1)} | tops)
