"""Checks Host, Origin and token before anything else, and sets the headers of responses."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ocr.web import access
from ocr.web.faults import Refusal, internal_failure
from ocr.web.settings import Settings, is_loopback

SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every response."""
SAFE = {"GET", "HEAD", "OPTIONS"}
LONGEST = 16_000
"""Most bytes of a URL: a whitelist of 500 characters takes 6,000."""


class Guard:
    """ASGI middleware that rejects forbidden requests, and sets the headers of every response.

    With a token, requests without it are rejected. Without one, ``Host`` must name a loopback address, as a
    foreign page could reach the server under a name that points here otherwise (DNS rebinding). Requests to
    the API that come from a page must come from this server's page.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        has_started = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
                is_static = scope["path"] == "/" or scope["path"].startswith("/static/")
                headers["Cache-Control"] = "no-cache" if is_static else "no-store"
            await send(message)

        app: ASGIApp
        try:
            app = self._welcome(scope) or self.app
        except Refusal as refusal:
            app = refusal.response()
        try:
            await app(scope, receive, send_guarded)
        except Exception as error:
            if has_started:
                raise
            await internal_failure(error, scope["path"])(scope, receive, send_guarded)

    def _welcome(self, scope: Scope) -> ASGIApp | None:
        """Raise `Refusal` for a forbidden request; return a response instead of the application's, if any."""
        headers = Headers(scope=scope)
        host, path = headers.get("host", ""), scope["path"]
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > LONGEST:
            raise address_too_long()
        if self.settings.token is None and not _names_loopback(host):
            raise Refusal(
                421, "The server answers only to this machine's own names.", "Open it as http://localhost."
            )
        is_safe = scope["method"] in SAFE
        is_page = is_safe and not path.startswith("/api/")
        if not is_page and not _is_of_own_page(headers, host):
            raise Refusal(
                403, "The request comes from a page of another server.", "Use the page of this one."
            )
        token = self.settings.token
        if token is None or access.is_brought(scope, token):
            return None
        if path == "/" and _is_asked_with(scope, token):
            return access.opened(scope, token)
        if (path == "/" and scope["method"] == "POST") or (is_safe and path in access.STYLES):
            return None
        if is_safe and access.wants_page(headers):
            return access.page()
        raise access.refusal()


def address_too_long() -> Refusal:
    """Return the refusal of a URL that is too long."""
    what = f"The address is longer than {LONGEST} bytes."
    return Refusal(414, what, "Send files and glyphs in the body.")


def _names_loopback(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def _is_of_own_page(headers: Mapping[str, str], host: str) -> bool:
    """Return whether a request comes from this server's page, or from no page."""
    origin = headers.get("origin")
    if origin is not None:
        return _place(origin) == host.lower()
    return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


def _place(origin: str) -> str:
    """Return host and port of an origin, the empty string where it has none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_asked_with(scope: Scope, token: str) -> bool:
    given = parse_qs(scope["query_string"].decode("latin-1")).get("token")
    return given is not None and access.is_same(given[0], token)
