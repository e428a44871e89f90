"""Turns a finished training run into the bundled weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nn.calibrate import fit_temperature
from nn.model import Sequential


def frequencies(labels: npt.NDArray[np.str_]) -> dict[str, float]:
    """Return the frequency of each letter and digit among `labels`, (N,), relative to their mean."""
    names, counts = np.unique([label for label in labels.tolist() if label.isalnum()], return_counts=True)
    shares = counts / counts.mean()
    return {str(name): round(float(share), 4) for name, share in zip(names, shares, strict=True)}


def finish(
    model: Sequential,
    images: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.int64],
    learned: npt.NDArray[np.str_],
    places: Mapping[str, Sequence[float]],
    path: Path,
) -> float:
    """Calibrate `model` on validation glyphs, add data about characters, and save it in half precision.

    Parameters
    ----------
    model : nn.model.Sequential
    images : uint8 array, shape (N, 28, 28)
        Validation glyphs.
    labels : int64 array, shape (N,)
        The classes of `images`.
    learned : str array
        The labels of all training glyphs.
    places : mapping
        Places of characters, from `training.places.measure_places`.
    path : Path

    Returns
    -------
    float
        The temperature.
    """
    temperature = fit_temperature(model.predict(images), labels)
    model.settings["temperature"] = round(temperature, 4)
    model.settings["frequencies"] = frequencies(learned)
    model.settings["placement"] = {c: list(place) for c, place in places.items()}
    model.save(path, half=True)
    return temperature
