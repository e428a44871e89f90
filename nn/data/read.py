"""Data files as they are given on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nn.data.idx import read_emnist, read_mapping
from nn.data.npz import read_npz
from nn.data.samples import Samples, join
from nn.errors import DataError


def read(paths: Sequence[Path]) -> Samples:
    """Return the samples of all files, one after another.

    A file is the project's ``.npz``, or ``...-images-idx3-ubyte`` (plain or ``.gz``) of EMNIST with its
    ``...-labels-idx1-ubyte`` beside it. Of the latter the split is in the name, and the mapping is taken
    from ``...-mapping.txt`` if that is there too.

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    return join([_read(path) for path in paths])


def _read(path: Path) -> Samples:
    if path.suffix == ".npz":
        return read_npz(path)
    if "-images-idx3-ubyte" not in path.name:
        raise DataError(f"{path}: expected .npz or ...-images-idx3-ubyte, plain or .gz")
    labels = path.with_name(path.name.replace("-images-idx3", "-labels-idx1"))
    name, _, split = path.name.partition("-images-")[0].rpartition("-")
    mapping = path.with_name(f"{name}-mapping.txt")
    samples = read_emnist(path, labels, read_mapping(mapping) if mapping.is_file() else None)
    if split in ("train", "test"):
        samples.split[:] = split
    return samples
