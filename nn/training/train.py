"""The training loop.

Every random draw comes from a generator seeded with the recipe's seed, the draw's purpose and the number of
the epoch or step. So a resumed run continues bit-equal, as if it had not stopped.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from math import isfinite
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from nn.calibrate import fit_temperature
from nn.data.keys import keys, sketch
from nn.data.samples import Samples
from nn.errors import DataError, ModelError
from nn.memory import keep_freed_memory
from nn.metrics import top_k
from nn.model import Sequential, check_weights, unit
from nn.recipe import Recipe, parse_recipe
from nn.threads import one_blas_thread
from nn.training.augment import Augment, augment
from nn.training.hooks import Hook
from nn.training.mixup import mixup
from nn.training.monitor import balanced_accuracy, better
from nn.training.order import balanced, in_turn, one_of_each
from nn.training.run_folder import Epoch, RunFolder
from nn.training.trainer import Batch, Trainer
from nn.training.warm_start import start_from, told_of_start

AUGMENT, MIXUP = 1, 3
AHEAD = 3


class Validated(NamedTuple):
    """The results on validation data.

    `kept` are further settings of the model if it is the best; `balanced` is the mean accuracy of the
    classes.
    """

    loss: float
    accuracy: float
    kept: Mapping[str, Any] = MappingProxyType({})
    balanced: float = 0.0


class Progress(Protocol):
    """Receives the progress of training."""

    def begin(self, epochs: int) -> None:
        """Training begins or is resumed; there will be at most `epochs` in all."""

    def step(self, epoch: int, step: int, steps: int, loss: float, accuracy: float) -> None:
        """Batch `step` of `steps` in `epoch` is done, from 1. Rates are means over the epoch so far."""

    def epoch(self, epoch: Epoch) -> None:
        """An epoch is done, validated and saved."""

    def note(self, text: str) -> None:
        """A message about the run, one sentence."""


def train(
    recipe: Recipe,
    samples: Samples,
    folder: RunFolder,
    progress: Progress,
    resume: bool = False,
    start: Sequential | None = None,
    hooks: Sequence[Hook] = (),
) -> Sequential:
    """Train by `recipe` and return the best model, which is also kept in `folder`.

    Parameters
    ----------
    recipe : Recipe
    samples : Samples
        With a split for each: "train" is trained on, "val" decides which epoch is the best.
    folder : RunFolder
        Written to after every epoch.
    progress : Progress
    resume : bool
        Continue from the checkpoint in `folder`.
    start : Sequential, optional
        A model with the initial weights, instead of random ones, as far as the two networks are equal
        (`nn.training.warm_start`); its classes may differ.
    hooks : sequence of Hook
        Called during training, in order.

    Raises
    ------
    DataError
        If there is no training or validation data, pictures have another size, or labels are not among the
        recipe's classes.
    ModelError
        If the recipe does not make a network; if `folder` holds a run and `resume` is False, or a run of
        another recipe or other data and `resume` is True.
    KeyboardInterrupt
        If interrupted. The files in `folder` are complete, and the run can be resumed after its last epoch.
    """
    classes = recipe.classes or samples.classes()
    data = labelled(recipe, classes, samples)
    return train_on(recipe, classes, data, folder, progress, resume, start, hooks)


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Training and validation pictures, with class indices.

    Attributes
    ----------
    images : ndarray, shape (N, H, W) or (N, H, W, channels)
        uint8, or float32 in [0, 1]; ink is high.
    learned, labels : ndarray of int64, shape (M,)
        Indices into `images` of the training pictures, and their classes.
    held_out, held_out_labels : ndarray
        Validation pictures, like `images`, and their classes.
    fingerprint : str
        Hash of all this; a run is resumed only with the same data.
    task : str
        A key of `nn.data.tasks.TASKS`.
    """

    images: npt.NDArray[Any]
    learned: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]
    held_out: npt.NDArray[Any]
    held_out_labels: npt.NDArray[np.int64]
    fingerprint: str
    task: str = ""


def labelled(recipe: Recipe, classes: Sequence[str], samples: Samples) -> Labelled:
    """Return samples as training and validation data for a recipe; raises DataError as `train`."""
    learned, held_out = _places(samples, "train", recipe), _places(samples, "val", recipe)
    return Labelled(
        samples.images,
        learned,
        samples.indices(classes, learned),
        samples.part("val").images,
        samples.indices(classes, held_out),
        samples.fingerprint(),
        samples.task,
    )


def train_on(
    recipe: Recipe,
    classes: Sequence[str],
    data: Labelled,
    folder: RunFolder,
    progress: Progress,
    resume: bool = False,
    start: Sequential | None = None,
    hooks: Sequence[Hook] = (),
) -> Sequential:
    """Train by `recipe` on arrays and return the best model; otherwise as `train`."""
    settings = recipe.train
    steps, batches = batches_of(recipe, data)
    model = recipe.network(Sequential, classes)
    if start is not None:
        begin_with(model, start, progress)
    description = json.loads(
        json.dumps({"recipe": asdict(recipe), "classes": classes, "data": data.fingerprint})
    )
    keep_freed_memory()
    with ThreadPoolExecutor(settings.threads) as pool, one_blas_thread():
        trainer = Trainer(model, recipe, settings.epochs * steps, pool)
        history = restore(folder, trainer, description, progress) if resume else begin(folder, description)

        def validated() -> Validated:
            return _validated(trainer, data.held_out, data.held_out_labels)

        told = description | {"task": data.task, "learnt": sketch(keys(data.images, data.learned))}
        go_through(trainer, folder, history, told, steps, batches, validated, progress, hooks)
    return Sequential.load(folder.best)


def begin_with(model: Sequential, start: Sequential, progress: Progress) -> None:
    """Copy the weights of equal layers from another model; note if not all are equal."""
    taken = start_from(model, start)
    if taken < len(model.layers) or model.classes != start.classes:
        progress.note(told_of_start(model, start, taken))


def batches_of(recipe: Recipe, data: Labelled) -> tuple[int, Callable[[int], Iterator[Batch]]]:
    """Return the number of batches per epoch, and a function that yields those of an epoch, from 1.

    Raises
    ------
    ModelError
        If the settings of the recipe do not fit the data.
    """
    settings = recipe.train
    if recipe.input_shape[2] > 1 and recipe.augment != Augment():
        raise ModelError(recipe.where("[augment]: only pictures with one channel can be changed"))
    size = settings.epoch_size or len(data.learned)
    batch_size = min(settings.batch_size or size, size)
    if settings.one_of_each:
        batch_size = _whole_turns(recipe, batch_size, len(np.unique(data.labels)))
    steps = size // batch_size
    images = data.images.reshape(-1, *recipe.input_shape)

    def batches(number: int) -> Iterator[Batch]:
        order = _order(recipe, data.labels, size, number - 1)[: steps * batch_size].reshape(steps, -1)
        return _batches(recipe, images, data.learned, data.labels, order, number)

    return steps, batches


def go_through(
    trainer: Trainer,
    folder: RunFolder,
    history: list[Epoch],
    description: dict[str, Any],
    steps: int,
    batches: Callable[[int], Iterator[Batch]],
    validated: Callable[[], Validated],
    progress: Progress,
    hooks: Sequence[Hook] = (),
) -> None:
    """Run the remaining epochs: train, validate and save, for any task.

    Parameters
    ----------
    trainer : Trainer
    folder : RunFolder
    history : list of Epoch
        The epochs so far; new ones are appended.
    description : dict
        Description of the training that is stored in the best model.
    steps : int
        Batches per epoch.
    batches : callable
        Yields the batches of an epoch, by its number.
    validated : callable
        Evaluates the model on the validation data.
    progress : Progress
    hooks : sequence of Hook
    """
    settings = trainer.settings
    progress.begin(settings.epochs)
    for hook in hooks:
        hook.begin(trainer)
    ended = False
    while not ended and len(history) < settings.epochs and not stale(history, settings.patience):
        number = len(history) + 1
        trainer.improved = [epoch.best for epoch in history]
        done = learn_epoch(trainer, batches(number), steps, number, progress, hooks)
        loss, accuracy, kept, balanced = validated()
        done = replace(done, val_loss=loss, val_accuracy=accuracy, val_balanced=balanced)
        done = replace(done, best=all(better(done, epoch, settings.monitor) for epoch in history))
        history.append(done)
        if done.best:
            model = trainer.result()
            model.settings = {"training": description | {"epoch": number, "val_accuracy": accuracy}, **kept}
            model.save(folder.best)
        folder.write_checkpoint(trainer.tensors(), trainer.optimizer.steps, history)
        folder.write_history(history)
        progress.epoch(done)
        for hook in hooks:
            ended |= bool(hook.epoch(trainer, done))


def _places(samples: Samples, split: str, recipe: Recipe) -> npt.NDArray[np.int64]:
    """Return the indices of the samples of one split, after checking that there are any and that they fit."""
    if (*samples.images.shape[1:], 1) != recipe.input_shape:
        raise DataError(f"pictures are {samples.images.shape[1:]}, the recipe takes {recipe.input_shape}")
    places = np.flatnonzero(samples.split == split)
    if not len(places):
        raise DataError(f"there are no samples with split {split!r}")
    return places


def begin_or_go_on(
    folder: RunFolder, trainer: Trainer, description: dict[str, Any], progress: Progress, resume: bool
) -> list[Epoch]:
    """Resume the run in `folder` if requested and present, else begin one; return the history."""
    if resume and folder.checkpoint.is_file():
        return restore(folder, trainer, description, progress)
    return begin(folder, description)


def begin(folder: RunFolder, description: dict[str, Any]) -> list[Epoch]:
    """Prepare the folder for a new run; return its empty history."""
    if folder.checkpoint.exists():
        raise ModelError(f"{folder.path}: holds a run; resume it, or choose another folder")
    folder.write_description(description)
    return []


def restore(
    folder: RunFolder, trainer: Trainer, description: dict[str, Any], progress: Progress
) -> list[Epoch]:
    """Restore `trainer` from the checkpoint in `folder` and return the history so far.

    `progress` gets a note if the learning rate does not continue as planned, because the number of epochs has
    changed.
    """
    former = folder.read_description()
    for name, value in description.items():
        if _comparable(former.get(name), folder) != _comparable(value, folder):
            raise ModelError(f"{folder.path}: cannot be resumed: its {name} was not the same")
    tensors, trainer.optimizer.steps, history = folder.read_checkpoint()
    mine = trainer.tensors()
    try:
        check_weights(tensors, mine)
    except ModelError as error:
        raise ModelError(f"{folder.checkpoint}: does not fit the recipe: {error}") from error
    for name, array in mine.items():
        array[...] = tensors[name]
    folder.write_description(description)
    before = parse_recipe(former["recipe"], str(folder.path / "run.json")).train.epochs
    after, kind = trainer.settings.epochs, trainer.recipe.schedule.get("type")
    if history and after != before and kind not in ("constant", "plateau") and len(history) < after:
        rate = trainer.optimizer.rate * trainer.factor()
        progress.note(
            f"the schedule {kind} now lasts {after} epochs instead of {before}: after {len(history)} epochs "
            f"the learning rate goes on at {rate:.3g}; the last epoch began at {history[-1].rate:.3g}"
        )
    return history


def _comparable(value: Any, folder: RunFolder) -> Any:
    """Return a value of a description for comparison: a recipe with its defaults, but without its length."""
    if isinstance(value, dict):
        recipe = parse_recipe(value, str(folder.path / "run.json"))
        return replace(recipe, reported="", file="", train=replace(recipe.train, epochs=1))
    return value


def _whole_turns(recipe: Recipe, batch_size: int, classes: int) -> int:
    """Return `batch_size` as a multiple of the number of classes; ModelError if the recipe's is not."""
    asked = recipe.train.batch_size
    if asked % classes or batch_size < classes:
        raise ModelError(
            recipe.where(f"[train]: batch_size = {asked}: must be a multiple of {classes}, ")
            + "the number of classes, as one_of_each is true"
        )
    return batch_size // classes * classes


def _order(recipe: Recipe, labels: npt.NDArray[np.int64], size: int, epoch: int) -> npt.NDArray[np.int64]:
    settings = recipe.train
    if settings.one_of_each:
        return one_of_each(labels, size, epoch, settings.seed)
    if settings.balance:
        return balanced(labels, settings.balance, size, epoch, settings.seed)
    return in_turn(len(labels), size, epoch, settings.seed)


def _batches(
    recipe: Recipe,
    images: npt.NDArray[Any],
    places: npt.NDArray[np.int64],
    labels: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.int64],
    epoch: int,
) -> Iterator[Batch]:
    """Yield batches; if the recipe augments them, a thread makes them and works ahead.

    `images` are (N, H, W, channels); `places` are the indices of the samples with these `labels`; `chosen`, a
    row per batch, indexes both.
    """
    changed, mixed = recipe.augment != Augment(), recipe.train.mixup

    def make(step: int) -> Batch:
        pictures, named = images[places[chosen[step]]], labels[chosen[step]]
        if changed:
            rng = np.random.default_rng([recipe.train.seed, AUGMENT, epoch, step])
            pictures = augment(pictures[..., 0], recipe.augment, rng)[..., None]
        if mixed:
            rng = np.random.default_rng([recipe.train.seed, MIXUP, epoch, step])
            return Batch(*mixup(unit(pictures), named, mixed, rng))
        return Batch(pictures, named)

    return ahead(make, len(chosen)) if changed or mixed else map(make, range(len(chosen)))


def ahead(make: Callable[[int], Batch], count: int) -> Iterator[Batch]:
    """Yield batches 0, 1, 2 and so on, made by a thread that works ahead."""
    with ThreadPoolExecutor(1) as pool:
        waiting: deque[Future[Batch]] = deque()
        for step in range(count):
            waiting.append(pool.submit(make, step))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def learn_epoch(
    trainer: Trainer,
    batches: Iterator[Batch],
    steps: int,
    number: int,
    progress: Progress,
    hooks: Sequence[Hook] = (),
) -> Epoch:
    """Train on all `batches`; return the epoch for the history, without validation."""
    started = time.perf_counter()
    losses, right, seen = 0.0, 0.0, 0
    rate = trainer.optimizer.rate * trainer.factor()
    for step, batch in enumerate(batches, 1):
        loss, correct = trainer.step(batch)
        if not isfinite(loss):
            raise ModelError(f"epoch {number}: the loss is {loss}; try a lower rate in [optimizer]")
        losses, right, seen = losses + loss, right + correct, seen + len(batch.labels)
        progress.step(number, step, steps, losses / seen, right / seen)
        for hook in hooks:
            hook.step(trainer, step, loss / len(batch.labels))
    seconds = time.perf_counter() - started
    rates = (losses / seen, right / seen, 0.0, 0.0, rate)
    return Epoch(number, *rates, seconds, seen / seconds, best=False, gradients=trainer.spreads())


def _validated(trainer: Trainer, images: npt.NDArray[Any], labels: npt.NDArray[np.int64]) -> Validated:
    """Return loss (without smoothing), accuracies and temperature on the validation pictures."""
    logits = trainer.result().predict(images)
    losses, _ = trainer.loss(logits, labels, 0.0)
    temperature = round(fit_temperature(logits, labels, trainer.settings.loss), 4)
    return Validated(
        float(losses.mean()),
        top_k(logits, labels, 1),
        {"temperature": temperature},
        balanced_accuracy(logits.argmax(axis=1), labels),
    )


def stale(history: list[Epoch], patience: int) -> bool:
    """Return whether none of the last `patience` epochs was better; False if `patience` is 0."""
    return 0 < patience <= len(history) and not any(epoch.best for epoch in history[-patience:])
