"""The OpenAPI document: what FastAPI knows of the routes, and the JSON Schema of readings."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from ocr.formats.json import schema
from ocr.web.settings import Settings

READING = "OcrJson"
"""What the names of the parts of the schema of readings begin with."""


def describe(app: FastAPI, settings: Settings) -> None:
    """Have an application describe itself with the schema of readings, and the token where there is one."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = made()
            schemas = document["components"]["schemas"]
            schemas.update(reading_schemas())
            schemas["Inspection"]["properties"]["document"] = {"$ref": "#/components/schemas/OcrJsonDocument"}
            schemas["Corrected"]["properties"]["label"]["enum"] = list(app.state.shared.classes())
            if settings.token is not None:
                document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
                document["security"] = [{"token": []}]
            for operations in document["paths"].values():
                for operation in operations.values():
                    _complete(operation, settings)
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def reading_schemas() -> dict[str, Any]:
    """Return the parts of the JSON Schema of readings, which refer to each other as OpenAPI has it."""
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


def _complete(operation: dict[str, Any], settings: Settings) -> None:
    """Add what the guard may answer, and when to ask again."""
    responses = operation["responses"]
    if settings.token is not None:
        responses["401"] = _failure("Unauthorized")
    if "503" in responses:
        responses["503"]["headers"] = {
            "Retry-After": {"schema": {"type": "integer"}, "description": "In seconds.", "required": True}
        }


def _failure(description: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}}
    return {"description": description, "content": content}
