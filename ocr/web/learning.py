"""The routes of learning from corrections, and of the network that is read with."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request

from nn.errors import ModelError
from ocr.web.correcting import corrections
from ocr.web.faults import Refusal, failures
from ocr.web.learner import Lesson
from ocr.web.parameters import StrictRoute
from ocr.web.schemas import Learning, Use, Used
from ocr.web.state import State, state_of

router = APIRouter(prefix="/api", route_class=StrictRoute, tags=["learning"])


@router.post("/learn", response_model=Learning, status_code=202, responses=failures(409, 500))
async def learn(request: Request) -> Any:
    """Begin to learn a copy of the network from all corrections; `GET` tells how it goes."""
    state = state_of(request)
    if state.learner.is_running:
        raise Refusal(409, "It is learning already.", "Wait until it has done.")
    if not (await corrections(request))["total"]:
        raise Refusal(409, "There is nothing to learn from.", "Put some letters right, and keep them.")
    if not state.learner.is_running:  # another request may have come between
        assert state.settings.corrections is not None and state.learned_path is not None
        state.learner.start(Lesson(state.settings.corrections, state.base, state.learned_path))
    return state.learner.now


@router.get("/learn", response_model=Learning)
async def learning_progress(request: Request) -> Any:
    """Return how learning goes."""
    return state_of(request).learner.now


@router.get("/model", response_model=Used)
async def model(request: Request) -> dict[str, Any]:
    """Return which network is read with."""
    return _used(state_of(request))


@router.post("/model", response_model=Used, responses=failures(400, 409, 500))
async def use_model(request: Request, wanted: Use) -> dict[str, Any]:
    """Read with the network that the server was started with, or with the learned one."""
    state = state_of(request)
    if wanted.used == "learned":
        path = state.learned_path
        if path is None or not path.exists():
            raise Refusal(409, "Nothing has been learned yet.", "Put letters right and learn from them.")
        try:
            await asyncio.to_thread(_check, path)
        except ModelError as error:
            raise Refusal(409, str(error), "Learn anew.") from error
    try:
        await asyncio.to_thread(state.choose, wanted.used == "learned")
    except OSError as error:
        raise Refusal(500, f"{error.filename}: {error.strerror or error}", "Put the folder right.") from error
    return _used(state)


def _check(path: Any) -> None:
    from nn.model import Sequential

    Sequential.load(path)


def _used(state: State) -> dict[str, Any]:
    path = state.learned_path
    has_learned = path is not None and path.exists()
    return {
        "used": "learned" if state.uses_learned and has_learned else "bundled",
        "learned": has_learned,
        "base": state.base_name,
        "model": state.model_name,
    }
