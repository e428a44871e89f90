"""Validation errors of parameters and fields in plain words."""

from __future__ import annotations

from typing import Any

_WHOLE, _NUMBER = "must be a whole number", "must be a number"
_SHORTER, _LONGER = "must have a length of {max_length} or less", "must have a length of {min_length} or more"
_OBJECT, _JSON = "must be a JSON object", "is no JSON"
SAID = {
    "extra_forbidden": "there is no such field",
    "finite_number": _NUMBER,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than_equal": "must be at least {ge:g}",
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_type": _WHOLE,
    "json_invalid": _JSON,
    "json_type": _JSON,
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
    "list_type": "must be a list",
    "literal_error": "must be {expected}",
    "missing": "is missing",
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "string_pattern_mismatch": "is not of the form that is expected",
    "string_too_long": _SHORTER,
    "string_too_short": _LONGER,
    "string_type": "must be text",
    "string_unicode": "must be text",
    "too_long": _SHORTER,
    "too_short": _LONGER,
    "value_error": "must be a file",
}
"""Messages by the types of Pydantic's errors; only files are checked by FastAPI itself."""


def told(error: dict[str, Any]) -> str:
    """Return where a request is wrong, and how, from one of the errors of its validation."""
    parts = list(error["loc"])
    if error["type"] == "json_invalid" and isinstance(parts[-1], int):
        parts.pop()  # the place in the text
    where = ".".join(map(str, parts))
    said = SAID.get(error["type"], "is not as it must be")
    return f"{where[:200]}: {said.format(**error.get('ctx', {}))}."
