"""Training of line networks by connectionist temporal classification."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from nn.ctc import BLANK, NOTHING, ctc_loss, frames_for, greedy
from nn.data.keys import keys, sketch
from nn.errors import DataError, ModelError
from nn.layers.layer import Array
from nn.memory import keep_freed_memory
from nn.model import unit
from nn.recipe import Recipe, Training
from nn.sequence import SequenceModel
from nn.threads import one_blas_thread
from nn.training.augment import Augment
from nn.training.left_out import LEFT_OUT, merge, merged_classes
from nn.training.order import in_turn
from nn.training.run_folder import RunFolder
from nn.training.strip_augment import augment_strip
from nn.training.strips import Strips
from nn.training.train import Progress, Validated, ahead, begin_or_go_on, begin_with, go_through
from nn.training.trainer import Batch, Trainer

AUGMENT = 1
ALIKE = 40
"""Batches whose strips are sorted by width together, so that little of a batch is padding."""


class SequenceTrainer(Trainer):
    """A `Trainer` whose labels are rows: a strip's frames, what its text leaves out, and the text's classes.

    What is left out is an index of `nn.training.left_out.LEFT_OUT`; texts are filled up with -1.
    """

    def judge(self, logits: Array, labels: Array) -> tuple[float, float, Array]:
        """Return the summed loss, the number of right texts, and the gradient of the loss."""
        lengths, counts_as = labels[:, 0], merged_classes(self.model.classes)[labels[:, 1]]
        merged, share = merge(logits, counts_as)
        losses, gradient = ctc_loss(merged, lengths, labels[:, 2:])
        texts = [row[row != NOTHING].tolist() for row in labels[:, 2:]]
        right = sum(text == read for text, read in zip(texts, greedy(merged, lengths), strict=True))
        gradient = np.take_along_axis(gradient, counts_as[:, None], axis=2) * share
        return float(losses.sum()), right, gradient.astype(logits.dtype)


def train_strips(
    recipe: Recipe,
    strips: Strips,
    folder: RunFolder,
    progress: Progress,
    resume: bool = False,
    start: SequenceModel | None = None,
) -> SequenceModel:
    """Train by `recipe` and return the best model, which is also kept in `folder`.

    Parameters
    ----------
    recipe : Recipe
        Its classes begin with the blank, the empty string. What it says of single characters, such as a loss,
        is refused: strips are learned by connectionist temporal classification, and are changed as
        `nn.training.strip_augment` does.
    strips : Strips
        "train" is trained on, "val" decides which epoch is the best: that with the fewest errors.
    folder : RunFolder
    progress : Progress
        `accuracy` is the share of strips without an error, `val_accuracy` one less the rate of errors.
    resume : bool
        Continue from the checkpoint in `folder`.
    start : SequenceModel, optional
        A model with initial weights for the layers that are equal (`nn.training.warm_start`).

    Raises
    ------
    DataError
        If there is no training or validation data.
    ModelError
        If the recipe does not make a network that reads strips, or `folder` holds another run.
    """
    settings = recipe.train
    for name, given in foreign(recipe).items():
        unfit = f"{name} = {given!r}: networks that read strips learn without; leave it out"
        raise ModelError(recipe.where(unfit))
    model = recipe.network(SequenceModel, recipe.classes)
    if start is not None:
        begin_with(model, start, progress)
    kinds = kinds_of(strips)
    texts = encoded(strips, model.classes)
    learned, held_out = (_usable(strips, texts, part, model.stride) for part in ("train", "val"))
    if not len(learned) or not len(held_out):
        raise DataError("there are no strips with split 'train', or none with 'val'")
    pictures = strips.apart()
    size = settings.epoch_size or len(learned)
    batch_size = min(settings.batch_size or size, size)
    steps = size // batch_size
    description = json.loads(json.dumps({"recipe": asdict(recipe), "classes": model.classes}))
    keep_freed_memory()
    with ThreadPoolExecutor(settings.threads) as pool, one_blas_thread():
        trainer = SequenceTrainer(model, recipe, settings.epochs * steps, pool)
        history = begin_or_go_on(folder, trainer, description, progress, resume)

        def batches(number: int) -> Iterator[Batch]:
            order = _order(pictures, learned, recipe, (steps, batch_size), number)
            return _batches(pictures, texts, kinds, order, recipe, number, model.stride)

        def rates() -> Validated:
            return Validated(*validated(trainer_model(trainer), pictures, texts, kinds, held_out))

        told = description | {"learnt": sketch(keys(pictures, learned))}
        go_through(trainer, folder, history, told, steps, batches, rates, progress)
    return SequenceModel.load(folder.best)


def foreign(recipe: Recipe) -> dict[str, Any]:
    """Return the settings of a recipe, by name, that apply only to networks of single characters."""
    usual, given = Training(), recipe.train
    names = ("loss", "label_smoothing", "mixup", "balance", "one_of_each")
    found: dict[str, Any] = {
        f"[train]: {name}": getattr(given, name)
        for name in names
        if getattr(given, name) != getattr(usual, name)
    }
    for name in Augment.__slots__:
        if getattr(recipe.augment, name) != getattr(Augment(), name):
            found[f"[augment]: {name}"] = getattr(recipe.augment, name)
    if given.monitor == "val_balanced":
        found["[train]: monitor"] = given.monitor
    return found | ({"task": recipe.task} if recipe.task else {})


def trainer_model(trainer: Trainer) -> SequenceModel:
    """Return the model that a trainer saves."""
    model = trainer.result()
    assert isinstance(model, SequenceModel)
    return model


def encoded(strips: Strips, classes: tuple[str, ...]) -> list[npt.NDArray[np.int64]]:
    """Return each text as classes, merged by what it leaves out; unknown characters are dropped."""
    place = {name: index for index, name in enumerate(classes) if name}
    counts_as = dict(zip(LEFT_OUT, merged_classes(classes), strict=True))
    texts = []
    for text, kind in zip(strips.texts.tolist(), strips.left_out.tolist(), strict=True):
        merged = counts_as[kind][[place[c] for c in text if c in place]]
        texts.append(np.asarray(merged[merged != BLANK], np.int64))
    return texts


def to_validate(
    strips: Strips, classes: tuple[str, ...]
) -> tuple[
    list[npt.NDArray[np.uint8]], list[npt.NDArray[np.int64]], npt.NDArray[np.int64], npt.NDArray[np.int64]
]:
    """Return what `validated` takes beside a model: all strips to validate with whose text can be read."""
    texts = encoded(strips, classes)
    places = np.flatnonzero((strips.split == "val") & _has_target(strips, texts))
    if not len(places):
        raise DataError("there are no strips with split 'val'")
    return strips.apart(), texts, kinds_of(strips), places


def validated(
    model: SequenceModel,
    pictures: list[npt.NDArray[np.uint8]],
    texts: list[npt.NDArray[np.int64]],
    kinds: npt.NDArray[np.int64],
    places: npt.NDArray[np.int64],
) -> tuple[float, float]:
    """Return the mean loss per strip, and 1 minus the character error rate, at least 0."""
    losses, errors, characters = 0.0, 0, 0
    for place, merged in zip(places, read_merged(model, pictures, kinds, places), strict=True):
        text, length = texts[place], np.array([merged.shape[1]])
        losses += float(ctc_loss(merged, length, text[None])[0][0])
        errors += Levenshtein.distance(text.tolist(), greedy(merged, length)[0])
        characters += len(text)
    return losses / len(places), max(0.0, 1 - errors / max(1, characters))


def read_merged(
    model: SequenceModel,
    pictures: list[npt.NDArray[np.uint8]],
    kinds: npt.NDArray[np.int64],
    places: npt.NDArray[np.int64],
) -> Iterator[Array]:
    """Yield the logits (1, T, C) of the strips at `places`, of classes merged as their texts leave out."""
    counts_as = merged_classes(model.classes)
    for place, logits in zip(places, model.read([pictures[k] for k in places]), strict=True):
        yield merge(logits[None], counts_as[kinds[place]][None])[0]


def kinds_of(strips: Strips) -> npt.NDArray[np.int64]:
    """Return what each text leaves out, as an index of `LEFT_OUT`."""
    return np.array([LEFT_OUT.index(kind) for kind in strips.left_out.tolist()], np.int64)


def _usable(
    strips: Strips, texts: list[npt.NDArray[np.int64]], part: str, stride: int
) -> npt.NDArray[np.int64]:
    """Return where the strips of one split are whose text can be learned, with frames enough for it."""
    needed = np.array([int(frames_for(text[None])[0]) for text in texts])
    room = 0.7 * strips.widths // stride
    return np.flatnonzero((strips.split == part) & _has_target(strips, texts) & (needed <= room))


def _has_target(strips: Strips, texts: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.bool_]:
    """Return which strips have something of their text among the classes, or show no text at all."""
    return np.array([len(text) > 0 or not told for text, told in zip(texts, strips.texts, strict=True)])


def _order(
    pictures: list[npt.NDArray[np.uint8]],
    learned: npt.NDArray[np.int64],
    recipe: Recipe,
    shape: tuple[int, int],
    epoch: int,
) -> npt.NDArray[np.int64]:
    """Return the strips of the batches of an epoch, a row each, grouped by width."""
    settings = recipe.train
    order = learned[in_turn(len(learned), shape[0] * shape[1], epoch - 1, settings.seed)]
    widths = np.array([pictures[k].shape[1] for k in order])
    group = np.arange(len(order)) // (ALIKE * shape[1])
    chosen = order[np.lexsort((widths, group))].reshape(shape)
    return np.random.default_rng([settings.seed, AUGMENT, epoch]).permutation(chosen)


def _batches(
    pictures: list[npt.NDArray[np.uint8]],
    texts: list[npt.NDArray[np.int64]],
    kinds: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.int64],
    recipe: Recipe,
    epoch: int,
    stride: int,
) -> Iterator[Batch]:
    """Yield batches of the `chosen` strips, augmented by a thread that works ahead."""

    def make(step: int) -> Batch:
        rng = np.random.default_rng([recipe.train.seed, AUGMENT, epoch, step])
        strips = [augment_strip(pictures[k], rng) for k in chosen[step]]
        return Batch(*padded(strips, [texts[k] for k in chosen[step]], kinds[chosen[step]], stride))

    return ahead(make, len(chosen))


def padded(
    strips: list[npt.NDArray[np.uint8]],
    texts: list[npt.NDArray[np.int64]],
    kinds: npt.NDArray[np.int64],
    stride: int,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Return strips (N, H, W, 1) float32 and labels for `SequenceTrainer`, padded to the longest."""
    frames = np.array([-(-strip.shape[1] // stride) for strip in strips])
    images = np.zeros((len(strips), strips[0].shape[0], frames.max() * stride, 1), np.float32)
    labels = np.full((len(strips), 2 + max(map(len, texts))), NOTHING, np.int64)
    labels[:, 0], labels[:, 1] = frames, kinds
    for k, (strip, text) in enumerate(zip(strips, texts, strict=True)):
        images[k, :, : strip.shape[1], 0] = unit(strip)
        labels[k, 2 : 2 + len(text)] = text
    return images, labels
