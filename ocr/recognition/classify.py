"""The glyph network: from glyph pictures to log-probabilities of characters."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nn import losses
from nn.configure import shown
from nn.data.tasks import TASKS
from nn.errors import ModelError
from nn.model import Sequential
from nn.recipe import task_of
from ocr.recognition.placement import Placement
from pipelines.normalize import SIDE

REJECT = ""
"""The reject class: fragments, joined letters, blobs."""

LEAST_REJECT = 0.001
"""Least probability of the reject class for a network without one."""

BUNDLED = Path(__file__).parents[1] / "models" / "reader.safetensors"

Floats = npt.NDArray[np.float32]
_PROBE = np.arange(2, dtype=np.uint8)[:, None, None] * np.full((SIDE, SIDE), 255, np.uint8)
"""An empty glyph and a full one."""


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """The glyph network, with data about its classes.

    Attributes
    ----------
    model : nn.model.Sequential
    task : str
        Which characters the classes distinguish, a key of `nn.data.tasks.TASKS`: whether "A" stands for "a"
        too.
    classes : tuple of str
        Characters; the empty string is the reject class. A model without one gets one, as the last.
    temperature : float
        Divisor of the logits that calibrates the probabilities.
    placement : Placement
        The usual place of each class on its line.
    frequencies : float32 array, shape (C,)
        How frequent letters and digits were in the training data, 1 on average. 1 for all other classes, and
        for all classes if the model does not say.
    rejects : bool array, shape (C,)
        Which classes are reject classes.
    """

    model: Sequential
    task: str
    classes: tuple[str, ...]
    temperature: float
    placement: Placement
    frequencies: Floats
    rejects: npt.NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rejects", np.array([c == REJECT for c in self.classes]))

    def log_probabilities(self, glyphs: npt.NDArray[np.uint8]) -> Floats:
        """Classify glyphs, uint8 (N, 28, 28), in one batch; float32 (N, C)."""
        if not len(glyphs):
            return np.zeros((0, len(self.classes)), np.float32)
        scores = log_softmax(self.model.predict(glyphs) / self.temperature)
        return scores if scores.shape[1] == len(self.classes) else with_reject(scores)


def with_reject(scores: Floats) -> Floats:
    """Return log-probabilities (N, C) of characters, with a reject class appended, (N, C + 1).

    A network without a reject class does not tell how likely a glyph is not a character. The probability that
    it is none of the three likeliest classes is used: small for clear characters, larger for glyphs that look
    like many.

    References
    ----------
    C. K. Chow: On optimum recognition error and reject tradeoff, 1970.
    """
    likely = np.sort(np.exp(scores), axis=1)[:, -3:].sum(axis=1, keepdims=True)
    return log_softmax(np.hstack([scores, np.log(np.maximum(1 - likely, LEAST_REJECT))]))


def log_softmax(logits: Floats) -> Floats:
    """Return the logarithm of the softmax along the last axis, float32."""
    return np.asarray(losses.log_softmax(logits), np.float32)


@lru_cache(maxsize=4)
def load_classifier(path: Path = BUNDLED) -> Classifier:
    """Load a network saved by ``nn``; the bundled one by default.

    Raises
    ------
    nn.errors.ModelError
        The file is missing, damaged, or not a network for glyphs.
    """
    model = Sequential.load(path)
    if model.input_shape != (SIDE, SIDE, 1):
        raise ModelError(f"{path}: takes pictures of {model.input_shape}, a reader's takes {(SIDE, SIDE, 1)}")
    for c in model.classes:
        if c != REJECT and (len(c) != 1 or not c.isprintable() or c.isspace()):
            raise ModelError(f"{path}: classes: {shown(c)}: a reader's are single characters")
    if not np.isfinite(model.predict(_PROBE)).all():
        raise ModelError(f"{path}: gives what is no number; its weights are too large")
    task = task_of(model)
    classes = model.classes if REJECT in model.classes else (*model.classes, REJECT)
    placement = _placement(path, model, classes, task)
    return Classifier(model, task, classes, model.temperature, placement, _frequencies(path, model, classes))


def _placement(path: Path, model: Sequential, classes: tuple[str, ...], task: str) -> Placement:
    """Return the places of characters: the model's own, or those of the bundled model, measured on print."""
    table = model.settings.get("placement")
    if table is None and path != BUNDLED:
        table = load_classifier().model.settings["placement"]
    try:
        return Placement.of(classes, table or {}, TASKS[task])
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(f"{path}: placement: its table of where characters stand is damaged") from error


def _frequencies(path: Path, model: Sequential, classes: tuple[str, ...]) -> Floats:
    table = model.settings.get("frequencies", {})
    try:
        found = np.array([table.get(c, 1.0) for c in classes], np.float32)
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(f"{path}: frequencies: the table is damaged") from error
    if found.ndim != 1 or not (np.isfinite(found).all() and found.min() > 0):
        raise ModelError(f"{path}: frequencies: the table holds what is no positive number")
    return found
