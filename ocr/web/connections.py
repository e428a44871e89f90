"""Limits of connections: their number, the time for a request, and answers to malformed requests."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
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
"""Most open connections."""
EACH = 100
"""Most connections of one address; a proxy has the address of its machine."""
HEAD = 64 * 1024
"""Most bytes of the URL and the headers of a request."""
PATIENCE = 10.0
"""Seconds in which a request's headers must arrive, or more of a response be received."""
LINGERING = 2.0
"""Seconds for which more of a refused request is read and discarded, as its sender would not see the answer
otherwise."""


class HttpConnection(H11Protocol):
    """A connection of uvicorn's with timeouts for sending a request and for receiving the response.

    If there are too many connections, the one that has been idle for longest is closed: one of the same
    address, if that address has too many. If none is idle, the new one is refused.
    """

    waits_since: float | None = None
    """When it became idle, by the loop's clock; None while a request is answered."""
    _timer: asyncio.TimerHandle | None = None
    _is_refused = False
    _unsent = 0

    @property
    def network(self) -> str | None:
        """The client's network: an IPv4 address, or the first 64 bits of an IPv6 address."""
        if not self.client:
            return None
        address = ipaddress.ip_address(self.client[0].partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and not address.is_loopback:
            return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
        return str(address)

    @property
    def is_idle(self) -> bool:
        """Whether it waits for a request, and nothing is left to send."""
        return self.waits_since is not None and not self.transport.get_write_buffer_size()

    def leave(self) -> None:
        """Close the connection at once."""
        self.connections.discard(self)
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, if there may be another connection.

        What is written is sent at once: otherwise the body of a response waits until the client has told that
        it has the head, which it may do 40 ms later.
        """
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        everyone = cast("set[HttpConnection]", self.connections)
        own = [one for one in everyone if one.network == self.network]
        if not (_has_room(own, EACH) and _has_room(everyone, CONNECTIONS)):
            self.app = _refuse  # type: ignore[assignment]
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel its timeouts."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what is sent."""
        if not self._is_refused:
            super().data_received(data)

    def handle_events(self) -> None:
        """Handle a request whose headers have arrived."""
        super().handle_events()
        if self.cycle is not None and not self.cycle.response_complete and self.waits_since is not None:
            self.waits_since = None
            self._stop()

    def on_response_complete(self) -> None:
        """Wait for the next request, and for the rest of this one's body."""
        self._wait()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Start the timeout for receiving a response."""
        super().pause_writing()
        if self.waits_since is None:
            self._start()

    def resume_writing(self) -> None:
        """Go on with a response."""
        super().resume_writing()
        if self.waits_since is None:
            self._stop()

    def send_400_response(self, msg: str) -> None:
        """Answer a malformed request, and read the rest of it, so that the answer arrives."""
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
    """Return whether there are at most `limit` connections, after closing an idle one if needed."""
    if len(connections) <= limit:
        return True
    idle = [one for one in connections if one.is_idle]
    if idle:
        min(idle, key=lambda one: one.waits_since or 0.0).leave()
    return bool(idle)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await _told(busy("There are too many connections."))(scope, receive, send)


def _told(refusal: Refusal) -> Response:
    """Return a refusal as the last response on a connection, without the `Guard`."""
    response = refusal.response()
    response.headers.update({**SECURITY, "Cache-Control": "no-store", "Connection": "close"})
    return response


def _raw(response: Response) -> bytes:
    """Return a response as bytes."""
    headers = b"".join(b"%b: %b\r\n" % header for header in response.raw_headers)
    return b"HTTP/1.1 %d \r\n%b\r\n%b" % (response.status_code, headers, bytes(response.body))
