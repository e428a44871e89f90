"""The OpenAPI document: FastAPI's description of the routes, and the JSON Schema of readings."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI

from ocr.formats.json import schema
from ocr.languages import NONE, languages
from ocr.web.settings import Settings

READING = "OcrJson"
"""Prefix of the names of the parts of the schema of readings."""
KINDS = "image/*, application/pdf"
"""Media types of an uploaded file."""
_MARKS, _ESCAPED = r"[\\\]\[^-]", r"\\\g<0>"


def describe(app: FastAPI, settings: Settings) -> None:
    """Add the schema of readings, and the token if there is one, to an application's description."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = made()
            schemas = document["components"]["schemas"]
            schemas.update(reading_schemas())
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            schemas["Inspection"]["properties"]["document"] = {"$ref": "#/components/schemas/OcrJsonDocument"}
            classes = app.state.shared.classes()
            schemas["Corrected"]["properties"]["label"]["enum"] = list(classes)
            if settings.token is not None:
                document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
                document["security"] = [{"token": []}]
            for operations in document["paths"].values():
                for operation in operations.values():
                    _complete(operation, settings, "".join(classes))
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def reading_schemas() -> dict[str, Any]:
    """Return the parts of the JSON Schema of readings, with references as in OpenAPI."""
    parts: dict[str, Any] = schema()["$defs"]
    return {_name(part): _rewritten(content) for part, content in parts.items()}


def _name(part: str) -> str:
    return READING + part.capitalize()


def _rewritten(content: Any) -> Any:
    if isinstance(content, dict):
        return {
            key: f"#/components/schemas/{_name(value.rpartition('/')[2])}"
            if key == "$ref"
            else _rewritten(value)
            for key, value in content.items()
        }
    return [_rewritten(one) for one in content] if isinstance(content, list) else content


def _complete(operation: dict[str, Any], settings: Settings, known: str) -> None:
    """Add what FastAPI does not know: errors of the guard, Retry-After, and values of parameters."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "language":
            parameter["schema"]["enum"] = [*languages(), NONE]
        if parameter["name"] == "whitelist":
            text = next(kind for kind in parameter["schema"]["anyOf"] if kind["type"] == "string")
            one = re.sub(_MARKS, _ESCAPED, known)
            text["pattern"] = rf"^[{one}\s]*[{one}][{one}\s]*$"
    body = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in body:
        encoding = {"file": {"contentType": KINDS}}
        if operation["operationId"] == "write":
            encoding["document"] = {"contentType": "application/json"}
        body["multipart/form-data"]["encoding"] = encoding
    responses = operation["responses"]
    if "HTTPValidationError" in str(responses.get("422")):
        del responses["422"]  # FastAPI's own; here it is a 400
    responses.setdefault("400", _failure("Bad Request"))  # of parameters that there are not
    if settings.token is not None:
        responses["401"] = _failure("Unauthorized")
    if "503" in responses:
        responses["503"]["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": "In seconds.", "required": True}
        }


def _failure(description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}
    return {"description": description, "content": content}
