"""What the parts of one application share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from ocr.web.pool import Pool
from ocr.web.settings import Settings
from ocr.web.tasks import Model


@dataclass(slots=True)
class State:
    """The settings, the processes that read, and the network that they read with at present."""

    settings: Settings
    pool: Pool
    model: Model


def state_of(request: Request) -> State:
    """Return the state of the application that a request is for."""
    return cast(State, request.app.state.shared)
