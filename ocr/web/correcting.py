"""The routes of corrections: corrected letters, stored with their glyphs to learn from."""

from __future__ import annotations

import asyncio
import errno
import os
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TypeVar

from fastapi import APIRouter, Query, Request
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse

from nn.errors import DataError
from ocr.commands.console import tell
from ocr.web.faults import Refusal, failures
from ocr.web.parameters import StrictRoute
from ocr.web.schemas import GLYPH, LOT, Added, Examples, Kept, Lot
from ocr.web.state import state_of
from pipelines.normalize import SIDE

if TYPE_CHECKING:
    from ocr.learning.corrections import Corrections

Result = TypeVar("Result")
router = APIRouter(prefix="/api", route_class=StrictRoute, tags=["corrections"])
PIECE = 256 * 1024
"""Bytes of a download that are sent at a time."""
SHOWN = 200
"""Most examples of a character that are sent."""
FULL = {errno.ENOSPC, errno.EDQUOT}
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@router.get("/corrections", response_model=Kept, responses=failures(500))
async def corrections(request: Request) -> dict[str, Any]:
    """Return where corrections are kept, and how many there are of each character."""
    if state_of(request).settings.corrections is None:
        return {"folder": None, "total": 0, "classes": {}}
    return await _with(request, _kept)


@router.get("/examples", response_model=Examples, responses=failures(400, 500))
async def corrections_of(
    request: Request,
    label: Annotated[str, Query(max_length=1, description="A character; nothing is no character.")] = "",
) -> dict[str, Any]:
    """Return the letters that are kept of a character, the last ones first."""
    if state_of(request).settings.corrections is None:
        return {"label": label, "total": 0, "examples": []}

    def found(corrections: Corrections) -> dict[str, Any]:
        kept = corrections.examples(label)
        shown = [
            {
                "lot": str(one.lot),
                "place": one.place,
                "source": one.source,
                "glyph": b64encode(one.image.tobytes()).decode(),
            }
            for one in kept[-SHOWN:][::-1]
        ]
        return {"label": label, "total": len(kept), "examples": shown}

    return await _with(request, found)


@router.post(
    "/corrections", response_model=Added, status_code=201, responses=failures(400, 409, 422, 500, 507)
)
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
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": _BINARY}}, **failures(409, 500, 507)},
)
async def corrections_npz(request: Request) -> StreamingResponse:
    """Download all that is kept as the project's ``.npz``."""
    return await _download(request, lambda kept: kept.to_npz, "corrections.npz", "application/octet-stream")


@router.get(
    "/corrections.zip",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": _BINARY}}, **failures(409, 500, 507)},
)
async def corrections_zip(request: Request) -> StreamingResponse:
    """Download all that is kept as pictures, in a folder for each character."""
    return await _download(request, lambda kept: kept.to_zip, "corrections.zip", "application/zip")


async def _download(
    request: Request,
    writer: Callable[[Corrections], Callable[[BinaryIO, Callable[[DataError], None]], None]],
    name: str,
    media_type: str,
) -> StreamingResponse:
    """Send a temporary file. It has no name on the disk, so it is gone however the server ends."""

    def made(corrections: Corrections) -> tuple[BinaryIO, int]:
        if not corrections.files():
            raise Refusal(409, "No corrections are kept yet.", "Put some letters right first.")
        file: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            writer(corrections)(file, lambda error: tell(f"{name}: left out: {error}"))
            size = file.seek(0, os.SEEK_END)
        except BaseException as error:
            file.close()
            if isinstance(error, OSError) and error.filename is None:
                error.filename = tempfile.gettempdir()
            raise
        file.seek(0)
        return file, size

    file, size = await _with(request, made)
    headers = {"Content-Length": str(size), "Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(_pieces(file), media_type=media_type, headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


async def _with(request: Request, do: Callable[[Corrections], Result]) -> Result:
    """Call a function with the corrections, off the event loop and one at a time."""
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
            if error.errno in FULL:
                raise Refusal(507, f"{name}: {error.strerror}.", "Make room, and try again.") from error
            raise Refusal(500, f"{name}: {error.strerror or error}", "Put the folder right.") from error
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
