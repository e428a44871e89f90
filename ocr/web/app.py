"""The application: the page, and the API under ``/api``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.staticfiles import StaticFiles

from ocr.formats import formats
from ocr.web import access, correcting, lab, learning, network, paged, reading
from ocr.web.bundle import scripts_in, styles_in
from ocr.web.faults import tell_of_errors
from ocr.web.guard import Guard
from ocr.web.openapi import describe
from ocr.web.parameters import StrictRoute
from ocr.web.pool import Pool
from ocr.web.schemas import FormatShown, Health
from ocr.web.settings import Settings
from ocr.web.state import State, first_model, state_of
from ocr.web.tasks import Start
from ocr.web.uploads import Uploads
from ocr.web.worker import LINES

STATIC = Path(__file__).parent / "static"
UNCOMPRESSED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, LINES, "application/octet-stream", "application/pdf")
"""Media types that are not compressed: they are compressed already, or are sent line by line without
delay."""
router = APIRouter(prefix="/api", route_class=StrictRoute, tags=["server"])


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return an application for an ASGI server; its processes live as long as its lifespan.

    Parameters
    ----------
    settings : Settings, optional
        By default for this machine alone.

    Examples
    --------
    >>> create_app().title
    'letters-ocr'
    """
    settings = settings or Settings()
    start = Start(settings.max_pixels, settings.megabytes, first_model(settings))
    state = State(settings, Pool(start, settings.jobs, settings.waiting))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            async with state.pool.running():
                yield
        finally:
            state.learner.stop()
            state.lab.stop()

    app = FastAPI(
        title="letters-ocr",
        summary="Reads hand-printed letters and plain print from photos and scans.",
        version=version("letters-ocr"),
        lifespan=lifespan,
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        openapi_url=None,  # it has a route of ours
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.shared = state
    for routes in (reading, paged, correcting, learning, network, lab):
        app.include_router(routes.router)
    app.include_router(router)
    if settings.token is not None:
        app.include_router(access.router)
    app.add_route("/", page, methods=["GET", "HEAD"], include_in_schema=False)
    for path, bundle in {**scripts_in(STATIC), "/static/page.css": styles_in(STATIC)}.items():
        app.add_route(path, bundle.answer, methods=["GET", "HEAD"], include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False))
    tell_of_errors(app)
    describe(app, settings)
    app.add_middleware(GZipMiddleware, compresslevel=6, exclude_content_types=UNCOMPRESSED)
    app.add_middleware(Uploads, settings=settings)
    app.add_middleware(Guard, settings=settings)
    return app


async def page(_: Request) -> FileResponse:
    """Return the page."""
    return FileResponse(STATIC / "index.html", media_type="text/html")


@router.head("/health", include_in_schema=False)
@router.get("/health", response_model=Health)
async def health(request: Request) -> dict[str, Any]:
    """Tell that the server is there, what it reads with, and how much waits to be read."""
    state = state_of(request)
    return {
        "status": "ok",
        "version": version("letters-ocr"),
        "model": state.model_name,
        "waiting": state.pool.taken,
        "capacity": state.pool.capacity,
        "max_bytes": state.settings.max_bytes,
        "max_pixels": state.settings.max_pixels,
        "folder": state.settings.corrections is not None,
    }


@router.get("/formats", response_model=list[FormatShown])
async def all_formats() -> list[FormatShown]:
    """Tell in which formats a reading can be written."""
    return [
        FormatShown(
            name=one.name,
            title=one.title,
            media_type=one.media_type,
            extension=one.extension,
            shows_picture=one.shows_picture,
            one_page=one.one_page,
        )
        for one in formats().values()
    ]


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> dict[str, Any]:
    """Return the document that describes the API."""
    return cast(dict[str, Any], request.app.openapi())
