"""Connections that ask nothing, or take no answer, are closed; they lock nobody out."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import httpx2
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from ocr.web import connections
from ocr.web.connections import HEAD, HttpConnection

Serving = Callable[..., AbstractContextManager[tuple[str, subprocess.Popen[str]]]]
HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
WHOLE = HALF + b"\r\n"
LARGE = 20_000_000


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer ``/`` at once, ``/body`` once the body is there, ``/large`` with much."""
    if scope["path"] == "/body":
        while (await receive()).get("more_body"):
            pass
    body = bytes(LARGE) if scope["path"] == "/large" else b"ok"
    head = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    for start in range(0, len(body), 1_000_000):
        rest = start + 1_000_000 < len(body)
        await send({"type": "http.response.body", "body": body[start : start + 1_000_000], "more_body": rest})


@contextmanager
def served() -> Iterator[int]:
    """Serve `answer` with our connections, and give the port."""
    config = uvicorn.Config(
        answer, http=HttpConnection, log_config=None, lifespan="off", h11_max_incomplete_event_size=HEAD
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0), backlog=500) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def connect(port: int, sent: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0))
    made.sendall(sent)
    return made


def status(made: socket.socket) -> int:
    """Return the status of a response; 0 where the connection was closed without one."""
    try:
        first = made.makefile("rb").readline().split()
    except ConnectionResetError:
        return 0
    return int(first[1]) if first else 0


def is_closed(made: socket.socket) -> bool:
    try:
        return not made.recv(1)
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("sent", [b"", b"G", HALF])
def test_headers_that_do_not_come_are_not_waited_for(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    with served() as port, connect(port, sent) as slow:
        begun = time.monotonic()
        while time.monotonic() < begun + 0.3:  # whoever sends a little again and again wins no time by it
            time.sleep(0.05)
            slow.sendall(b"a" if sent else b"")
        assert is_closed(slow)
        assert time.monotonic() - begun < 10


def test_what_is_left_of_a_body_that_was_answered_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n"
    with served() as port, connect(port, head) as slow:
        while not slow.recv(10_000).endswith(b"ok"):
            pass
        with pytest.raises(OSError), ExitStack():
            for _ in range(400):
                time.sleep(0.05)
                slow.sendall(b"a")


def test_a_body_may_take_its_time_and_a_connection_be_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    head = b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n"
    with served() as port, connect(port, head) as slow:
        time.sleep(1)
        slow.sendall(b"ab")
        assert b"200 OK" in slow.recv(10_000)
        slow.sendall(WHOLE + WHOLE)
        time.sleep(0.2)
        assert slow.recv(10_000).count(b"200 OK") >= 1


def test_a_body_is_sent_at_once_and_not_when_the_head_has_arrived() -> None:
    with served() as port, connect(port) as made:
        taken = []
        for _ in range(30):
            begun = time.monotonic()
            made.sendall(WHOLE)
            while not made.recv(10_000).endswith(b"ok"):
                pass
            taken.append(time.monotonic() - begun)
        assert min(taken[5:]) < 0.03


def test_who_takes_nothing_of_an_answer_is_left_and_who_is_slow_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.5)
    asked = b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with served() as port, connect(port, asked) as stalled, connect(port, asked) as slow:
        taken = 0
        for _ in range(15):
            time.sleep(0.1)
            taken += len(slow.recv(1_500_000))
        while piece := slow.recv(1_000_000):
            taken += len(piece)
            if taken >= LARGE:
                break
        assert taken > LARGE
        time.sleep(2)
        got = 0
        with pytest.raises(ConnectionResetError), ExitStack():
            while piece := stalled.recv(1_000_000):
                got += len(piece)
            raise ConnectionResetError
        assert got < LARGE


def test_one_address_locks_out_neither_others_nor_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "EACH", 10)
    monkeypatch.setattr(connections, "CONNECTIONS", 25)
    with served() as port, ExitStack() as stack:

        def ask(source: str) -> int:
            return status(stack.enter_context(connect(port, WHOLE, source)))

        first = stack.enter_context(connect(port, HALF))
        waiting = [stack.enter_context(connect(port, HALF)) for _ in range(40)]
        assert is_closed(first)  # the one that waits for longest makes room
        assert (ask("127.0.0.2"), ask("127.0.0.1")) == (200, 200)
        waiting[-1].sendall(b"\r\n")
        assert status(waiting[-1]) == 200
        for address in ("127.0.0.3", "127.0.0.4"):
            waiting += [stack.enter_context(connect(port, HALF, address)) for _ in range(40)]
        assert (ask("127.0.0.2"), ask("127.0.0.4")) == (200, 200)


def test_where_all_are_being_answered_one_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "EACH", 3)
    head = b"POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n"
    with served() as port, ExitStack() as stack:
        asking = [stack.enter_context(connect(port, head)) for _ in range(3)]
        time.sleep(0.3)
        more = stack.enter_context(connect(port, WHOLE))
        said = more.makefile("rb").read()
        assert said.startswith(b"HTTP/1.1 503 ") and b"retry-after" in said
        assert b'"what":"There are too many connections."' in said and b"nosniff" in said
        for one in asking:
            one.sendall(b"ab")
            assert status(one) == 200


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"GET /?x=" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (HALF + b"Cookie: " + b"a" * 1_000_000 + b"\r\n\r\n", 431),
        (HALF + b"A: b\r\n" * 200_000 + b"\r\n", 431),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), 400),  # TLS
        (b"hello\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
    ],
    ids=["address", "header", "headers", "tls", "words", "no host"],
)
def test_what_is_no_request_is_told_so(sent: bytes, code: int) -> None:
    with served() as port, connect(port, sent) as made:
        head, _, body = made.makefile("rb").read().partition(b"\r\n\r\n")
        assert head.split()[1] == str(code).encode()
        assert set(json.loads(body)["error"]) == {"what", "hint"}
        assert b"nosniff" in head


def test_four_hundred_connections_lock_nobody_out_of_the_real_server(serving: Serving) -> None:
    with serving("--jobs", "1") as (address, _), ExitStack() as stack:
        port = httpx2.URL(address).port
        assert port is not None
        for _ in range(400):
            stack.enter_context(connect(port, HALF))
        for source in ("127.0.0.2", "127.0.0.1"):
            transport = httpx2.HTTPTransport(local_address=source)
            client = stack.enter_context(httpx2.Client(base_url=address, timeout=60, transport=transport))
            assert client.get("api/health").status_code == 200
        long = httpx2.get(f"{address}?x={'a' * 30_000}", timeout=60)
        assert long.status_code == 414 and long.json()["error"]["what"]
