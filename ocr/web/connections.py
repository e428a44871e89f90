"""Connections: how long one may take over what it asks, how many there may be, and what is no request."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Collection
from typing import TYPE_CHECKING, cast

import h11
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from ocr.web.faults import Refusal
from ocr.web.guard import SECURITY, address_too_long
from ocr.web.reading import busy

if TYPE_CHECKING:
    from fastapi import Response

CONNECTIONS = 400
"""So many may be open at once."""
EACH = 100
"""And so many of one address; a proxy has the address of its machine."""
HEAD = 64 * 1024
"""Bytes that the address and the headers of a request may have."""
PATIENCE = 10.0
"""Seconds in which a request's headers must come, or more of a response be taken."""
LINGERING = 2.0
"""Seconds in which more of a refused request is thrown away: else its sender hears no answer."""


class HttpConnection(H11Protocol):
    """A connection of uvicorn's that is not kept open by who asks nothing, or takes no answer.

    Where there are too many connections, the one that has waited for a request for longest is closed: one of
    the same address, where that address has too many. If all are being answered, the new one is refused.
    """

    waits_since: float | None = None
    """When, by the loop's clock, it began to wait for a request; None while one is answered."""
    _timer: asyncio.TimerHandle | None = None
    _is_refused = False
    _unsent = 0

    @property
    def network(self) -> str | None:
        """Whose the connection is: an IPv4 address, or the 64 bits of IPv6 that one house has."""
        if not self.client:
            return None
        address = ipaddress.ip_address(self.client[0].partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and not address.is_loopback:
            return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
        return str(address)

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a request, and nothing is left to be sent."""
        return self.waits_since is not None and not self.transport.get_write_buffer_size()

    def leave(self) -> None:
        """Close the connection at once."""
        self.connections.discard(self)
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, if there is room for one more connection."""
        super().connection_made(transport)
        everyone = cast("set[HttpConnection]", self.connections)
        own = [one for one in everyone if one.network == self.network]
        if not (_has_room(own, EACH) and _has_room(everyone, CONNECTIONS)):
            self.app = _refuse  # type: ignore[assignment]
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget what was waited for."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what is sent."""
        if not self._is_refused:
            super().data_received(data)

    def handle_events(self) -> None:
        """Begin with a request whose headers are there."""
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete and self.waits_since is not None:
            self.waits_since = None
            self._stop()

    def on_response_complete(self) -> None:
        """Wait for the next request, and for what is left of this one's body."""
        self._wait()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Have more of a response taken in time."""
        super().pause_writing()
        if self.waits_since is None:
            self._start()

    def resume_writing(self) -> None:
        """Go on with a response."""
        super().resume_writing()
        if self.waits_since is None:
            self._stop()

    def send_400_response(self, msg: str) -> None:
        """Tell what is wrong with what is no request, and take the rest of it, so that this is heard."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.close()
            return
        self._is_refused = True
        if self.conn.our_state is h11.IDLE:
            self.transport.write(_raw(_told(self._fault())))
        self.transport.write_eof()
        self._stop()
        self._timer = self.loop.call_later(LINGERING, self.leave)

    def _fault(self) -> Refusal:
        unread, _ = self.conn.trailing_data
        if len(unread) <= HEAD:
            return Refusal(400, "This is no HTTP request.", "Ask as /api/openapi.json tells.")
        if b"\n" not in unread:
            return address_too_long()
        return Refusal(431, "The headers are too long.", "Send fewer cookies.")

    def _wait(self) -> None:
        self.waits_since = self.loop.time()
        self._start()

    def _start(self) -> None:
        self._stop()
        self._unsent = self.transport.get_write_buffer_size()
        self._timer = self.loop.call_later(PATIENCE, self._go_on_or_leave)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _go_on_or_leave(self) -> None:
        if 0 < self.transport.get_write_buffer_size() < self._unsent:
            self._start()
        else:
            self.leave()


def _has_room(connections: Collection[HttpConnection], limit: int) -> bool:
    """Tell whether there are no more connections than `limit`, once one that is idle has been closed."""
    if len(connections) <= limit:
        return True
    idle = [one for one in connections if one.is_idle]
    if idle:
        min(idle, key=lambda one: one.waits_since or 0.0).leave()
    return bool(idle)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await _told(busy("There are too many connections."))(scope, receive, send)


def _told(refusal: Refusal) -> Response:
    """Return a refusal as what is said last on a connection, which no `Guard` has seen."""
    response = refusal.response()
    response.headers.update({**SECURITY, "Cache-Control": "no-store", "Connection": "close"})
    return response


def _raw(response: Response) -> bytes:
    """Return a response as it goes over the wire."""
    headers = b"".join(b"%b: %b\r\n" % header for header in response.raw_headers)
    return b"HTTP/1.1 %d \r\n%b\r\n%b" % (response.status_code, headers, bytes(response.body))
