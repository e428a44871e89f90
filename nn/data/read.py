"""Reads data files of all kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nn.data.idx import IMAGES, SPLIT, read_pair
from nn.data.kaggle import read_csv
from nn.data.mat import read_mat
from nn.data.npz import read_npz
from nn.data.pictures import read_folder
from nn.data.samples import Samples, join
from nn.errors import DataError

READERS: dict[str, Callable[[Path], Samples]] = {".npz": read_npz, ".mat": read_mat, ".csv": read_csv}


def read(paths: Sequence[Path]) -> Samples:
    """Return the samples of all files, one after another.

    Each is the project's or Keras' ``.npz``; a ``.csv`` of pixels; EMNIST's ``.mat``; a
    ``...-images-idx3-ubyte`` (plain or ``.gz``) of MNIST or EMNIST with ``...-labels-idx1-ubyte`` beside it,
    or what several of these begin with (``emnist-letters``: its training and its test files), or the folder
    that MNIST's are in; or a folder with a folder for each class.

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    return join([_read(path) for path in paths])


def _read(path: Path) -> Samples:
    if path.is_dir():
        pairs = _pairs(path, "")
        return join(list(map(read_pair, pairs))) if pairs else read_folder(path)
    if path.suffix in READERS:
        return READERS[path.suffix](path)
    if IMAGES.fullmatch(path.name):
        return read_pair(path)
    pairs = _pairs(path.parent, f"{path.name}-")
    if not pairs:
        raise DataError(
            f"{path}: expected .npz, .mat, .csv, ...-images-idx3-ubyte (plain or .gz), or a folder"
        )
    return join(list(map(read_pair, pairs)))


def _pairs(folder: Path, begins: str) -> list[Path]:
    """Return the picture files with this prefix, one for each part; uncompressed ones are preferred."""
    parts: dict[str, Path] = {}
    for file in sorted(folder.glob("*-images*")):
        found = IMAGES.fullmatch(file.name)
        if found and (found["name"] or "") == begins and (begins or found["part"] in SPLIT):
            parts.setdefault(found["part"], file)
    return list(parts.values())
