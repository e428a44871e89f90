"""What a training run leaves behind: its recipe, its history, its best model, and where it got to."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save as to_bytes

from nn.errors import ModelError
from nn.files import replacing
from nn.layers.layer import Array
from nn.model import read_tensors


@dataclass(frozen=True, slots=True)
class Epoch:
    """One line of the history. Rates are 0 to 1; `speed` is in glyphs a second, training alone."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    rate: float
    seconds: float
    speed: float
    best: bool


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The files of a run.

    Attributes
    ----------
    path : Path
        Holds ``run.json`` (recipe as used, data and their fingerprint), ``history.csv``,
        ``checkpoint.safetensors`` (all that resuming needs) and ``best.safetensors`` (the model).
    """

    path: Path

    @property
    def best(self) -> Path:
        return self.path / "best.safetensors"

    @property
    def checkpoint(self) -> Path:
        return self.path / "checkpoint.safetensors"

    def write_description(self, description: Mapping[str, Any]) -> None:
        """Write ``run.json``, making the folder."""
        self.path.mkdir(parents=True, exist_ok=True)
        with replacing(self.path / "run.json") as temporary:
            temporary.write_text(json.dumps(description, indent=1, ensure_ascii=False) + "\n", "utf-8")

    def read_description(self) -> dict[str, Any]:
        """Return what ``run.json`` holds; ModelError if there is no such file or no sense in it."""
        path = self.path / "run.json"
        try:
            description = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise ModelError(f"{path}: cannot be read ({error})") from error
        if not isinstance(description, dict):
            raise ModelError(f"{path}: not a description of a run")
        return description

    def write_history(self, epochs: list[Epoch]) -> None:
        """Write ``history.csv``, a row an epoch."""
        with replacing(self.path / "history.csv") as temporary, open(temporary, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(field.name for field in fields(Epoch))
            writer.writerows(astuple(epoch) for epoch in epochs)

    def write_checkpoint(self, tensors: Mapping[str, Array], steps: int, epochs: list[Epoch]) -> None:
        """Write all arrays, the optimizer's steps and the history so far."""
        state = json.dumps({"steps": steps, "epochs": [asdict(epoch) for epoch in epochs]})
        with replacing(self.checkpoint) as temporary:
            whole = {name: np.ascontiguousarray(array) for name, array in tensors.items()}
            temporary.write_bytes(to_bytes(whole, {"checkpoint": state}))

    def read_checkpoint(self) -> tuple[dict[str, Array], int, list[Epoch]]:
        """Return what `write_checkpoint` wrote; ModelError naming the file if it is not there or damaged."""
        tensors, metadata = read_tensors(self.checkpoint)
        try:
            state = json.loads(metadata["checkpoint"])
            return tensors, int(state["steps"]), [Epoch(**epoch) for epoch in state["epochs"]]
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{self.checkpoint}: not a checkpoint of this version ({error})") from error
