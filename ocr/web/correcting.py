"""The routes of corrections: letters that were put right, kept with their glyphs to be learned from."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from nn.errors import DataError
from ocr.web.faults import Refusal, failures
from ocr.web.parameters import StrictRoute
from ocr.web.schemas import GLYPH, LOT, Added, Kept, Lot
from ocr.web.state import state_of
from pipelines.normalize import SIDE

if TYPE_CHECKING:
    from ocr.learning.corrections import Corrections

Result = TypeVar("Result")
router = APIRouter(prefix="/api", route_class=StrictRoute, tags=["corrections"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get("/corrections", response_model=Kept, responses=failures(500))
async def corrections(request: Request) -> dict[str, Any]:
    """Tell where corrections are kept, and how many there are of each character."""
    if state_of(request).settings.corrections is None:
        return {"folder": None, "total": 0, "classes": {}}
    return await _with(request, _kept)


@router.post("/corrections", response_model=Added, status_code=201, responses=failures(400, 409, 422, 500))
async def add_corrections(request: Request, lot: Lot) -> dict[str, Any]:
    """Keep letters with what they are."""
    import numpy as np

    images = np.frombuffer(b"".join(map(decoded, (one.glyph for one in lot.glyphs))), np.uint8)
    labels = [one.label for one in lot.glyphs]
    unknown = sorted(set(labels) - set(state_of(request).classes()))
    if unknown:
        raise Refusal(422, f"{unknown[0]!r} is no character that the network knows.", "Choose another.")

    def kept(corrections: Corrections) -> dict[str, Any]:
        number = corrections.add(images.reshape(-1, SIDE, SIDE), labels, lot.source)
        return {**_kept(corrections), "lot": str(number)}

    return await _with(request, kept)


@router.delete("/corrections/last", response_model=Kept, responses=failures(409, 500))
async def take_back_corrections(request: Request) -> dict[str, Any]:
    """Forget what was kept last."""

    def kept(corrections: Corrections) -> dict[str, Any]:
        corrections.take_back()
        return _kept(corrections)

    return await _with(request, kept)


@router.delete("/corrections/{lot}", response_model=Kept, responses=failures(400, 404, 409, 500))
async def take_back_lot(
    request: Request,
    lot: Annotated[str, InPath(pattern=LOT, description="As it was answered when the letters were kept.")],
    place: Annotated[
        int | None, Query(ge=0, lt=200, description="Of the only letter to forget, counted from 0.")
    ] = None,
) -> dict[str, Any]:
    """Forget what was kept at one time, or one letter of it."""

    def kept(corrections: Corrections) -> dict[str, Any]:
        if not corrections.take_back(int(lot), place):
            raise Refusal(404, "This is not kept, or no longer.", "GET /api/corrections tells what is.")
        return _kept(corrections)

    return await _with(request, kept)


@router.get(
    "/corrections.npz",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": _BINARY}}, **failures(409, 500)},
)
async def corrections_npz(request: Request) -> FileResponse:
    """Download all that is kept as the project's ``.npz``."""

    def write(corrections: Corrections, folder: Path) -> Path:
        corrections.to_npz(folder / "corrections.npz")
        return folder / "corrections.npz"

    return await _download(request, write, "application/octet-stream")


@router.get(
    "/corrections.zip",
    response_class=FileResponse,
    responses={200: {"content": {"application/zip": _BINARY}}, **failures(409, 500)},
)
async def corrections_zip(request: Request) -> FileResponse:
    """Download all that is kept as pictures, in a folder for each character."""

    def write(corrections: Corrections, folder: Path) -> Path:
        corrections.to_folder(folder / "corrections")
        return Path(shutil.make_archive(str(folder / "corrections"), "zip", folder, "corrections"))

    return await _download(request, write, "application/zip")


async def _download(
    request: Request, write: Callable[[Corrections, Path], Path], media_type: str
) -> FileResponse:
    """Send a file that is made for it, and removed afterwards."""

    def made(corrections: Corrections) -> Path:
        if not corrections.counts():
            raise Refusal(409, "No corrections are kept yet.", "Put some letters right first.")
        folder = Path(tempfile.mkdtemp(prefix="ocr-serve-"))
        try:
            return write(corrections, folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    path = await _with(request, made)
    remove = BackgroundTask(shutil.rmtree, path.parent, ignore_errors=True)
    return FileResponse(path, media_type=media_type, filename=path.name, background=remove)


async def _with(request: Request, do: Callable[[Corrections], Result]) -> Result:
    """Do something with what is kept, off the event loop and one thing at a time."""
    from ocr.learning.corrections import Corrections

    state = state_of(request)
    folder = state.settings.corrections
    if folder is None:
        raise Refusal(
            409, "The server keeps no corrections.", "Start it with ocr serve --corrections FOLDER."
        )
    async with state.keeping:
        try:
            return await asyncio.to_thread(do, Corrections(folder))
        except OSError as error:
            name = os.fsdecode(error.filename or folder)
            raise Refusal(500, f"{name}: {error.strerror or error}", "Put the folder right.") from error
        except DataError as error:
            raise Refusal(500, str(error), "Remove that file.") from error
        except ValueError as error:
            raise Refusal(422, f"{error}.", "Send letters as /api/inspect gives them.") from error


def _kept(corrections: Corrections) -> dict[str, Any]:
    classes = corrections.counts()
    return {"folder": str(corrections.folder), "total": sum(classes.values()), "classes": classes}


def decoded(glyph: str) -> bytes:
    """Return the bytes of a glyph from base64."""
    try:
        content = b64decode(glyph, validate=True)
    except ValueError as error:
        raise Refusal(422, "A glyph is no base64.", "Send 784 bytes in base64.") from error
    if len(content) != GLYPH:
        raise Refusal(422, f"A glyph has {len(content)} bytes.", "Send 784 bytes in base64.")
    return content
