"""One training run that is watched: paused, gone on with at another rate, and looked into at its steps.

It trains by `nn.training.train.train` in a thread of its own, and watches through a hook. A pause holds that
thread between two steps, so nothing of the training changes by it: a run that was paused ends with the same
weights as one that was not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from nn.data.samples import Samples
from nn.errors import DataError, ModelError
from nn.model import Sequential
from nn.training.hooks import Hook
from nn.training.run_folder import Epoch, RunFolder
from nn.training.silent import Silent
from nn.training.train import train
from nn.training.trainer import Trainer
from ocr.errors import defect
from ocr.lab import shown
from ocr.lab.plan import Plan, recipe_for
from ocr.lab.samples import load
from ocr.lab.sets import DataSet
from ocr.lab.steps import Curve, KeptSteps

State = Literal["starting", "running", "paused", "done", "failed"]
JUDGED = 600
"""Most held-out samples that a step is measured with when it is looked at."""


class Run:
    """A run that has begun.

    Parameters
    ----------
    plan : Plan
    data : DataSet
    folder : Path
        For the files of the run; they are for this object alone.
    """

    def __init__(self, plan: Plan, data: DataSet, folder: Path) -> None:
        self._plan, self._data, self._folder = plan, data, RunFolder(folder)
        self._turn, self._looking = Condition(), Lock()
        self._state: State = "starting"
        self._message, self._wants_pause = "", False
        self._rate, self._step, self._steps = plan.rate, 0, 0
        self._kept, self._curve = KeptSteps(), Curve()
        self._epochs: list[dict[str, Any]] = []
        self._samples: Samples | None = None
        self._model: Sequential | None = None
        self._start()

    def wait(self) -> State:
        """Wait until it is done, paused or failed; return its state."""
        with self._turn:
            self._turn.wait_for(lambda: self._state in ("paused", "done", "failed"))
            return self._state

    def pause(self) -> None:
        """Hold it after the step that it is at."""
        with self._turn:
            self._wants_pause = self._state in ("starting", "running")

    def go_on(self, rate: float | None = None, epochs: int = 0) -> None:
        """Go on, at another learning rate if one is given; after the end by so many more `epochs`.

        The rate of a run that is not paused changes too.
        """
        with self._turn:
            self._rate = rate or self._rate
            self._wants_pause = False
            if self._state == "paused":
                self._state = "running"
            elif self._state == "done" and epochs:
                self._plan = replace(self._plan, epochs=self._plan.epochs + epochs)
                self._state = "starting"
                self._start()
            self._turn.notify_all()

    def now(self) -> dict[str, Any]:
        """Return how it stands, as `ocr.web.lab_schemas.Standing`."""
        with self._turn:
            samples, model = self._samples, self._model
            return {
                "state": self._state,
                "message": self._message,
                "data": self._plan.data,
                "recipe": self._plan.recipe,
                "rate": self._rate,
                "step": self._step,
                "steps": self._steps,
                "epochs": self._plan.epochs,
                "classes": list(model.classes) if model is not None else [],
                "parameters": model.parameters if model is not None else 0,
                "learned": int((samples.split == "train").sum()) if samples is not None else 0,
                "held_out": int((samples.split == "val").sum()) if samples is not None else 0,
                "losses": [list(point) for point in self._curve.points()],
                "history": list(self._epochs),
                "saved": self._kept.steps(),
            }

    def look(self, step: int) -> dict[str, Any] | None:
        """Return filters, weights and mix-ups after a step; None if that is not kept."""
        with self._looking:
            model = self._at(step)
            if model is None:
                return None
            images, labels = self._judged()
            return {
                "step": step,
                "filters": shown.filters(model),
                "weights": shown.weights(model),
                "confusion": shown.mixed_up(model, images, labels),
            }

    def answers(self, step: int, glyph: npt.NDArray[np.uint8]) -> dict[str, Any] | None:
        """Return what every layer gives for a glyph after a step; None if that is not kept."""
        with self._looking:
            model = self._at(step)
            return {"step": step, **shown.answers(model, glyph)} if model is not None else None

    def course(self, glyph: npt.NDArray[np.uint8]) -> list[dict[str, Any]]:
        """Return what a glyph is read as after each step that is kept."""
        with self._looking:
            models = ((step, self._at(step)) for step in self._kept.steps())
            return [
                {"step": step, **shown.likeliest(model, glyph)} for step, model in models if model is not None
            ]

    def weights(self) -> dict[str, npt.NDArray[np.float32]]:
        """Return the weights that were kept last."""
        found = self._kept.at(self._kept.steps()[-1])
        assert found is not None
        return found

    def _at(self, step: int) -> Sequential | None:
        weights = self._kept.at(step)
        if weights is None or self._model is None:
            return None
        self._model.set_weights(weights)
        return self._model

    def _judged(self) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
        """Return some held-out pictures, and their classes."""
        assert self._samples is not None and self._model is not None
        places = np.flatnonzero(self._samples.split == "val")
        places = places[:: -(-len(places) // JUDGED)]
        return self._samples.images[places], self._samples.indices(self._model.classes, places)

    def _start(self) -> None:
        Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        """Train, from the beginning or on from the last epoch, and tell how it ended."""
        try:
            recipe = recipe_for(self._plan)
            samples = self._samples
            if samples is None:
                samples = load(self._data, recipe, self._plan.samples)
                model = recipe.network(Sequential, recipe.classes or samples.classes())
                with self._turn:
                    self._samples, self._model = samples, model
            goes_on = self._folder.checkpoint.is_file()
            with np.errstate(over="ignore", invalid="ignore"):  # at a rate that is too high
                train(recipe, samples, self._folder, Silent(), resume=goes_on, hooks=[Watch(self)])
        except (DataError, ModelError, ValueError, OSError) as error:
            self._end("failed", " ".join(str(error).split()))
        except MemoryError:
            self._end("failed", "There is not enough memory; take a smaller network or fewer samples.")
        except Exception as error:
            self._end("failed", f"Internal failure, please report it: {defect(error)}")
        else:
            self._end("done")

    def _end(self, state: State, message: str = "") -> None:
        with self._turn:
            self._state, self._message, self._wants_pause = state, message, False
            self._turn.notify_all()

    def begun(self, trainer: Trainer) -> None:
        """Take note of a trainer that begins, or goes on."""
        with self._turn:
            self._state = "running"
            self._steps, self._step = trainer.steps, trainer.optimizer.steps
            trainer.optimizer.rate = self._rate
        self._kept.offer(self._step, trainer.result().weights)

    def stepped(self, trainer: Trainer, loss: float) -> None:
        """Take note of a step; hold the training for as long as it is paused."""
        step = trainer.optimizer.steps
        with self._turn:
            is_last = step == self._steps or self._wants_pause
            self._kept.offer(step, trainer.result().weights, is_last)
            self._step = step
            self._curve.add(step, loss)
            if self._wants_pause:
                self._state, self._wants_pause = "paused", False
                self._turn.notify_all()
                self._turn.wait_for(lambda: self._state != "paused")
            trainer.optimizer.rate = self._rate

    def rated(self, trainer: Trainer, epoch: Epoch) -> None:
        """Take note of an epoch."""
        measured = {
            name: value if np.isfinite(value := getattr(epoch, name)) else None
            for name in ("loss", "accuracy", "val_loss", "val_accuracy", "rate")
        }
        with self._turn:
            self._epochs.append({"step": trainer.optimizer.steps, **measured})


class Watch(Hook):
    """Tells a run of its training."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def begin(self, trainer: Trainer) -> None:
        """The training begins, or goes on."""
        self._run.begun(trainer)

    def step(self, trainer: Trainer, step: int, loss: float) -> None:
        """A step is done."""
        self._run.stepped(trainer, loss)

    def epoch(self, trainer: Trainer, epoch: Epoch) -> None:
        """An epoch is done."""
        self._run.rated(trainer, epoch)
