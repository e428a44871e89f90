"""The routes of the laboratory: training that is watched, stopped, gone on with and looked into."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath

from ocr.lab.plan import EPOCHS, Plan, description, recipes
from ocr.lab.sets import DataSet, data_sets
from ocr.web.correcting import decoded
from ocr.web.faults import Refusal, failures
from ocr.web.lab_process import NothingTrains
from ocr.web.lab_schemas import (
    Answers,
    Choices,
    GoOn,
    LabGlyph,
    Reading,
    RecipeShown,
    Standing,
    StepShown,
    Wanted,
)
from ocr.web.parameters import StrictRoute
from ocr.web.state import State, state_of
from pipelines.normalize import SIDE

router = APIRouter(prefix="/api/lab", route_class=StrictRoute, tags=["lab"])
Step = Annotated[int, InPath(ge=0, le=2**31, description="One of the saved steps.")]


@router.get("/choices", response_model=Choices)
async def lab_choices(request: Request) -> Choices:
    """Tell what can be learned from, and by which recipes."""
    sets = await asyncio.to_thread(_sets, state_of(request))
    return Choices(data=list(sets), recipes=await asyncio.to_thread(_recipes))


@router.get("", response_model=Standing)
async def lab_standing(request: Request) -> Any:
    """Tell how the run stands."""
    return await _standing(state_of(request))


@router.post("", response_model=Standing, status_code=202, responses=failures(400, 409, 422))
async def lab_start(request: Request, wanted: Wanted) -> Any:
    """Begin a run, in place of one that is paused or over."""
    state = state_of(request)
    sets = await asyncio.to_thread(_sets, state)
    if wanted.data not in sets:
        raise Refusal(422, f"{wanted.data[:100]!r} is no data that there are.", _look_at("data"))
    if wanted.recipe not in await asyncio.to_thread(recipes):
        raise Refusal(422, f"{wanted.recipe!r} is no recipe that there is.", _look_at("recipes"))
    async with state.starting:
        if (await _standing(state))["state"] in ("starting", "running"):
            raise Refusal(409, "Another run is going on.", "Pause it first.")
        plan = Plan(**wanted.model_dump())
        await asyncio.to_thread(state.lab.start, plan, sets[wanted.data], state.settings.megabytes)
    return await _standing(state)


@router.post("/pause", response_model=Standing, responses=failures(409))
async def lab_pause(request: Request) -> Any:
    """Hold the run after the step that it is at."""
    state = state_of(request)
    await _ask(state, "pause")
    return await _standing(state)


@router.post("/go-on", response_model=Standing, responses=failures(400, 409))
async def lab_go_on(request: Request, how: GoOn) -> Any:
    """Go on with a run that is paused or over, or change the rate of one that is going on."""
    state = state_of(request)
    if (await _ask(state, "now"))["epochs"] + how.epochs > EPOCHS:
        raise Refusal(409, f"A run has at most {EPOCHS} epochs.", "Begin another run.")
    await _ask(state, "go_on", how.rate, how.epochs)
    return await _standing(state)


@router.delete("", status_code=204, response_class=Response)
async def lab_forget(request: Request) -> Response:
    """End the run, and forget it."""
    await asyncio.to_thread(state_of(request).lab.stop)
    return Response(status_code=204)


@router.get("/steps/{step}", response_model=StepShown, responses=failures(400, 404, 409))
async def lab_step(request: Request, step: Step) -> Any:
    """Show filters, weights and mix-ups after a step."""
    return _kept(await _ask(state_of(request), "look", step))


@router.post("/steps/{step}/answers", response_model=Answers, responses=failures(400, 404, 409, 413, 422))
async def lab_answers(request: Request, step: Step, shown: LabGlyph) -> Any:
    """Show what every layer gives for a glyph after a step."""
    return _kept(await _ask(state_of(request), "answers", step, _glyph(shown)))


@router.post("/course", response_model=list[Reading], responses=failures(400, 409, 413, 422))
async def lab_course(request: Request, shown: LabGlyph) -> Any:
    """Tell what a glyph is read as after each saved step."""
    return await _ask(state_of(request), "course", _glyph(shown))


def _sets(state: State) -> dict[str, DataSet]:
    return data_sets(state.settings.corrections, state.settings.data)


def _recipes() -> list[RecipeShown]:
    return [
        RecipeShown(
            name=name,
            says=description(name),
            rate=recipe.optimizer["rate"],
            epochs=min(recipe.train.epochs, EPOCHS),
            batch_size=recipe.train.batch_size,
            layers=[str(layer["type"]) for layer in recipe.layers],
        )
        for name, recipe in recipes().items()
    ]


async def _standing(state: State) -> dict[str, Any]:
    try:
        return {**await asyncio.to_thread(state.lab.ask, "now")}
    except NothingTrains as error:
        return {"state": "failed" if str(error) else "idle", "message": str(error)}


async def _ask(state: State, name: str, *arguments: object) -> Any:
    try:
        return await asyncio.to_thread(state.lab.ask, name, *arguments)
    except NothingTrains as error:
        raise Refusal(409, str(error) or "Nothing has been trained yet.", "Begin a run.") from error


def _kept(found: Any) -> Any:
    if found is None:
        raise Refusal(404, "This step is not kept, or no longer.", "GET /api/lab tells which are saved.")
    return found


def _glyph(shown: LabGlyph) -> Any:
    return np.frombuffer(decoded(shown.glyph), np.uint8).reshape(SIDE, SIDE)


def _look_at(what: str) -> str:
    return f"GET /api/lab/choices tells which {what} there are."
