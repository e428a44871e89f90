"""The route that reads page by page: each page is sent when it is read; closing the connection ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ocr.web.faults import Refusal
from ocr.web.reading import (
    ERRORS,
    Asked,
    NobodyWaits,
    QueuedRoute,
    Upload,
    answer_of,
    place,
    response_of,
    unless_gone,
    with_files,
)
from ocr.web.state import state_of
from ocr.web.tasks import Answer
from ocr.web.worker import LINES

router = APIRouter(prefix="/api", route_class=QueuedRoute, tags=["reading"])


@router.post(
    "/inspect/pages",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": 'Lines of JSON: {"count": how many pages there are}, then for each page, as '
            'soon as it is read, what /api/inspect answers of it alone; or at last {"error": ...}. With '
            '"pictures" a line {"picture": {"number", "width", "height", "picture", "scale"}} comes before '
            "each page, as soon as its picture is loaded.",
            "content": {LINES: {"schema": {"type": "string"}}},
        },
        **ERRORS,
    },
)
async def inspect_pages(
    request: Request,
    file: Upload,
    asked_for: Asked,
    pictures: Annotated[bool, Query(description="Send each page's picture before it is read.")] = False,
) -> Response:
    """Read a picture page by page; whoever closes the connection ends it."""
    kind = "pages_after_pictures" if pictures else "pages"
    state, task = state_of(request), await with_files(request, replace(asked_for, kind=kind), file)
    parts: asyncio.Queue[bytes] = asyncio.Queue(1)

    async def work() -> Answer:
        with place(state):
            return await answer_of(state, task, parts.put)

    job = asyncio.create_task(work())
    try:
        first = await unless_gone(request, _next(parts, job))
        if first is None:
            return response_of(await job)
    except NobodyWaits:
        job.cancel()
        return Response(status_code=499)
    return _Paged(_lines(request, first, parts, job), job)


class _Paged(StreamingResponse):
    """A streamed response; the job that makes its parts ends with it."""

    def __init__(self, parts: AsyncIterator[bytes], job: asyncio.Task[Answer]) -> None:
        super().__init__(parts, media_type=LINES)
        self.job = job

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.job.cancel()


async def _lines(
    request: Request, first: bytes, parts: asyncio.Queue[bytes], job: asyncio.Task[Answer]
) -> AsyncIterator[bytes]:
    """Yield the parts of a response, and an error that occurs after the first."""
    part: bytes | None = first
    with suppress(NobodyWaits):
        while part is not None:
            yield part
            part = await unless_gone(request, _next(parts, job))
        try:
            answer = await job
            if answer.status != 200:
                yield answer.content + b"\n"
        except Refusal as refusal:
            yield bytes(refusal.response().body) + b"\n"


async def _next(parts: asyncio.Queue[bytes], job: asyncio.Task[Answer]) -> bytes | None:
    """Return the next part; None when the job is done."""
    part = asyncio.create_task(parts.get())
    try:
        await asyncio.wait({part, job}, return_when=asyncio.FIRST_COMPLETED)
        return part.result() if part.done() else None
    finally:
        part.cancel()
