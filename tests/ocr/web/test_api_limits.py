"""A full queue, readers that hang or die, uploads too large or too slow: what is told, and what is left."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ocr.web.app import create_app
from ocr.web.settings import Settings
from ocr.web.uploads import FRAMING, JSON_BYTES

pytestmark = pytest.mark.usefixtures("obedient")
Asking = Callable[..., AbstractContextManager[TestClient]]


def order(client: TestClient, what: str):
    return client.post("/api/read", files={"file": ("a.png", what.encode())})


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_full_queue_is_told_before_anything_is_read(asking: Asking) -> None:
    with asking(Settings(jobs=1, waiting=1, seconds=20)) as client, ThreadPoolExecutor(8) as threads:
        taken = [threads.submit(order, client, "sleep 1") for _ in range(2)]
        until(lambda: client.get("/api/health").json()["waiting"] == 2)
        refused = order(client, "hello")
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert "wait" in refused.json()["error"]["what"]
        assert [one.result().status_code for one in taken] == [200, 200]
        assert order(client, "hello").status_code == 200
        assert client.get("/api/health").json()["waiting"] == 0


def test_what_takes_too_long_is_ended_and_the_next_is_read(asking: Asking) -> None:
    with asking(Settings(jobs=1, seconds=0.6)) as client:
        first = order(client, "hello").json()["pid"]
        for what in ("sleep 100", "freeze"):
            until(lambda: order(client, "hello").status_code == 200)  # the next process has to start
            refused = order(client, what)
            assert refused.status_code == 504 and "0.6 s" in refused.json()["error"]["what"]
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        until(lambda: order(client, "hello").status_code == 200)


def test_the_time_is_for_each_page(asking: Asking) -> None:
    with asking(Settings(jobs=1, seconds=1.5)) as client:
        found = client.post("/api/inspect/pages", files={"file": ("a.tif", b"pages 6 0.4")})
        assert found.status_code == 200 and found.text.split() == list("012345")
        assert order(client, "pages 6 0.4").status_code == 200
        late = client.post("/api/inspect/pages", files={"file": ("a.tif", b"pages 1 100")})
        assert late.status_code == 504 and "a page" in late.json()["error"]["what"]
        until(lambda: order(client, "hello").status_code == 200)


@pytest.mark.parametrize("path", ["read", "inspect/pages"])
@pytest.mark.parametrize(("what", "is_killed"), [("sleep 100", True), ("pages 99 0.03", False)])
def test_who_leaves_ends_what_is_read_for_them(path: str, what: str, is_killed: bool) -> None:
    app = create_app(Settings(jobs=1, seconds=50))

    async def leave() -> tuple[bool, float]:
        left, pool = asyncio.Event(), app.state.shared.pool

        async with app.router.lifespan_context(app):
            [worker] = pool._workers
            asking = asyncio.create_task(ask(app, path, what, left))
            while not pool._free.empty():
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.3)
            left.set()
            begun = time.monotonic()
            await asyncio.wait_for(asking, 5)
            gone = time.monotonic() - begun
            assert pool.taken == 0
            worker_now = await asyncio.wait_for(pool._free.get(), 60)
            return worker_now is not worker, gone

    was_killed, seconds = asyncio.run(leave())
    assert was_killed == is_killed
    assert seconds < 2


def test_who_leaves_while_waiting_takes_no_process(asking: Asking) -> None:
    app = create_app(Settings(jobs=1, seconds=50))

    async def leave() -> None:
        pool = app.state.shared.pool
        async with app.router.lifespan_context(app):
            worker = await pool._free.get()
            left = asyncio.Event()
            waiting = asyncio.create_task(ask(app, "read", "sleep 100", left))
            while pool.taken == 0:
                await asyncio.sleep(0.01)
            left.set()
            await asyncio.wait_for(waiting, 5)
            pool._free.put_nowait(worker)
            assert await pool._free.get() is worker and worker.process.poll() is None

    asyncio.run(leave())


async def ask(app: Any, path: str, what: str, left: asyncio.Event) -> list[MutableMapping[str, Any]]:
    """Send an order, and close the connection when `left` is set."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    body, sent = [head + what.encode() + b"\r\n--b--\r\n"], []

    async def receive() -> MutableMapping[str, Any]:
        if body:
            return {"type": "http.request", "body": body.pop(), "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=b")]
    where = {"path": f"/api/{path}", "raw_path": f"/api/{path}".encode(), "query_string": b""}
    how = {"type": "http", "method": "POST", "http_version": "1.1", "scheme": "http", "root_path": ""}
    await app({**where, **how, "headers": headers, "app": app}, receive, send)
    return sent


def test_who_waits_too_long_may_try_again(asking: Asking) -> None:
    with asking(Settings(jobs=1, seconds=0.8)) as client, ThreadPoolExecutor(2) as threads:
        slow = threads.submit(order, client, "sleep 100")
        until(lambda: client.get("/api/health").json()["waiting"] == 1)
        time.sleep(0.1)
        late = threads.submit(order, client, "sleep 100")
        assert slow.result().status_code == 504
        assert late.result().status_code in {503, 504}
        until(lambda: order(client, "hello").status_code == 200)


def test_a_process_that_dies_is_replaced_and_its_picture_tried_once_more(
    asking: Asking, tmp_path: Path
) -> None:
    with asking(Settings(jobs=1)) as client:
        first = order(client, "hello").json()["pid"]
        once = order(client, f"die-once {tmp_path}/mark")
        assert once.status_code == 200 and once.json()["pid"] != first
        os.kill(once.json()["pid"], 9)  # while it waits
        again = order(client, "hello")
        assert again.status_code == 200 and again.json()["pid"] != once.json()["pid"]
        dead = order(client, "die")
        assert dead.status_code == 500 and "SIGKILL" in dead.json()["error"]["what"]
        assert order(client, "hello").status_code == 200
        assert client.get("/api/health").json()["waiting"] == 0


def test_no_process_outlives_the_application(asking: Asking) -> None:
    with asking(Settings(jobs=2)) as client:
        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(lambda _: order(client, "sleep 0.3").json()["pid"], range(2)))
        assert len(set(answers)) == 2
    for pid in answers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_files_too_large_are_refused_while_they_come(asking: Asking) -> None:
    with asking(Settings(jobs=1, max_bytes=100_000)) as client:
        assert order(client, "x" * 100_000).status_code == 200
        for size in (100_001, 100_000 + FRAMING, 1_000_000):
            refused = order(client, "x" * size)
            assert refused.status_code == 413 and "0.1 MB" in refused.json()["error"]["what"]

        def pieces() -> Iterator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
            for _ in range(100):
                yield bytes(10_000)

        kind = {"content-type": "multipart/form-data; boundary=b"}
        refused = client.post("/api/read", content=pieces(), headers=kind)  # of no declared length
        assert refused.status_code == 413
        refused = client.post("/api/corrections", content=b" " * (JSON_BYTES + 1))
        assert refused.status_code == 413 and "1 MB" in refused.json()["error"]["what"]
        assert "--max-upload" not in refused.text
        assert order(client, "hello").status_code == 200


def test_bodies_that_do_not_come_are_not_waited_for_and_take_no_place() -> None:
    app = create_app(Settings(jobs=1, waiting=0, seconds=3))
    others: list[int] = []

    async def ask() -> list[MutableMapping[str, Any]]:
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> MutableMapping[str, Any]:
            await asyncio.sleep(100)
            raise AssertionError

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        headers = [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=b")]
        scope = {"type": "http", "method": "POST", "path": "/api/read", "raw_path": b"/api/read"}
        rest = {"query_string": b"", "headers": headers, "http_version": "1.1", "scheme": "http"}
        async with app.router.lifespan_context(app):
            asked = [
                asyncio.create_task(app({**scope, **rest, "app": app, "root_path": ""}, receive, send))
                for _ in range(40)
            ]
            await asyncio.sleep(0.5)
            others.append(app.state.shared.pool.taken)
            await asyncio.gather(*asked)
        return sent

    statuses = [message["status"] for message in asyncio.run(ask()) if "status" in message]
    assert statuses == [408] * 40
    assert others == [0] and app.state.shared.pool.taken == 0


def test_uploads_leave_nothing_behind(
    asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    seen: set[str] = set()
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.is_set():
            seen.update(os.listdir(tmp_path))
            time.sleep(0.002)

    watcher = threading.Thread(target=watch)
    watcher.start()
    with asking(Settings(jobs=1, seconds=1)) as client:
        assert order(client, "x" * 5_000_000).status_code == 200
        assert order(client, "freeze" + " " * 5_000_000).status_code == 504
        assert client.post("/api/read", files={"other": ("a", b"x" * 5_000_000)}).status_code == 400
    is_over.set()
    watcher.join()
    assert not list(tmp_path.iterdir())
    assert not seen  # they have no name even while they are read


def test_failures_inside_are_told_and_headed_as_all_else(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a\nsecret")

    monkeypatch.setattr("ocr.web.app.state_of", fail)
    with asking(Settings(jobs=1)) as client:
        failed = client.get("/api/health")
    assert failed.status_code == 500
    assert "secret" not in failed.text and failed.json()["error"]["what"]
    assert failed.headers["x-content-type-options"] == "nosniff"
    assert capsys.readouterr().err.count("\n") == 1
