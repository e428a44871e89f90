"""The shared state of an application."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from fastapi import Request

from ocr.recognition.classify import BUNDLED, load_classifier
from ocr.web.choice import LEARNED, remember, was_learned_chosen
from ocr.web.lab_process import Lab
from ocr.web.learner import Learner
from ocr.web.pool import Pool
from ocr.web.settings import Settings
from ocr.web.tasks import Model

BASE = "bundled"
"""Name of the bundled network."""


@dataclass(slots=True)
class State:
    """The settings, the processes that read and learn, and which network is read with."""

    settings: Settings
    pool: Pool
    learner: Learner = field(init=False)
    uses_learned: bool = field(init=False)
    keeping: asyncio.Lock = field(default_factory=asyncio.Lock)
    lab: Lab = field(default_factory=Lab)
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        folder = self.settings.corrections
        self.learner = Learner(folder)
        self.uses_learned = folder is not None and was_learned_chosen(folder, self._base_mark)

    def choose(self, uses_learned: bool) -> None:
        """Read with the learned network or the base, from now on and after a restart.

        Raises
        ------
        OSError
            The folder of the corrections cannot be written to.
        """
        if self.settings.corrections is not None:
            remember(self.settings.corrections, self._base_mark, uses_learned)
        self.uses_learned = uses_learned

    @property
    def base(self) -> Path:
        """The network that the server was started with."""
        return self.settings.model or BUNDLED

    @property
    def base_name(self) -> str:
        """Name of the network that the server was started with."""
        return self.settings.model.name if self.settings.model is not None else BASE

    @property
    def model_name(self) -> str:
        """Name of the network in use."""
        model = self.model
        return Path(model.path).name if model.path is not None else BASE

    @property
    def _base_mark(self) -> str:
        return first_model(self.settings).path or BASE

    @property
    def learned_path(self) -> Path | None:
        """Path of the learned network, which need not exist; None if no corrections are stored."""
        folder = self.settings.corrections
        return folder / LEARNED if folder is not None else None

    @property
    def model(self) -> Model:
        """The network in use."""
        path = self.learned_path if self.uses_learned else None
        try:
            if path is not None:
                return Model(str(path.absolute()), path.stat().st_mtime_ns)
        except OSError:
            self.uses_learned = False  # it was removed: use the other
        return first_model(self.settings)

    def classes(self) -> tuple[str, ...]:
        """Return the characters that a letter may be corrected to; the empty one is "no character"."""
        return load_classifier(self.base).classes


def first_model(settings: Settings) -> Model:
    """Return the network that a server starts with."""
    return Model(str(settings.model.absolute()) if settings.model is not None else None)


def state_of(request: Request) -> State:
    """Return the state of the application that a request is for."""
    return cast(State, request.app.state.shared)
