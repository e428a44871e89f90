"""How many threads there are."""

from __future__ import annotations

import pytest

from nn.threads import cores


@pytest.mark.parametrize(
    ("asked", "expected"), [("1", 1), ("100000", None), ("0", None), ("two", None), ("", None)]
)
def test_fewer_cores_may_be_asked_for_and_never_more(
    asked: str, expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    all_cores = cores()
    assert all_cores >= 1
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert cores() == (expected or all_cores)
