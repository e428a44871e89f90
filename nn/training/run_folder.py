"""The files of a training run: recipe, history, best model and checkpoint."""

from __future__ import annotations

import csv
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save as to_bytes

from nn.configure import configure, shown
from nn.errors import ModelError
from nn.files import replacing
from nn.layers.layer import Array
from nn.model import read_tensors
from nn.threads import cores


@dataclass(frozen=True, slots=True)
class Epoch:
    """One line of the history. Rates are 0 to 1; `speed` is in glyphs a second, training alone.

    `gradients` are the standard deviations of the gradients of the weights, by name, at the last step.
    `val_balanced` is the mean accuracy of the classes on validation data, 0 if it is not measured.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    rate: float
    seconds: float
    speed: float
    best: bool
    gradients: dict[str, float] = field(default_factory=dict)
    val_balanced: float = 0.0


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of a run.

    Attributes
    ----------
    path : Path
        Folder with ``run.json`` (recipe as used, data and their fingerprint), ``environment.json`` (machine
        and versions), ``history.csv``, ``checkpoint.safetensors`` (all state for resuming) and
        ``best.safetensors`` (the model).
    """

    path: Path

    @property
    def best(self) -> Path:
        return self.path / "best.safetensors"

    @property
    def checkpoint(self) -> Path:
        return self.path / "checkpoint.safetensors"

    def write_description(self, description: Mapping[str, Any]) -> None:
        """Write ``run.json`` and ``environment.json``, making the folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        with replacing(self.path / "environment.json") as temporary:
            temporary.write_text(json.dumps(environment(), indent=1) + "\n", "utf-8")
        with replacing(self.path / "run.json") as temporary:
            temporary.write_text(json.dumps(description, indent=1, ensure_ascii=False) + "\n", "utf-8")

    def read_description(self) -> dict[str, Any]:
        """Return the content of ``run.json``; ModelError if it is missing or damaged."""
        path = self.path / "run.json"
        try:
            description = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ModelError(f"{path}: cannot be read ({error})") from error
        if not isinstance(description, dict):
            raise ModelError(f"{path}: not a description of a run")
        return description

    def write_history(self, epochs: list[Epoch]) -> None:
        """Write ``history.csv``, a row per epoch, with a column for the gradients of each weight."""
        rows = [asdict(epoch) for epoch in epochs]
        for row in rows:
            row |= {f"gradient {name}": spread for name, spread in row.pop("gradients").items()}
        with replacing(self.path / "history.csv") as temporary, open(temporary, "w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[-1]))
            writer.writeheader()
            writer.writerows(rows)

    def write_checkpoint(self, tensors: Mapping[str, Array], steps: int, epochs: list[Epoch]) -> None:
        """Write all arrays, the optimizer's steps and the history so far."""
        state = json.dumps({"steps": steps, "epochs": [asdict(epoch) for epoch in epochs]})
        with replacing(self.checkpoint) as temporary:
            whole = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
            temporary.write_bytes(to_bytes(whole, {"checkpoint": state}))

    def read_checkpoint(self) -> tuple[dict[str, Array], int, list[Epoch]]:
        """Return the content of a checkpoint; ModelError, naming the file, if it is missing or damaged."""
        tensors, kept = read_tensors(self.checkpoint)
        where = f"{self.checkpoint}: not a checkpoint of this version"
        try:
            state = json.loads(kept["checkpoint"])
            steps, epochs = state["steps"], state["epochs"]
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise ModelError(f"{where} ({error})") from error
        if not isinstance(steps, int) or isinstance(steps, bool) or steps < 0:
            raise ModelError(f"{where}: steps = {shown(steps)}: must be a whole number from 0 on")
        if not isinstance(epochs, list) or not epochs:
            raise ModelError(f"{where}: epochs = {shown(epochs)}: must be a list of epochs")
        return tensors, steps, [_epoch(table, n, where) for n, table in enumerate(epochs, 1)]


def _epoch(table: object, number: int, where: str) -> Epoch:
    """Return an epoch of the history; ModelError if it is invalid, or has another number."""
    where = f"{where}: epoch {number}"
    if not isinstance(table, dict):
        raise ModelError(f"{where}: {shown(table)}: must be a table")
    epoch = configure(Epoch, table, where, finite=False)  # a loss may be NaN
    if epoch.epoch != number:
        raise ModelError(f"{where}: epoch = {epoch.epoch}: must be {number}")
    gradients = epoch.gradients
    if not isinstance(gradients, dict) or not all(isinstance(value, float) for value in gradients.values()):
        raise ModelError(f"{where}: gradients = {shown(gradients)}: must be a table of numbers")
    return epoch


def environment() -> dict[str, Any]:
    """Return what a run depends on besides its recipe and its data: machine and versions."""
    versions = {}
    for name in ("letters-ocr", "numpy"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions | {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": cores(),
    }
