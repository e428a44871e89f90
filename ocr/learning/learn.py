"""Trains a copy of a network on a few letters of its user, with almost no forgetting.

Only the last layer is trained. It is fitted to augmented views of the new letters and to features drawn from
the network's memory of its training (`ocr.learning.memory`), for which its output should not change. The loss
is

    mean cross-entropy over the views of all letters + KEEPING * mean over the memory of KL(output before ||
    output now) + stiffness / 2 * |W - W before|^2

which is convex, so that L-BFGS finds the optimum in seconds. The rest of the model (temperature, places,
confidences) is not changed. Its confusion table is measured again, by cross-validation on the new letters;
with too few of them, the new model has none.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from nn.data.tasks import TASKS
from nn.errors import DataError, ModelError
from nn.losses import softmax
from nn.model import Sequential
from nn.predict import called
from nn.recipe import task_of
from nn.threads import cores, in_threads, one_blas_thread
from nn.training.augment import Augment, augment
from ocr.learning.corrections import check_shape
from ocr.learning.last_layer import Floats, LastLayer, take_apart
from ocr.learning.memory import Memory
from pipelines.normalize import SIDE

KEEPING = 100.0
"""Weight of the memory, relative to the new letters."""
STIFFNESS, FEW = 0.2, 20
"""Cost of changing a weight; with more letters than `FEW`, it falls with each letter."""
REMEMBERED = 80
"""Features of each class that are drawn from the memory."""
STEPS = 60
"""Most iterations of L-BFGS."""
VIEWS, MOST_VIEWS = 32, 8000
"""Augmented views per letter, and the most views of all letters together."""
MOST = 20_000
"""Most letters; with more, ``nn train`` should be used."""
FOLDS, FEWEST = 4, 8
"""Folds of the cross-validation that measures the gain, and the least number of letters for it."""
SHOWN = 24
"""Most letters that are named as read otherwise."""
CHANGES = Augment(
    rotation=12,
    shift=1.5,
    zoom=0.12,
    shear=0.2,
    elastic=0.6,
    thickness=0.6,
    contrast=0.5,
    intensity=0.15,
    blur=0.15,
)
"""As for the bundled network, but without cutout."""

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Change:
    """A letter that is read otherwise once others were learned: its place among all, and its readings."""

    place: int
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Learned:
    """The result of learning.

    Attributes
    ----------
    model : Path
        The new model.
    samples : int
        Letters learned from.
    unknown : tuple of str
        Characters without a class in the network; their letters were left out.
    seconds : float
    before, after : float or None
        Accuracy on the letters, 0 to 1, of the base, and by cross-validation after learning; None with fewer
        letters than `FEWEST`.
    kept : float
        Share of the samples from the memory that are read as before.
    changes : tuple of Change
        The letters that are read otherwise by cross-validation, the first `SHOWN` of them.
    """

    model: Path
    samples: int
    unknown: tuple[str, ...]
    seconds: float
    before: float | None
    after: float | None
    kept: float
    changes: tuple[Change, ...] = ()


def learn(
    images: npt.NDArray[np.uint8],
    labels: Sequence[str],
    *,
    base: Path,
    out: Path,
    progress: Progress | None = None,
) -> Learned:
    """Train a copy of a network on letters of its user.

    Parameters
    ----------
    images : uint8 array, shape (N, 28, 28)
        As the network sees them, ink 255 on 0.
    labels : sequence of N str
        A character each; the empty string is "no character".
    base : Path
        The model to start from; it must hold a memory. It may be the result of earlier learning.
    out : Path
        Where the copy is saved, atomically.
    progress : callable, optional
        Called with the share that is done, 0 to 1, and the current step.

    Raises
    ------
    nn.errors.DataError
        There are no letters, or too many; or `out` is `base`.
    nn.errors.ModelError
        The base cannot be loaded, or has no memory.
    ValueError
        The pictures have another shape or dtype.
    OSError
        `out` cannot be written.
    """
    started, tell = time.monotonic(), progress or _say_nothing
    tell(0.0, "Loading the network")
    if out.exists() and out.samefile(base):
        raise DataError(f"{out}: is the model to start from; name another file")
    model = Sequential.load(base)
    places, classes, unknown = _known(images, labels, model)
    lesson = prepare(model, _memory(base, model), images[places], classes, tell)
    at_first, read = lesson.before, held_back(lesson, tell)
    tell(0.8, "Learning")
    matrix = fit(lesson, np.arange(len(classes)))
    fresh = lesson.last.inputs(_memory(base, model).draw(REMEMBERED, np.random.default_rng(1)))
    kept = float(np.mean((fresh @ matrix).argmax(axis=1) == (fresh @ lesson.last.matrix).argmax(axis=1)))
    _save(model, matrix, classes, read, out)
    tell(1.0, "Done")
    before, after = (None, None) if read is None else (at_first, float(np.mean(read == classes)))
    changes = _changes(lesson, read, places, model) if read is not None else ()
    return Learned(out, len(classes), unknown, time.monotonic() - started, before, after, kept, changes)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Letters and memory as inputs of the last layer.

    Attributes
    ----------
    last : LastLayer
    temperature : float
    seen : float32 array, shape (N, V, D + 1)
        The inputs for each letter's views; the first view is unchanged.
    classes : int64 array, shape (N,)
    remembered : float32 array, shape (M, D + 1)
    """

    last: LastLayer
    temperature: float
    seen: Floats
    classes: npt.NDArray[np.int64]
    remembered: Floats

    @property
    def read_before(self) -> npt.NDArray[np.int64]:
        """The class of each letter before learning."""
        return np.asarray((self.seen[:, 0] @ self.last.matrix).argmax(axis=1))

    @property
    def before(self) -> float:
        """Accuracy on the letters before learning."""
        return float(np.mean(self.read_before == self.classes))


def prepare(
    model: Sequential,
    memory: Memory,
    images: npt.NDArray[np.uint8],
    classes: npt.NDArray[np.int64],
    tell: Progress,
) -> Lesson:
    """Augment letters (N, 28, 28), and compute the last layer's inputs for them and for the memory."""
    rng = np.random.default_rng(0)
    last = take_apart(model)
    views = max(1, min(VIEWS, MOST_VIEWS // len(images)))
    changed = np.repeat(images[:, None], views, axis=1).astype(np.float32) / 255
    for k in range(1, views):
        changed[:, k] = augment(images, CHANGES, rng)
    seen = []
    for k, part in enumerate(np.array_split(changed.reshape(-1, SIDE, SIDE), 20)):
        tell(0.4 * k / 20, "Looking at the letters")
        seen.append(last.inputs(last.features(part)))
    remembered = last.inputs(memory.draw(REMEMBERED, rng))
    temperature = model.temperature
    return Lesson(
        last, temperature, np.concatenate(seen).reshape(len(images), views, -1), classes, remembered
    )


def held_back(lesson: Lesson, tell: Progress) -> npt.NDArray[np.int64] | None:
    """Return the class of each letter after learning from the other folds; None with too few letters."""
    count = len(lesson.classes)
    if count < FEWEST:
        return None
    order, read = np.random.default_rng(2).permutation(count), np.zeros(count, np.int64)
    folds, together = np.array_split(order, FOLDS), cores()
    for k in range(0, FOLDS, together):
        tell(0.4 + 0.4 * k / FOLDS, "Trying it on letters held back")
        part = folds[k : k + together]
        matrices = in_threads(lambda held: fit(lesson, np.setdiff1d(order, held)), part)
        for held, matrix in zip(part, matrices, strict=True):
            read[held] = (lesson.seen[held, 0] @ matrix).argmax(axis=1)
    return read


def fit(lesson: Lesson, chosen: npt.NDArray[np.int64]) -> Floats:
    """Return the last layer's matrix (D + 1, C) after learning from the `chosen` letters."""
    start, t = lesson.last.matrix, np.float32(lesson.temperature)
    views = lesson.seen.shape[1]
    new = lesson.seen[chosen].reshape(-1, len(start))
    x = np.concatenate([new, lesson.remembered])
    target = np.zeros((len(x), start.shape[1]), np.float32)
    target[np.arange(len(new)), np.repeat(lesson.classes[chosen], views)] = 1
    target[len(new) :] = softmax(lesson.remembered @ start / t)
    stiffness = STIFFNESS * min(1.0, FEW / len(chosen))
    weight = np.full((len(x), 1), 1 / len(new), np.float32)
    weight[len(new) :] = KEEPING / len(lesson.remembered)

    pull = np.asarray(x.T @ (weight / t * target), np.float64)  # what the targets add to every slope

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        change = flat.reshape(start.shape)
        matrix = start + change.astype(np.float32)
        shares = x @ (matrix / t)
        most = shares.max(axis=1, keepdims=True)
        np.exp(np.subtract(shares, most, out=shares), out=shares)
        total = shares.sum(axis=1, keepdims=True)
        surprise = float((weight * (np.log(total) + most)).sum(dtype=np.float64) - (pull * matrix).sum())
        shares *= weight / t / total
        slope = x.T @ shares - pull + stiffness * change
        return surprise + float(stiffness / 2 * (flat @ flat)), slope.ravel()

    with one_blas_thread():
        found = minimize(loss, np.zeros(start.size), jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    return np.asarray(start + found.x.reshape(start.shape), np.float32)


def _changes(
    lesson: Lesson, read: npt.NDArray[np.int64], places: npt.NDArray[np.int64], model: Sequential
) -> tuple[Change, ...]:
    """Return which letters, at `places` among those given, are read otherwise than before."""
    before = lesson.read_before
    return tuple(
        Change(
            int(places[k]), model.classes[lesson.classes[k]], model.classes[before[k]], model.classes[read[k]]
        )
        for k in np.flatnonzero(before != read)[:SHOWN]
    )


def _known(
    images: npt.NDArray[np.uint8], labels: Sequence[str], model: Sequential
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], tuple[str, ...]]:
    """Return the places of letters with a class in `model`, their classes, and characters without one."""
    check_shape(images, labels)
    class_of = TASKS[task_of(model)]
    index: dict[str | None, int] = {c: k for k, c in enumerate(model.classes)}
    found = np.array([index.get(class_of(label), -1) for label in labels], np.int64)
    unknown = tuple(sorted({label for label in labels if class_of(label) not in index}))
    if not (found >= 0).any():
        foreign = f": the network has no {' '.join(map(called, unknown))}" if unknown else ""
        raise DataError(f"there are no letters to learn from{foreign}")
    if len(found) > MOST:
        raise DataError(f"{len(found)} letters are more than {MOST}; nn train --start learns from so many")
    places = np.flatnonzero(found >= 0)
    return places, found[places], unknown


def _memory(path: Path, model: Sequential) -> Memory:
    table = model.settings.get("memory")
    if table is None:
        raise ModelError(
            f"{path}: remembers nothing of its training, and would forget; "
            "nn train gives a network a memory, and python -m training remember one that is trained"
        )
    try:
        memory = Memory.from_table(table)
        if memory.means.shape != (len(model.classes), len(take_apart(model).dense.params["weight"])):
            raise ValueError("it is of another network")
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ModelError(f"{path}: its memory is damaged ({error})") from error
    return memory


def _save(
    model: Sequential,
    matrix: Floats,
    classes: npt.NDArray[np.int64],
    read: npt.NDArray[np.int64] | None,
    out: Path,
) -> None:
    """Set the new last layer and the confusion table of `model`, and save it."""
    weights = take_apart(model).dense.params
    weights["weight"][...], weights["bias"][...] = matrix[:-1], matrix[-1]
    model.changed()
    model.settings["learned"] = {"samples": len(classes)}
    model.settings.pop("confusion", None)
    if read is not None:
        pairs = Counter(zip(classes.tolist(), read.tolist(), strict=True))
        model.settings["confusion"] = [[*pair, count] for pair, count in sorted(pairs.items())]
    model.save(out)


def _say_nothing(done: float, what: str) -> None:
    pass
