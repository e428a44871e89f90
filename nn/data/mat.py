"""EMNIST as MATLAB files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from nn.data.damaged import DAMAGED, cause
from nn.data.numbers import from_points, named
from nn.data.samples import Samples, join
from nn.errors import DataError


def read_mat(path: Path) -> Samples:
    """Return the samples of a MATLAB file of EMNIST, upright, with their splits and their writers.

    It holds ``dataset.mapping`` (a row a label: the label, then code points, as in a mapping file) and, for
    both ``train`` and ``test``, ``images`` uint8 (N, 784) column by column, ``labels`` (N, 1) and
    ``writers`` (N, 1).

    Raises
    ------
    DataError
        Naming the file, and what is wrong with it or was expected.
    """
    dataset = _dataset(path)
    try:
        rows = _array(dataset, "mapping", 2).tolist()
        mapping = {int(label): from_points(map(int, points)) for label, *points in rows}
        return join([_part(_field(dataset, name), name, mapping) for name in ("train", "test")])
    except DAMAGED as error:
        raise DataError(f"{path}: {cause(error)}") from error


def _dataset(path: Path) -> Any:
    """Return the variable ``dataset`` of a MATLAB file, None if it has none."""
    from scipy.io import loadmat

    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        return loadmat(path, appendmat=False, variable_names=["dataset"]).get("dataset")
    except NotImplementedError as error:  # of HDF5
        raise DataError(f"{path}: is of MATLAB 7.3; save it with -v7") from error
    except Exception as error:  # whatever SciPy says of a damaged file
        raise DataError(f"{path}: not a readable MATLAB file ({cause(error)})") from error


def _field(structure: Any, name: str) -> Any:
    """Return a field of a structure of one element, as `scipy.io.loadmat` gives it; None if there is none."""
    is_structure = isinstance(structure, np.ndarray) and structure.size == 1 and structure.dtype.names
    return structure[name].item() if is_structure and name in structure.dtype.names else None


def _array(part: Any, name: str, columns: int) -> Any:
    """Return an array of at least so many columns out of a structure."""
    array = _field(part, name)
    is_numbers = isinstance(array, np.ndarray) and array.dtype.kind in "uif"
    if not is_numbers or array.ndim != 2 or array.shape[1] < columns:
        found = "missing" if array is None else f"{getattr(array, 'shape', 'a structure')}"
        raise DataError(f"{name} in dataset is {found}; expected numbers of {columns} columns or more")
    return array


def _part(part: Any, name: str, mapping: dict[int, str]) -> Samples:
    images, labels = _array(part, "images", 1), _array(part, "labels", 1)[:, 0].astype(np.int64)
    if images.dtype != np.uint8 or images.shape != (len(labels), 784):
        raise DataError(
            f"dataset.{name}.images are {images.dtype} {images.shape} for {len(labels)} labels; "
            f"expected uint8 ({len(labels)}, 784)"
        )
    upright = np.ascontiguousarray(images.reshape(-1, 28, 28).transpose(0, 2, 1))
    writers = _field(part, "writers")
    groups = writers.reshape(-1).astype(np.str_) if isinstance(writers, np.ndarray) else None
    if groups is not None and len(groups) != len(labels):
        raise DataError(f"dataset.{name}.writers are {len(groups)} for {len(labels)} labels")
    given = named(labels, mapping, f"dataset.{name}", "")
    return Samples(upright, given.labels, np.full(len(labels), name, "U5"), groups, given.task)
