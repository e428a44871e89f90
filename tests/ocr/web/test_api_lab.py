"""The routes of the laboratory: a run is begun, held, gone on with, looked into and forgotten."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from ocr.web.lab_schemas import Answers, Choices, Standing, StepShown
from ocr.web.settings import Settings

Asking = Callable[..., AbstractContextManager[TestClient]]
WANTED = {
    "data": "drawn digits",
    "recipe": "small_cnn",
    "rate": 0.003,
    "epochs": 2,
    "batch_size": 32,
    "samples": 150,
}
LONG = WANTED | {"epochs": 500}
GLYPH = {"glyph": b64encode(bytes(784)).decode()}


def until(client: TestClient, *states: str) -> dict[str, Any]:
    """Wait until the run is in one of these states; return how it stands."""
    deadline = time.monotonic() + 60
    while (now := client.get("/api/lab").json())["state"] not in states:
        assert time.monotonic() < deadline, now
        time.sleep(0.05)
    return Standing(**now).model_dump()


def test_a_run_from_its_choice_to_its_steps(client: TestClient) -> None:
    choices = Choices(**client.get("/api/lab/choices").json())
    assert "drawn capitals" in choices.data and choices.recipes[0].name == "small_cnn"
    assert client.get("/api/lab").json()["state"] == "idle"
    begun = client.post("/api/lab", json=LONG)
    assert begun.status_code == 202 and begun.json()["state"] == "starting"
    refused = client.post("/api/lab", json=WANTED)
    assert refused.status_code == 409 and "Another run" in refused.json()["error"]["what"]
    until(client, "running")
    client.post("/api/lab/pause")
    held = until(client, "paused")
    assert held["saved"][-1] == held["step"]
    time.sleep(0.2)
    assert client.get("/api/lab").json()["step"] == held["step"]
    shown = StepShown(**client.get(f"/api/lab/steps/{held['step']}").json())
    assert shown.filters.count == 8
    answers = Answers(**client.post(f"/api/lab/steps/{held['step']}/answers", json=GLYPH).json())
    assert answers.layers[-1].shape == [10] and len(answers.top) == 5
    course = client.post("/api/lab/course", json=GLYPH).json()
    assert [one["step"] for one in course] == held["saved"]
    assert client.get("/api/lab/steps/2000000").status_code == 404
    went_on = client.post("/api/lab/go-on", json={"rate": 0.0005}).json()
    assert (went_on["state"], went_on["rate"]) == ("running", 0.0005)
    assert client.post("/api/lab/go-on", json={"epochs": 1}).status_code == 409
    client.post("/api/lab/pause")
    until(client, "paused")
    assert client.post("/api/lab", json=WANTED).status_code == 202
    assert until(client, "done")["step"] == 6
    assert client.post("/api/lab/go-on", json={"epochs": 1}).status_code == 200
    until(client, "running", "starting", "done")
    assert client.delete("/api/lab").status_code == 204
    assert client.get("/api/lab").json()["state"] == "idle"


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"data": "/etc/passwd"}, 422, "'/etc/passwd' is no data"),
        ({"recipe": "../x"}, 422, "'../x' is no recipe"),
        ({"rate": 0}, 400, "body.rate: must be at least 1e-06"),
        ({"rate": float(11)}, 400, "body.rate: must be at most 10"),
        ({"epochs": 501}, 400, "body.epochs: must be at most 500"),
        ({"samples": 10**6}, 400, "body.samples"),
        ({"more": 1}, 400, "body.more: there is no such field"),
    ],
)
def test_a_run_that_cannot_be_is_refused_in_one_line(
    client: TestClient, change: dict[str, Any], status: int, says: str
) -> None:
    refused = client.post("/api/lab", json=WANTED | change)
    assert refused.status_code == status
    assert says in refused.json()["error"]["what"] and "\n" not in refused.json()["error"]["what"]


def test_without_a_run_there_is_nothing_to_look_at(client: TestClient) -> None:
    client.delete("/api/lab")
    asked = [
        client.post("/api/lab/pause"),
        client.post("/api/lab/go-on", json={}),
        client.get("/api/lab/steps/0"),
        client.post("/api/lab/steps/0/answers", json=GLYPH),
        client.post("/api/lab/course", json=GLYPH),
    ]
    assert [one.status_code for one in asked] == [409] * 5
    assert asked[0].json()["error"]["hint"] == "Begin a run."
    assert client.post("/api/lab/course", json={"glyph": "abc"}).status_code == 400


def test_only_the_page_of_the_server_trains(client: TestClient) -> None:
    foreign = {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/lab", json=WANTED, headers=foreign).status_code == 403


def test_files_of_the_user_can_be_chosen_and_what_is_wrong_with_them_is_told(
    asking: Asking, tmp_path: Path
) -> None:
    good, bad = tmp_path / "hand.npz", tmp_path / "bad.npz"
    images = np.zeros((40, 28, 28), np.uint8)
    images[:20, 4:24, 12:15], images[20:, 12:15, 4:24] = 255, 255
    labels = np.array(["l"] * 20 + ["-"] * 20)
    np.savez(good, images=images, labels=labels, split=np.full(40, ""), allow_pickle=False)
    bad.write_bytes(b"no archive")
    with asking(Settings(jobs=1, data=(good, bad))) as client:
        assert client.get("/api/lab/choices").json()["data"][-2:] == ["hand.npz", "bad.npz"]
        client.post("/api/lab", json=WANTED | {"data": "bad.npz"})
        assert "bad.npz" in until(client, "failed")["message"]
        client.post("/api/lab", json=WANTED | {"data": "hand.npz", "batch_size": 8})
        assert until(client, "done")["classes"] == ["-", "l"]


def test_a_process_that_dies_is_told(asking: Asking) -> None:
    with asking(Settings(jobs=1)) as client:
        client.post("/api/lab", json=LONG)
        lab = client.app.state.shared.lab  # type: ignore[attr-defined]
        folder = Path(lab._folder.name)
        lab._child.kill()
        told = until(client, "failed")["message"]
        assert told == "Training was broken off (SIGKILL)"
        assert not folder.exists()
        assert client.post("/api/lab/pause").json()["error"]["what"] == told
        client.post("/api/lab", json=LONG)
        until(client, "running")
        child, folder = lab._child, Path(lab._folder.name)
    assert child.process.returncode is not None and not folder.exists()
