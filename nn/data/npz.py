"""The project's own data files: NumPy ``.npz``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from nn.data.damaged import DAMAGED, cause
from nn.data.numbers import Named, mapping_beside, named, with_file
from nn.data.samples import SPLITS, Samples
from nn.data.tasks import TASKS
from nn.errors import DataError
from nn.files import replacing

NAMES = ("images", "labels", "split", "group", "classes", "task")
KERAS = ("x_train", "y_train", "x_test", "y_test")

Arrays = dict[str, npt.NDArray[Any]]


def read_npz(path: str | Path) -> Samples:
    """Return the samples in an ``.npz`` file.

    It holds ``images``, uint8 (N, H, W) with ink high, and ``labels``, str (N,), where the empty string is
    "not a character". It may hold ``split``, str (N,) of train, val and test; ``group`` (N,); and ``task``,
    str, a key of `nn.data.tasks.TASKS`: "letters" if a capital stands for the small letter too. Labels may
    also be numbers: ``classes``, str (C,), then says what each stands for, or a mapping file beside it (see
    `nn.data.numbers`). Keras' ``x_train``, ``y_train``, ``x_test`` and ``y_test`` are taken for images and
    labels of two splits. Other arrays are left alone.

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    path = Path(path)
    arrays = _load(path, (*NAMES, *KERAS))
    images, labels = _images(path, arrays), _labels(path, arrays)
    split = arrays.get("split", np.full(len(images), "", "U5"))
    if labels.dtype.kind in "iu" and labels.ndim == 1:
        given = _named(path, labels, arrays.get("classes"))
    else:
        given = Named(labels)
    for name, texts in (("labels", given.labels), ("split", split)):
        if texts.dtype.kind != "U" or texts.shape != (len(images),):
            raise DataError(f"{path}: {name} are {texts.dtype} {texts.shape}; expected str ({len(images)},)")
    unknown = sorted(set(np.unique(split).tolist()) - {*SPLITS, ""})
    if unknown:
        raise DataError(f"{path}: split holds {unknown[0]!r}; expected {', '.join(SPLITS)}")
    task = str(arrays["task"]) if "task" in arrays else given.task
    if task not in TASKS:
        raise DataError(f"{path}: task is {task!r}; expected one of {', '.join(filter(None, TASKS))}")
    groups = arrays.get("group")
    groups = groups.astype(np.str_) if groups is not None and groups.shape == labels.shape else None
    return Samples(images, given.labels, split, groups, task, given.notes)


def read_npz_images(path: Path) -> npt.NDArray[np.uint8]:
    """Return the pictures in an ``.npz`` file, uint8 (N, H, W), whatever else it holds.

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    return _images(path, _load(path, ("images", *KERAS)))


def _load(path: Path, names: tuple[str, ...]) -> Arrays:
    """Return the named arrays; those of Keras are renamed and joined."""
    try:
        with open(path, "rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in names if name in file.files}
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except DAMAGED as error:
        raise DataError(f"{path}: not a readable .npz file ({cause(error)})") from error
    given = [name for name in KERAS if name in arrays]
    if "images" in arrays or not given:
        return arrays
    splits = [name for name in ("train", "test") if f"x_{name}" in arrays]
    try:
        lengths = [len(arrays[f"x_{name}"]) for name in splits]
        arrays["images"] = np.concatenate([arrays[f"x_{name}"] for name in splits])
        arrays["labels"] = np.concatenate([arrays[f"y_{name}"] for name in splits])
        arrays["split"] = np.repeat(splits, lengths)
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: {', '.join(given)} do not fit each other ({cause(error)})") from error
    return arrays


def _images(path: Path, arrays: Arrays) -> npt.NDArray[np.uint8]:
    images = arrays.get("images")
    if images is None:
        raise DataError(f"{path}: holds no array 'images'; expected images, labels, or x_train, y_train")
    if images.ndim == 4 and images.shape[3] == 1:
        images = images[..., 0]
    if images.dtype != np.uint8 or images.ndim != 3:
        raise DataError(f"{path}: images are {images.dtype} {images.shape}; expected uint8 (N, H, W)")
    return images


def _labels(path: Path, arrays: Arrays) -> npt.NDArray[Any]:
    if "labels" not in arrays:
        raise DataError(f"{path}: holds no array 'labels'; expected images and labels")
    return arrays["labels"]


def _named(path: Path, numbers: npt.NDArray[np.integer[Any]], classes: npt.NDArray[Any] | None) -> Named:
    """Return the names of numeric labels: by `classes`, a mapping file, or the name of the file."""
    if classes is None:
        how = "add an array 'classes' to it, str, with the character of label k at place k, or "
        return named(numbers, mapping_beside(path, path.stem), path, how + with_file(path, path.stem))
    if classes.dtype.kind != "U" or classes.ndim != 1:
        raise DataError(f"{path}: classes are {classes.dtype} {classes.shape}; expected str (C,)")
    return named(numbers, dict(enumerate(classes.tolist())), path, "")


def write_npz(path: Path, samples: Samples) -> None:
    """Write samples for `read_npz`, atomically."""
    arrays = {"images": samples.images, "labels": samples.labels, "split": samples.split}
    if samples.groups is not None:
        arrays["group"] = samples.groups
    if samples.task:
        arrays["task"] = np.array(samples.task)
    with replacing(path) as temporary, open(temporary, "wb") as file:
        write_arrays(file, arrays)


def write_arrays(file: BinaryIO, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write arrays by their names, compressed, as `numpy.load` reads them.

    NumPy before 2.1 would take `allow_pickle` for one more array, so it is not given.
    """
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
