"""Training of the text finder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import numpy as np
import numpy.typing as npt

from nn.dense_loss import dense_loss, text_scores
from nn.errors import DataError, ModelError
from nn.finder import MAPS, FinderModel
from nn.layers.layer import Array
from nn.memory import keep_freed_memory
from nn.recipe import Recipe
from nn.threads import one_blas_thread
from nn.training.crops import Crops
from nn.training.order import in_turn
from nn.training.run_folder import RunFolder
from nn.training.sequence_train import foreign
from nn.training.train import Progress, Validated, ahead, begin_or_go_on, go_through
from nn.training.trainer import Batch, Trainer

AUGMENT = 1
INVERSE, TONES = 0.25, 0.6
"""How often light and dark are inverted, and how often the grey scale is changed."""


class FinderTrainer(Trainer):
    """A `Trainer` whose labels are targets of maps, as in `nn.training.crops.Crops`."""

    def judge(self, logits: Array, labels: Array) -> tuple[float, float, Array]:
        """Return the summed loss, the summed F1, and the gradient of the loss."""
        loss, gradient = dense_loss(logits, labels)
        found, told, both = text_scores(logits, labels)
        count = len(labels)
        return count * loss, count * _f1(found, told, both), count * gradient


def train_finder(
    recipe: Recipe,
    crops: Crops,
    folder: RunFolder,
    progress: Progress,
    resume: bool = False,
    start: FinderModel | None = None,
) -> FinderModel:
    """Train by `recipe` and return the best model, which is also kept in `folder`.

    Parameters
    ----------
    recipe : Recipe
        Its classes are `nn.finder.MAPS`. Settings for single characters, such as a loss, are rejected. Its
        input is cut from each crop, at a random place every time.
    crops : Crops
        "train" is trained on, "val" decides which epoch is the best.
    folder : RunFolder
    progress : Progress
        `accuracy` and `val_accuracy` are the F1 of places with text.
    resume : bool
        Go on from the checkpoint in `folder`, if there is one.
    start : FinderModel, optional
        A model with the initial weights, instead of random ones.

    Raises
    ------
    DataError
        If there is no training or validation data, or crops are smaller than the recipe's input.
    ModelError
        If the recipe does not make a network that finds text, or `folder` holds another run.
    """
    settings = recipe.train
    for name, given in foreign(recipe).items():
        unfit = f"{name} = {given!r}: networks that find text learn without; leave it out"
        raise ModelError(recipe.where(unfit))
    model = recipe.network(FinderModel, MAPS)
    if start is not None:
        if start.architecture != model.architecture:
            raise ModelError("the model to start from is another network")
        model.set_weights(start.weights)
    learned, held_out = (np.flatnonzero(crops.split == part) for part in ("train", "val"))
    if not len(learned) or not len(held_out):
        raise DataError("there are no crops with split 'train', or none with 'val'")
    _check_size(crops, model)
    size = settings.epoch_size or len(learned)
    batch_size = min(settings.batch_size or size, size)
    steps = size // batch_size
    description = json.loads(json.dumps({"recipe": asdict(recipe), "classes": model.classes}))
    keep_freed_memory()
    with ThreadPoolExecutor(settings.threads) as pool, one_blas_thread():
        trainer = FinderTrainer(model, recipe, settings.epochs * steps, pool)
        history = begin_or_go_on(folder, trainer, description, progress, resume)

        def batches(number: int) -> Iterator[Batch]:
            order = learned[in_turn(len(learned), steps * batch_size, number - 1, settings.seed)]
            return _batches(crops, order.reshape(steps, batch_size), model, settings.seed, number)

        def rates() -> Validated:
            best = trainer.result()
            assert isinstance(best, FinderModel)
            return Validated(*validated(best, crops, held_out))

        go_through(trainer, folder, history, description, steps, batches, rates, progress)
    return FinderModel.load(folder.best)


def validated(model: FinderModel, crops: Crops, places: npt.NDArray[np.int64]) -> tuple[float, float]:
    """Return the mean loss of the crops at some `places`, and the F1 of all places with text."""
    loss, scores = measured(model, crops, places)
    return loss, _f1(*scores)


def measured(
    model: FinderModel, crops: Crops, places: npt.NDArray[np.int64]
) -> tuple[float, tuple[float, float, float]]:
    """Return the mean loss of the crops at some `places`, and their summed `nn.dense_loss.text_scores`."""
    losses, scores = 0.0, np.zeros(3)
    for place in places:
        maps, targets = model.maps(crops.pictures[place])[None], crops.targets[place][None]
        losses += dense_loss(maps, targets)[0]
        scores += text_scores(maps, targets)
    found, told, both = scores.tolist()
    return losses / len(places), (found, told, both)


def _f1(found: float, told: float, both: float) -> float:
    return (1 + 2 * both) / (1 + found + told)


def _check_size(crops: Crops, model: FinderModel) -> None:
    """Raise DataError unless the network's input fits into the crops."""
    height, width, _ = model.input_shape
    if crops.stride != model.stride:
        raise DataError(f"the maps of crops have a stride of {crops.stride}, the network's of {model.stride}")
    if crops.pictures.shape[1] < height or crops.pictures.shape[2] < width:
        raise DataError(f"crops are {crops.pictures.shape[1:]}, the recipe takes {(height, width)}")


def _batches(
    crops: Crops, chosen: npt.NDArray[np.int64], model: FinderModel, seed: int, epoch: int
) -> Iterator[Batch]:
    """Yield batches of the `chosen` crops, a row each, cut and augmented by a thread that works ahead."""
    height, width, _ = model.input_shape
    stride = model.stride

    def make(step: int) -> Batch:
        rng = np.random.default_rng([seed, AUGMENT, epoch, step])
        count = len(chosen[step])
        pictures = np.empty((count, height, width, 1), np.uint8)
        targets = np.empty((count, height // stride, width // stride, len(MAPS)), np.uint8)
        for k, place in enumerate(chosen[step]):
            whole, maps = crops.pictures[place], crops.targets[place]
            top = int(rng.integers(maps.shape[0] - targets.shape[1] + 1))
            left = int(rng.integers(maps.shape[1] - targets.shape[2] + 1))
            rows, columns = slice(top, top + targets.shape[1]), slice(left, left + targets.shape[2])
            targets[k] = maps[rows, columns]
            cut = whole[top * stride :, left * stride :][:height, :width]
            pictures[k, :, :, 0] = _greys(rng)[cut]
        return Batch(pictures, targets)

    return ahead(make, len(chosen))


def _greys(rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """Return a lookup table of greys (256,): unchanged, inverted, or with changed range and gamma."""
    greys = np.linspace(0, 1, 256)
    if rng.random() < INVERSE:
        greys = 1 - greys
    if rng.random() < TONES:
        low, high = np.sort(rng.uniform(0, 1, 2))
        share = rng.uniform(0, 0.6)
        greys = greys ** np.exp(rng.uniform(-0.4, 0.4))
        greys = (1 - share) * greys + share * (low + (high - low) * greys)
    return np.asarray(np.round(255 * greys), np.uint8)
