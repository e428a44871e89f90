"""Which network is read with, over restarts of the server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ocr.recognition.classify import BUNDLED
from ocr.web.settings import Settings

pytestmark = pytest.mark.usefixtures("obedient")
Asking = Callable[..., AbstractContextManager[TestClient]]


def test_the_network_that_was_chosen_is_read_with_when_it_is_started_anew(
    asking: Asking, tmp_path: Path
) -> None:
    learned, mine = tmp_path / "learned.safetensors", tmp_path / "mine.safetensors"
    for path in (learned, mine):
        path.write_bytes(BUNDLED.read_bytes())

    def used(model: Path | None = None, choose: str = "") -> tuple[str, str, str]:
        with asking(Settings(jobs=1, corrections=tmp_path, model=model)) as client:
            if choose:
                assert client.post("/api/model", json={"used": choose}).status_code == 200
            told = client.get("/api/model").json()
            assert client.get("/api/health").json()["model"] == told["model"]
            return told["used"], told["base"], told["model"]

    assert used() == used(choose="bundled") == used() == ("bundled", "bundled", "bundled")
    assert used(choose="learned") == used() == ("learned", "bundled", learned.name)
    assert used(mine) == ("bundled", mine.name, mine.name)  # what is named is used
    assert used(mine, "learned") == used(mine) == ("learned", mine.name, learned.name)
    used(choose="learned")
    for damage in (tmp_path / "chosen.json", learned):
        whole = damage.read_bytes()
        damage.write_bytes(whole[: len(whole) // 2])
        assert used() == ("bundled", "bundled", "bundled")
        damage.write_bytes(whole)
    assert used()[0] == "learned"
