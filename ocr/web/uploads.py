"""Limits on the size and time of uploads, enforced while they arrive."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr.web.faults import Refusal
from ocr.web.settings import Settings

FRAMING = 100_000
"""Bytes of a form in addition to its file."""
FILES = {"/api/read": 1, "/api/inspect": 1, "/api/inspect/pages": 1, "/api/predict": 1, "/api/write": 2}
"""Routes that accept files, and how many."""
JSON_BYTES = 1_000_000
DRAINED = 200_000_000
"""Bytes of a too large body that are read and discarded, as browsers see no answer before they have sent
everything."""
DRAINING = 10.0
"""Seconds for that."""


class Uploads:
    """ASGI middleware that rejects bodies that are too large or arrive too slowly."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        deadline = asyncio.get_running_loop().time() + self.settings.seconds
        takes_file = scope["path"] in FILES
        limit = FILES[scope["path"]] * self.settings.max_bytes + FRAMING if takes_file else JSON_BYTES
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            if int(declared) <= DRAINED and "expect" not in headers:
                await _drain(receive)
            await self._refusal(takes_file).response()(scope, receive, send)
            return
        await self.app(scope, self._bounded(receive, limit, takes_file, deadline), send)

    def _bounded(self, receive: Receive, limit: int, takes_file: bool, deadline: float) -> Receive:
        taken, is_whole = 0, False

        async def receive_bounded() -> Message:
            nonlocal taken, is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise Refusal(
                    408, "The request did not come in time.", "Send it over a faster line, or send less."
                ) from None
            taken += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if taken > limit:
                if not is_whole:
                    await _drain(receive)
                raise self._refusal(takes_file)
            return message

        return receive_bounded

    def _refusal(self, takes_file: bool) -> Refusal:
        if takes_file:
            return too_large(self.settings.max_bytes)
        what = f"The body is larger than the limit of {JSON_BYTES / 1e6:g} MB."
        return Refusal(413, what, "Send fewer letters at a time.")


def too_large(limit: int) -> Refusal:
    """Return the refusal of a file of more than `limit` bytes."""
    return Refusal(
        413,
        f"The file is larger than the limit of {limit / 1e6:g} MB.",
        "Save the picture smaller, or start the server with a higher --max-upload.",
    )


async def _drain(receive: Receive) -> None:
    """Read the rest of a body, up to a limit, and discard it."""
    taken = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAINING):
            while taken < DRAINED:
                message = await receive()
                taken += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
