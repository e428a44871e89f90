"""Data files as they are given on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nn.data.emnist import mapping_beside, told_apart
from nn.data.idx import read_emnist
from nn.data.kaggle import read_csv
from nn.data.mat import read_mat
from nn.data.npz import read_npz
from nn.data.pictures import read_folder
from nn.data.samples import Samples, join
from nn.errors import DataError

IMAGES = "-images-idx3-ubyte"
READERS: dict[str, Callable[[Path], Samples]] = {".npz": read_npz, ".mat": read_mat, ".csv": read_csv}


def read(paths: Sequence[Path]) -> Samples:
    """Return the samples of all files, one after another.

    Each is the project's ``.npz``; a ``.csv`` of pixels; EMNIST's ``.mat``, or its ``...-images-idx3-ubyte``
    (plain or ``.gz``) with ``...-labels-idx1-ubyte`` beside it, or what several of these begin with
    (``emnist-letters``: its training and its test files); or a folder with a folder for each class.

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    return join([_read(path) for path in paths])


def _read(path: Path) -> Samples:
    if path.is_dir():
        return read_folder(path)
    if path.suffix in READERS:
        return READERS[path.suffix](path)
    if IMAGES in path.name:
        return _read_pair(path)
    pairs = sorted(path.parent.glob(f"{path.name}-*{IMAGES}*"))
    if not pairs:
        raise DataError(f"{path}: expected .npz, .mat, .csv, ...{IMAGES} (plain or .gz), or a folder")
    return join([_read_pair(pair) for pair in pairs])


def _read_pair(path: Path) -> Samples:
    labels = path.with_name(path.name.replace("-images-idx3", "-labels-idx1"))
    name, _, split = path.name.partition("-images-")[0].rpartition("-")
    mapping = mapping_beside(path, name)
    samples = replace(read_emnist(path, labels, mapping), task=told_apart(mapping or {}))
    if split in ("train", "test"):
        samples.split[:] = split
    return samples
