"""The project's own data files: NumPy ``.npz``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nn.data.damaged import DAMAGED, cause
from nn.data.emnist import LABELS
from nn.data.idx import as_text
from nn.data.samples import SPLITS, Samples
from nn.errors import DataError
from nn.files import replacing

NAMES = ("images", "labels", "split", "group")


def read_npz(path: str | Path) -> Samples:
    """Return the samples in an ``.npz`` file.

    It holds ``images``, uint8 (N, H, W) with ink high, ``labels``, str (N,), where the empty string is
    "not a character", and may hold ``split``, str (N,) of train, val and test, and ``group`` (N,).
    Labels may also be numbers, those of EMNIST's Letters: 1 to 26, of either case. Other arrays are left
    alone.

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    try:
        with open(path, "rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in NAMES if name in file.files}
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except DAMAGED as error:
        raise DataError(f"{path}: not a readable .npz file ({cause(error)})") from error
    for name in ("images", "labels"):
        if name not in arrays:
            raise DataError(f"{path}: holds no array {name!r}; expected images and labels")
    images, labels = arrays["images"], arrays["labels"]
    split, task = arrays.get("split", np.full(len(images), "", "U5")), ""
    if images.dtype != np.uint8 or images.ndim != 3:
        raise DataError(f"{path}: images are {images.dtype} {images.shape}; expected uint8 (N, H, W)")
    if labels.dtype.kind in "iu" and labels.ndim == 1:
        labels, task = as_text(labels, LABELS["letters"], path), "letters"
    for name, texts in (("labels", labels), ("split", split)):
        if texts.dtype.kind != "U" or texts.shape != (len(images),):
            raise DataError(f"{path}: {name} are {texts.dtype} {texts.shape}; expected str ({len(images)},)")
    unknown = sorted(set(np.unique(split).tolist()) - {*SPLITS, ""})
    if unknown:
        raise DataError(f"{path}: split holds {unknown[0]!r}; expected {', '.join(SPLITS)}")
    groups = arrays.get("group")
    if groups is None or groups.shape != labels.shape:
        return Samples(images, labels, split, None, task)
    return Samples(images, labels, split, groups.astype(np.str_), task)


def write_npz(path: Path, samples: Samples) -> None:
    """Write what `read_npz` reads; the file is there whole or not at all."""
    arrays = {"images": samples.images, "labels": samples.labels, "split": samples.split}
    if samples.groups is not None:
        arrays["group"] = samples.groups
    with replacing(path) as temporary, open(temporary, "wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
