"""Functions that are passed to the command ``nn``, as this package knows nothing of photos or of reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nn.data.pictures import load_picture
from nn.data.samples import Samples
from nn.errors import ModelError
from nn.model import Sequential
from nn.predict import Glyph


def nothing(model: Sequential, samples: Samples) -> None:
    """Leave a trained model unchanged."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Functions for the commands.

    Attributes
    ----------
    glyph : callable
        Finds the letter on a picture; by default all of the picture is taken for it.
    finish : callable
        Adds statistics of the samples to the settings of a trained model; by default nothing.
    models : Path, optional
        Folder of models that can be given by name: "reader" for its ``reader.safetensors``.
    """

    glyph: Glyph = load_picture
    finish: Callable[[Sequential, Samples], None] = nothing
    models: Path | None = None

    def model(self, given: Path) -> Path:
        """Return `given` if it is a file or folder, otherwise the model of that name.

        Raises
        ------
        ModelError
            If there is neither.
        """
        if given.exists() or self.models is None:
            return given
        names = {path.stem: path for path in sorted(self.models.glob("*.safetensors"))}
        if str(given) not in names:
            raise ModelError(f"{given}: no such file; models with names are {', '.join(names)}")
        return names[str(given)]
