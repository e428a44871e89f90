"""The routes that show the network in use."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ocr.web.correcting import decoded
from ocr.web.faults import failures
from ocr.web.reading import QueuedRoute, answer_to
from ocr.web.schemas import Activations, Compared, Network, OneGlyph, Tiles
from ocr.web.state import state_of
from ocr.web.tasks import Task

router = APIRouter(prefix="/api", route_class=QueuedRoute, tags=["network"])
ERRORS = failures(400, 408, 413, 422, 500, 503, 504)


@router.get("/network", response_model=Network, responses=failures(400, 500, 503, 504))
async def network(request: Request) -> Response:
    """Describe the network that is read with: its layers, its filters, and what it mixes up."""
    state = state_of(request)
    return await answer_to(request, state, lambda: Task("network", state.model))


@router.post("/activations", response_model=Activations, responses=ERRORS)
async def activations(request: Request, shown: OneGlyph) -> Response:
    """Show what a glyph sets off in the network."""
    state, glyph = state_of(request), decoded(shown.glyph)
    return await answer_to(request, state, lambda: Task("activations", state.model, glyph))


@router.post("/occlusion", response_model=Tiles, responses=ERRORS)
async def occlusion(request: Request, shown: Compared) -> Response:
    """Show which parts of a glyph speak for a character, more than 0, and which against it."""
    state, glyph = state_of(request), decoded(shown.glyph)
    compared = (shown.text, shown.rival)
    return await answer_to(request, state, lambda: Task("occlusion", state.model, glyph, compared=compared))
