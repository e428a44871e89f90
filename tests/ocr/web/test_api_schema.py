"""The OpenAPI document, and Schemathesis against it: what may be sent is taken, what is said comes back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ocr.formats import FORMATS
from ocr.formats import json as ocr_json
from ocr.languages import NONE, languages
from ocr.web.worker import ANSWERS
from pipelines.pipeline import PRESETS

Serving = Callable[..., AbstractContextManager[tuple[str, subprocess.Popen[str]]]]


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, object]:
    return client.get("/api/openapi.json").json()


def test_the_schema_of_readings_is_the_published_one(document: dict) -> None:
    parts = {name: part for name, part in document["components"]["schemas"].items() if "OcrJson" in name}
    text = str(parts)
    for name in ocr_json.schema()["$defs"]:
        text = text.replace(f"#/components/schemas/OcrJson{name.capitalize()}", f"#/$defs/{name}")
        text = text.replace(f"OcrJson{name.capitalize()}", name)
    assert text == str(ocr_json.schema()["$defs"])
    content = document["paths"]["/api/read"]["post"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"]["$ref"] == "#/components/schemas/OcrJsonDocument"
    inspected = document["components"]["schemas"]["Inspection"]["properties"]["document"]
    assert inspected["$ref"] == "#/components/schemas/OcrJsonDocument"


def test_the_parameters_are_all_that_the_reader_takes(document: dict) -> None:
    operation = document["paths"]["/api/read"]["post"]
    choices = {one["name"]: one["schema"].get("enum") for one in operation["parameters"]}
    assert choices["pipeline"] == list(PRESETS)
    assert choices["language"] == [*languages(), NONE]
    assert choices["format"] == list(FORMATS)
    assert set(choices) == {
        "pipeline",
        "language",
        "whitelist",
        "top_k",
        "min_confidence",
        "pages",
        "region",
        "format",
    }


def test_the_page_is_told_of_every_format(client: TestClient) -> None:
    told = {one.pop("name"): one for one in client.get("/api/formats").json()}
    assert list(told) == list(FORMATS)
    for name, one in told.items():
        assert all(getattr(FORMATS[name], field) == value for field, value in one.items())


def test_every_error_has_one_body_and_every_operation_a_name(document: dict) -> None:
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) > len(ANSWERS)
    for operation in operations:
        for status, response in operation["responses"].items():
            if status >= "400":
                schema = response["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Failure"}
        if "503" in operation["responses"]:
            assert "Retry-After" in operation["responses"]["503"]["headers"]


def test_nothing_is_loaded_from_elsewhere(client: TestClient) -> None:
    page = client.get("/").text
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", page)


def test_schemathesis_finds_no_fault(serving: Serving, tmp_path: Path) -> None:
    with serving("--jobs", "1", "--corrections", str(tmp_path / "kept")) as (address, _):
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{address}api/openapi.json"]
        options = ["--phases", "coverage", "--generation-deterministic", "--workers", "2"]
        learning = ["--exclude-operation-id", "learn"]  # it takes a minute
        learning += ["--exclude-operation-id", "lab_start"]  # it takes as long as is asked for
        learning += ["--exclude-operation-id", "write"]  # a document and its picture must belong together
        hooks = {"SCHEMATHESIS_HOOKS": "real_pictures", "PYTHONPATH": str(Path(__file__).parent)}
        told = subprocess.run(
            [*command, *options, *learning, "--no-color"],
            cwd=tmp_path,
            env={**os.environ, **hooks},
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert told.returncode == 0, told.stdout[-4000:]
    assert "Tested: " in told.stdout
