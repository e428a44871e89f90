"""Functions that are passed to the command ``nn``, as this package knows nothing of photos or of reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nn.data.pictures import load_picture
from nn.data.samples import Samples
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
    """

    glyph: Glyph = load_picture
    finish: Callable[[Sequential, Samples], None] = nothing
