"""Checks of arrays by scikit-learn's conventions, with its messages.

Its own error and warning classes are used if it is loaded; it need not be installed.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt


def samples_in(
    X: Any, names: Any = None, estimator: str = "this estimator"
) -> tuple[npt.NDArray[Any], npt.NDArray[Any] | None]:
    """Return samples as an array, uint8 or float32 (N, ...), and what their columns are called, if anything.

    Parameters
    ----------
    X : array, table or nested lists
    names : array of str, optional
        Names of the columns in training; tables without names give a warning, other names an error.
    estimator : str
        Name of the estimator.

    Raises
    ------
    ValueError, TypeError
        If X is empty, or holds anything except finite real numbers.
    """
    if hasattr(X, "toarray") and hasattr(X, "nnz"):
        raise TypeError("Sparse data was passed for X, but dense data is required; use X.toarray()")
    own = _column_names(X)
    _compare_names(own, names, estimator)
    array = np.asarray(X)
    if array.dtype.kind == "c":
        raise ValueError(f"Complex data not supported\n{array.dtype}")
    if array.dtype.kind not in "biuf":
        array = array.astype(np.float64)
    if array.ndim < 2:
        raise ValueError(
            f"Expected 2D array, got {array.ndim}D array instead; a row for each sample. Reshape your data "
            "either using array.reshape(-1, 1) or array.reshape(1, -1)"
        )
    if array.ndim > 4:
        raise ValueError(f"Found array with dim {array.ndim}; expected (N, features) or (N, H, W, channels)")
    if not len(array):
        raise ValueError(
            f"Found array with 0 sample(s) (shape={array.shape}) while a minimum of 1 is required."
        )
    if not array.size:
        raise ValueError(f"0 feature(s) (shape={array.shape}) while a minimum of 1 is required.")
    if array.dtype == np.uint8:
        return array, own
    with np.errstate(over="ignore"):
        array = array.astype(np.float32)
    if not np.isfinite(array).all():
        raise ValueError("Input X contains NaN, infinity or a value too large for float32.")
    return array, own


def class_labels(y: Any, count: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """Return the class index of each label, and the sorted classes.

    Raises
    ------
    ValueError
        If they are not labels, or not `count` of them.
    """
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None.")
    labels = np.asarray(y)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels.ravel()
    if labels.ndim != 1:
        raise ValueError(f"y should be a 1d array, got an array of shape {labels.shape} instead.")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all():
            raise ValueError("Input y contains NaN or infinity.")
        if (labels != np.floor(labels)).any():
            raise ValueError(
                "Unknown label type: continuous. Maybe you are trying to fit a regression target."
            )
    if len(labels) != count:
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: [{count}, {len(labels)}]"
        )
    classes, places = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"y holds one class, {classes[0]!r}; there must be at least two different classes")
    return places.ravel().astype(np.int64), classes


def warn_of_column(y: Any) -> None:
    """Warn if labels are a column of a table, as scikit-learn does."""
    if np.asarray(y).ndim == 2:
        kind = _theirs("DataConversionWarning") or UserWarning
        message = "A column-vector y was passed when a 1d array was expected; use y.ravel()."
        warnings.warn(message, kind, stacklevel=3)


def not_fitted(message: str) -> Exception:
    """Return the error for a prediction before training."""
    kind = _theirs("NotFittedError") or ValueError
    made: Exception = kind(message)
    return made


def _theirs(name: str) -> Any:
    """Return one of scikit-learn's exceptions, if it is loaded."""
    return getattr(sys.modules.get("sklearn.exceptions"), name, None)


def _column_names(X: Any) -> npt.NDArray[Any] | None:
    """Return the names of a table's columns, if all are text."""
    columns = getattr(X, "columns", None)
    if columns is None or not len(columns) or not all(isinstance(name, str) for name in columns):
        return None
    return np.asarray(columns, object)


def _compare_names(own: Any, learned: Any, estimator: str) -> None:
    """Warn or raise if column names differ from those in training."""
    if learned is None:
        return
    if own is None:
        warnings.warn(
            f"X does not have valid feature names, but {estimator} was fitted with feature names",
            stacklevel=4,
        )
    elif list(own) != list(learned):
        names = ", ".join(map(str, learned))
        raise ValueError(f"The feature names should match those that were passed during fit: {names}")
