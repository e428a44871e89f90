"""EMNIST as MATLAB files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from nn.data.damaged import DAMAGED, cause
from nn.data.idx import as_text
from nn.data.samples import Samples, join
from nn.errors import DataError


def read_mat(path: Path) -> Samples:
    """Return the samples of a MATLAB file of EMNIST, upright, with their splits and their writers.

    It holds ``dataset.mapping`` (a row a label: the label, then code points, of which the first counts)
    and, for both ``train`` and ``test``, ``images`` uint8 (N, 784) column by column, ``labels`` (N, 1)
    and ``writers`` (N, 1).

    Raises
    ------
    DataError
        Naming the file and what was expected.
    """
    try:
        with open(path, "rb") as file:
            dataset = loadmat(file, simplify_cells=True)["dataset"]
        mapping = {int(row[0]): chr(int(row[1])) for row in dataset["mapping"]}
        return join([_part(dataset[name], name, mapping, path) for name in ("train", "test")])
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except KeyError as error:
        raise DataError(f"{path}: holds no {error}; expected dataset with train, test and mapping") from error
    except DataError:
        raise
    except (MatReadError, *DAMAGED) as error:
        raise DataError(
            f"{path}: of {path.stat().st_size} bytes, not a readable MATLAB 5 file of EMNIST ({cause(error)})"
        ) from error


def _part(part: dict[str, Any], name: str, mapping: dict[int, str], path: Path) -> Samples:
    images, labels = np.asarray(part["images"]), np.atleast_1d(part["labels"]).astype(np.int64)
    if images.dtype != np.uint8 or images.ndim != 2 or images.shape != (len(labels), 784):
        raise DataError(
            f"{path}: dataset.{name}.images are {images.dtype} {images.shape} for {len(labels)} labels; "
            f"expected uint8 ({len(labels)}, 784)"
        )
    upright = np.ascontiguousarray(images.reshape(-1, 28, 28).transpose(0, 2, 1))
    texts = as_text(labels, mapping, f"{path}: dataset.{name}")
    writers = np.atleast_1d(part["writers"]).astype(np.str_) if "writers" in part else None
    return Samples(upright, texts, np.full(len(labels), name, "U5"), writers)
