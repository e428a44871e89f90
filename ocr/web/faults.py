"""Errors as responses: all have the body of `ocr.web.schemas.Failure`."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from ocr.commands.console import tell_of_defect
from ocr.web.schemas import Failure
from ocr.web.validation import told

_HINTS = {
    404: "The OpenAPI document, /api/openapi.json, tells what there is.",
    405: "The OpenAPI document, /api/openapi.json, tells what there is.",
}


class Refusal(HTTPException):
    """A rejected request: its status, what is wrong, and what can be done."""

    def __init__(self, status: int, what: str, hint: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, what, headers)
        self.what, self.hint = what, hint

    def response(self) -> Response:
        """Return it as a response."""
        return _response(self.status_code, self.what, self.hint, self.headers)


def tell_of_errors(app: FastAPI) -> None:
    """Install handlers that answer all errors of an application in one form."""

    @app.exception_handler(HTTPException)
    async def refuse(request: Request, error: HTTPException) -> Response:
        if isinstance(error, Refusal):
            return error.response()
        said = error.detail or HTTPStatus(error.status_code).phrase
        hint = _HINTS.get(error.status_code, "Put the request right.")
        headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
        return _response(error.status_code, said, hint, headers)

    @app.exception_handler(RequestValidationError)
    async def refuse_parameters(_: Request, error: RequestValidationError) -> Response:
        hint = "The OpenAPI document, /api/openapi.json, tells what may be sent."
        return _response(400, told(error.errors()[0]), hint, None)


def _allowed(request: Request) -> str:
    """Return all methods of a path; each is a separate route."""
    routes = [route for route in request.app.routes if route.matches(request.scope)[0] != Match.NONE]
    return ", ".join(sorted({method for route in routes for method in getattr(route, "methods", None) or ()}))


def internal_failure(error: Exception, path: str) -> Response:
    """Report an internal failure on stderr, and return the response."""
    tell_of_defect(error, f"{path}: ")
    return _response(500, "Internal failure.", "Please report it, with what the server said.", None)


def failures(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the error responses of an operation for the OpenAPI document."""
    return {status: {"model": Failure, "description": HTTPStatus(status).phrase} for status in statuses}


def _response(status: int, what: str, hint: str, headers: Mapping[str, str] | None) -> Response:
    body = {"error": {"what": what, "hint": hint}}
    return JSONResponse(body, status, headers=dict(headers or {}))
