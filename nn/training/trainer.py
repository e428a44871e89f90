"""One step of training: forward and backward passes of a batch in parts, and the update of the weights."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from nn.configure import choose, configure
from nn.errors import ModelError
from nn.layers.layer import Array
from nn.losses import LossFunction, loss_called
from nn.model import Sequential
from nn.optim.optimizers import clip, optimizer_types, shrink
from nn.optim.schedules import SCHEDULES
from nn.recipe import Recipe

LAYERS = 2
LARGEST = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Pictures (N, H, W, channels), float32 in [0, 1] or uint8, and the indices of their classes (N,).

    Other tasks and mixed pictures have labels (N, ...) of other kinds.
    """

    images: npt.NDArray[np.float32] | npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64] | npt.NDArray[np.uint8] | npt.NDArray[np.float64]


class Trainer:
    """A model in training: its weights, their average, the optimizer, and its threads.

    A batch is split into ``threads`` parts, or more if they were larger than 1,024 samples, that are
    processed in parallel. Their gradients and running statistics are summed in order, so the result does not
    depend on timing.

    Parameters
    ----------
    model : Sequential
        Changed in place.
    recipe : Recipe
    steps : int
        Total number of steps, for the schedule.
    pool : ThreadPoolExecutor
        With as many threads as in the recipe; BLAS should use one thread per call.

    Attributes
    ----------
    optimizer : Optimizer
        A hook may change its ``rate``.
    gradients : dict of str to ndarray
        Gradients of the last step, by the names of the parameters.
    improved : list of bool
        For each epoch so far, whether it was better than all before it.

    Raises
    ------
    ModelError
        If the recipe's optimizer, schedule or learning rates of layers are invalid.
    """

    def __init__(self, model: Sequential, recipe: Recipe, steps: int, pool: ThreadPoolExecutor) -> None:
        self.model, self.recipe, self.settings = model, recipe, recipe.train
        self.steps, self.pool = steps, pool
        model.freeze(self.settings.frozen)
        self.averaged = type(model)(model.architecture, model.input_shape, model.classes)
        self.averaged.set_weights(model.weights)
        where = recipe.where("[optimizer]")
        kind, options = choose(optimizer_types(), recipe.optimizer, where)
        self.optimizer = configure(kind, options, where, model.learning[0])
        self.optimizer.factors = self._factors()
        self.gradients: dict[str, Array] = {}
        self.improved: list[bool] = []
        where = recipe.where("[schedule]")
        self.schedule, self.options = choose(SCHEDULES, recipe.schedule, where)
        configure(self.schedule, self.options, where, 0, steps, ())
        self.draws = any(layer.draws for layer in model.layers)
        self.no_draws = np.random.default_rng(0)

    @cached_property
    def loss(self) -> LossFunction:
        """The recipe's loss."""
        loss = loss_called(self.settings.loss)
        assert loss is not None
        return loss

    def factor(self) -> float:
        """Return the schedule's factor on the learning rate at the next step."""
        return self.schedule(self.optimizer.steps, self.steps, self.improved, **self.options)

    def _factors(self) -> dict[str, float]:
        """Return, by name, the factors on the learning rate of parameters that are not 1."""
        settings, layers = self.settings, [i for i, layer in enumerate(self.model.layers) if layer.params]
        given = settings.layer_rates
        if given and len(given) != len(layers):
            raise ModelError(
                self.recipe.where(f"[train]: layer_rates: {len(given)} given, for {len(layers)} layers ")
                + "with weights"
            )
        found: dict[str, float] = {}
        for number, index in enumerate(layers):
            factor = settings.layer_decay ** (len(layers) - 1 - number) * (given[number] if given else 1.0)
            if factor != 1.0:
                found |= {f"{index}.{name}": factor for name in self.model.layers[index].params}
        return found

    def parts(self, size: int) -> int:
        """Return the number of parts of a batch of `size` samples, each with at least two samples."""
        return max(1, min(max(self.settings.threads, -(-size // LARGEST)), size // 2))

    @np.errstate(over="ignore", invalid="ignore")
    def step(self, batch: Batch) -> tuple[float, float]:
        """Train on one batch; return its summed loss and the number of right samples."""
        size = len(batch.labels)
        parts = self.parts(size)
        seeds = [[self.settings.seed, LAYERS, self.optimizer.steps, part] for part in range(parts)]
        images: list[Array] = [batch.images]
        labels: list[Array] = [batch.labels]
        if parts > 1:
            images, labels = np.array_split(batch.images, parts), np.array_split(batch.labels, parts)
        at_once = self.pool.map if parts > 1 else map
        learned = iter(at_once(self.learn, images, labels, seeds, [size] * parts))
        losses, right, gradients = next(learned)
        for loss, correct, more in learned:
            losses, right = losses + loss, right + correct
            for name, gradient in more.items():
                gradients[name] += gradient
        params, state = self.model.learning
        for name, array in state.items():
            array += gradients[name]
        if self.settings.clip:
            clip([gradients[name] for name in params], self.settings.clip)
        self.optimizer.step(gradients, self.factor(), self.pool, self.settings.threads)
        self.gradients = gradients
        if self.settings.magnitude_decay:
            shrink(params.values(), self.settings.magnitude_decay)
        if self.settings.ema:
            self.average()
        return losses, right

    @np.errstate(over="ignore", invalid="ignore")
    def learn(
        self, images: Array, labels: Array, seed: list[int], of: int
    ) -> tuple[float, float, dict[str, Array]]:
        """Return loss, number right, and gradients for one part of a batch of `of` samples."""
        if images.dtype == np.uint8:
            images = np.multiply(images, np.float32(1 / 255), dtype=np.float32)
        logits, backprop = self.model.forward(images, self.generator(seed))
        losses, right, gradient = self.judge(logits, labels)
        gradient /= of
        gradients = backprop(gradient)
        for name in self.model.learning[1]:
            gradients[name] *= len(labels) / of
        return losses, right, gradients

    def judge(self, logits: Array, labels: Array) -> tuple[float, float, Array]:
        """Return the summed loss, the number of right samples, and the gradient of the loss for the logits.

        Labels of mixed pictures (see `nn.training.mixup`) are two classes, and the share of the first.
        """
        loss, smoothing = self.loss, self.settings.label_smoothing
        if labels.ndim == 1:
            losses, gradient = loss(logits, labels, smoothing)
            return float(losses.sum()), int((logits.argmax(axis=1) == labels).sum()), gradient
        first, second = labels[:, :2].astype(np.int64).T
        share = labels[:, 2].astype(logits.dtype)
        (losses, gradient), (other, its) = (loss(logits, each, smoothing) for each in (first, second))
        gradient = share[:, None] * gradient + (1 - share[:, None]) * its
        right = int((logits.argmax(axis=1) == first).sum())
        return float((share * losses + (1 - share) * other).sum()), right, gradient

    def generator(self, seed: list[int]) -> np.random.Generator:
        """Return the random generator of layers; None if no layer draws, as making one takes time."""
        return np.random.default_rng(seed) if self.draws else self.no_draws

    def average(self) -> None:
        """Move the averaged weights towards the present ones, by a larger step in the beginning."""
        steps = self.optimizer.steps
        decay = min(self.settings.ema, (1 + steps) / (10 + steps))
        averaged = self.averaged.weights
        for name, array in self.model.weights.items():
            averaged[name] += (1 - decay) * (array - averaged[name])

    def spreads(self) -> dict[str, float]:
        """Return the standard deviation of the last step's gradients, for each of the weights."""
        weights = [name for name, array in self.model.learning[0].items() if array.ndim > 1]
        return {name: float(self.gradients[name].std()) for name in weights}

    def result(self) -> Sequential:
        """Return the model to validate and save: the averaged one if the recipe has an average."""
        model = self.averaged if self.settings.ema else self.model
        model.changed()
        return model

    def tensors(self) -> dict[str, Array]:
        """Return, by name, the arrays that training changes."""
        tensors = {f"model/{name}": array for name, array in self.model.weights.items()}
        tensors |= {f"averaged/{name}": array for name, array in self.averaged.weights.items()}
        return tensors | {f"moments/{name}": array for name, array in self.optimizer.moments.items()}
