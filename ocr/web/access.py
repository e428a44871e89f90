"""The token of requests: how it is sent, and the page that asks for it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import Scope

from ocr.web.faults import Refusal
from ocr.web.state import state_of

COOKIE = "ocr_token"
"""Prefix of the cookies' names; they end with the port, since browsers share cookies between ports."""
STYLES = ("/static/base.css", "/static/controls.css", "/static/icon.svg")
"""Static files of the page that asks for the token; they need none."""
POLICY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # otherwise browsers do not send the page of a form
}
"""Headers of the page that asks for the token, where they differ from those of other pages."""
PAGE = Path(__file__).parent / "access.html"
WWW = {"WWW-Authenticate": "Bearer"}
router = APIRouter(include_in_schema=False)


@router.post("/")
async def sign_in(request: Request, token: Annotated[str, Form()] = "") -> Response:
    """Take the token from the page that asks for it, and open the page; ask again if it is wrong."""
    wanted = state_of(request).settings.token
    if wanted is not None and is_same(token.strip(), wanted):
        return opened(request.scope, wanted)
    return page("That is not the token.") if wants_page(request.headers) else refusal().response()


def is_same(given: str, token: str) -> bool:
    """Return whether a token is right, in constant time."""
    return secrets.compare_digest(given.encode("utf-8", "replace"), token.encode())


def is_brought(scope: Scope, token: str) -> bool:
    """Return whether a request has the token, in its header ``Authorization`` or in the server's cookie."""
    headers = Headers(scope=scope)
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return is_same(given.strip(), token)
    return any(is_same(value, token) for value in _cookies(headers, _name(scope)))


def opened(scope: Scope, token: str) -> Response:
    """Return a response that keeps the token in a cookie, and opens the page without it in the address."""
    response = RedirectResponse("/", 303)
    response.set_cookie(_name(scope), token, httponly=True, samesite="strict")
    return response


def refusal() -> Refusal:
    """Return the refusal of a request without the token."""
    return Refusal(
        401,
        "The server wants its token.",
        "Open the address that it printed when it was started, with ?token= in it, or send the header "
        "Authorization: Bearer TOKEN.",
        WWW,
    )


def wants_page(headers: Headers) -> bool:
    """Return whether a request is a browser's for a page: programs, and the page's own scripts, get JSON."""
    return "text/html" in headers.get("accept", "")


def page(fault: str = "") -> Response:
    """Return the page that asks for the token, with what was wrong with the last one."""
    said = f'<p class="bad" id="fault" role="alert">{fault}</p>' if fault else ""
    text = Template(PAGE.read_text("utf-8")).substitute(fault=said)
    return HTMLResponse(text, 401, {**WWW, **POLICY})


def _name(scope: Scope) -> str:
    """Return the name of the server's cookie, with the port as the browser sees it."""
    port = Headers(scope=scope).get("host", "").rpartition("]")[2].rpartition(":")[2]
    return f"{COOKIE}_{port if port.isascii() and port.isdigit() else 80}"


def _cookies(headers: Headers, name: str) -> Iterator[str]:
    """Yield the values of cookies of a name."""
    for header in headers.getlist("cookie"):
        for cookie in header.split(";"):
            found, _, value = cookie.partition("=")
            if found.strip() == name:
                yield value.strip()
