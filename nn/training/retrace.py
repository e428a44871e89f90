"""The networks of a report, trained on data of one's own, and what they reach."""

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
from nn.training.run_folder import Epoch
from nn.training.sweep import folder_of, run_version
from nn.training.train import Progress


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """What a network of a report reaches here.

    Attributes
    ----------
    model : Sequential
    epochs : list of Epoch
    tested : Samples or None
        What it is measured on: samples to test on, of its task; to validate on if there are no others.
    rates : dict of str to float
        As `nn.paper.REPORTED` calls them, in percent.
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
    """Train the networks of a report, and return for each, by the name of its run, what came of it.

    Parameters
    ----------
    paper : Paper
    samples : Samples, optional
        What to learn from; without any nothing is trained, and what lies in `out` is taken as it is.
    out : Path
        Of the runs' folders; those in it are gone on with.
    progress : Progress
    only : sequence of str
        Parts of the names of rows that are to be trained, or of the tables' titles; all if it is empty.
    epochs, epoch_size : int, optional
        Instead of the recipes' own.

    Returns
    -------
    dict of str to Reached or str
        A text says why a network could not be trained. Those that were not to be are left out, unless they
        lie in `out`.

    Raises
    ------
    ModelError
        If no row is called like `only`.
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
    """Return the rows whose name, or whose table's title, holds one of the texts; all if there are none."""
    rows = [
        row
        for table in paper.tables
        for row in table.rows
        if not only or any(text.lower() in f"{table.title}: {row.name}".lower() for text in only)
    ]
    if not rows:
        raise ModelError(f"--only {' --only '.join(only)}: no row of {paper.name} is called like that")
    return rows


def _reached(row: PaperRow, out: Path, taken: Samples | None) -> Reached:
    """Return what the run of a row in `out` reaches on samples of its task."""
    folder = folder_of(row.version, out)
    model, epochs = Sequential.load(folder.best), folder.read_checkpoint()[2]
    best = [epoch for epoch in epochs if epoch.best][-1]
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
