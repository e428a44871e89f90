"""Who is answered: by Host, Origin and token; the headers of all responses; files that are not the page's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from fastapi.testclient import TestClient

from ocr.web.app import STATIC
from ocr.web.settings import Settings, is_loopback

pytestmark = pytest.mark.usefixtures("obedient")
Asking = Callable[..., AbstractContextManager[TestClient]]
TOKEN = "0123456789-abcdef"
FILE = {"file": ("a.png", b"hello")}


@pytest.fixture(scope="module")
def local(obedient: None, asking: Asking) -> Iterator[TestClient]:
    with asking(Settings(jobs=1)) as client:
        yield client


@pytest.fixture(scope="module")
def started(obedient: None, asking: Asking) -> Iterator[TestClient]:
    with asking(Settings(jobs=1, host="0.0.0.0", token=TOKEN), "http://box.example:8000") as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def public(started: TestClient) -> TestClient:
    """A client of a server that asks for a token, without a cookie."""
    started.cookies.clear()
    return started


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]:8000", "127.9.9.9:1"])
def test_this_machines_own_names_are_answered(local: TestClient, host: str) -> None:
    assert local.get("/api/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil", "", "[::1", "10.0.0.1"],
)
@pytest.mark.parametrize("path", ["/", "/api/health", "/static/page.js"])
def test_other_names_are_not(local: TestClient, host: str, path: str) -> None:
    refused = local.get(path, headers={"host": host})
    assert refused.status_code == 421 and refused.json()["error"]["hint"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:8000"}, 200),
        ({"origin": "https://127.0.0.1:8000"}, 200),
        ({"origin": "http://127.0.0.1:8001"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[::1"}, 403),
        ({"origin": ""}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
    ],
)
def test_other_pages_may_ask_nothing(local: TestClient, headers: dict[str, str], status: int) -> None:
    assert local.post("/api/read", files=FILE, headers=headers).status_code == status
    assert local.get("/api/health", headers=headers).status_code == status
    assert local.get("/", headers=headers).status_code == 200  # links to the page are welcome


def test_without_the_token_nothing_is_answered(public: TestClient) -> None:
    for path in (
        "/",
        "/api/health",
        "/api/openapi.json",
        "/static/page.js",
        "/nothing",
        "/?token=",
        "/?token=x",
    ):
        refused = public.get(path)
        assert refused.status_code == 401 and refused.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in refused.text
    for header in (TOKEN, f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \u00e9", "Bearer"):
        refused = public.get("/api/health", headers={b"authorization": header.encode("latin-1")})
        assert refused.status_code == 401
    assert public.get("/api/health?token=" + TOKEN).status_code == 401
    assert public.post("/api/read", files=FILE).status_code == 401


def test_the_token_comes_in_a_header_or_by_a_cookie_that_the_page_sets(public: TestClient) -> None:
    assert public.get("/api/health", headers={"authorization": f"bearer {TOKEN}"}).status_code == 200
    opened = public.get(f"/?token={TOKEN}")
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    cookie = opened.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert public.get("/api/health").status_code == 200  # the client keeps cookies
    assert public.post("/api/read", files=FILE, headers={"origin": "http://evil.example"}).status_code == 403


BROWSER = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    "others",
    [
        b'session={"a": [1, "x"]}; ',
        "theme=d\u00fcster; ".encode(),
        b"a=\xff\x00\x7f; b; =c; ;;",
        b'q="unclosed; ',
        b"ocr_token=another; ocr_token_8001=a-second-server; ",
        b"ocr_token_8000=old; ",
    ],
)
def test_cookies_of_others_lock_nobody_out(public: TestClient, others: bytes) -> None:
    own = f"ocr_token_8000={TOKEN}".encode()
    for cookies in (others + own, own + b"; " + others):
        assert public.get("/api/health", headers={b"cookie": cookies}).status_code == 200
    assert public.get("/api/health", headers={b"cookie": others}).status_code == 401


def test_each_server_on_a_host_has_a_cookie_of_its_own(asking: Asking) -> None:
    names = set()
    for host in ("box.example:8000", "box.example:8001", "box.example", "[fd00::1]:8000", "[fd00::1]"):
        with asking(Settings(jobs=1, host="0.0.0.0", token=TOKEN), f"http://{host}") as client:
            opened = client.get(f"/?token={TOKEN}", follow_redirects=False)
            names.add((host, opened.headers["set-cookie"].partition("=")[0]))
            assert client.get("/api/health").status_code == 200
    assert {name for _, name in names} == {"ocr_token_8000", "ocr_token_8001", "ocr_token_80"}


def test_a_browser_without_the_token_is_asked_for_it(public: TestClient) -> None:
    for path in ("/", "/?token=wrong", "/api/corrections.npz", "/static/page.js"):
        asked = public.get(path, headers=BROWSER)
        assert asked.status_code == 401 and asked.headers["content-type"].startswith("text/html")
        assert 'name="token"' in asked.text and "wrong" not in asked.text and TOKEN not in asked.text
        assert "form-action 'self'" in asked.headers["content-security-policy"]
        assert asked.headers["x-frame-options"] == "DENY"
        for file in ("base.css", "controls.css", "icon.svg"):
            assert f"/static/{file}" in asked.text
            assert public.get(f"/static/{file}").status_code == 200
    own = {**BROWSER, "origin": "http://box.example:8000"}
    wrong = public.post("/", data={"token": "wrong"}, headers=own)
    assert wrong.status_code == 401 and "That is not the token." in wrong.text
    for headers in ({"origin": "http://evil.example"}, {"origin": "null"}):
        assert public.post("/", data={"token": TOKEN}, headers=headers).status_code == 403
    assert public.post("/", data={"token": "x"}).json()["error"]["hint"]  # a program's
    right = public.post("/", data={"token": f" {TOKEN} "}, headers=own)
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert public.get("/", headers=BROWSER).status_code == 200


def test_where_there_is_no_token_none_is_taken(local: TestClient) -> None:
    assert local.post("/", data={"token": "x"}).status_code == 405


def test_an_address_that_is_too_long_is_told(local: TestClient) -> None:
    refused = local.get("/api/health?x=" + "a" * 30_000)
    assert refused.status_code == 414 and refused.json()["error"]["hint"]


def test_beyond_this_machine_there_must_be_a_token() -> None:
    with pytest.raises(ValueError, match="a token is needed"):
        Settings(host="0.0.0.0")


def test_with_a_token_a_proxy_may_pass_its_own_name_on(asking: Asking) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}", "host": "letters.example"}
    with asking(Settings(jobs=1, token=TOKEN)) as client:
        assert client.get("/api/health", headers=bearer).status_code == 200
        assert client.get("/api/health", headers={"host": "letters.example"}).status_code == 401
        own = {**bearer, "origin": "https://letters.example"}
        assert client.post("/api/read", files=FILE, headers=own).status_code == 200


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/api/health", "/nothing", "/api/read"])
def test_every_response_has_the_headers_that_keep_a_page_safe(local: TestClient, path: str) -> None:
    response = local.get(path)
    policy = dict(
        part.strip().split(" ", 1) for part in response.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'" == policy["style-src"]
    assert policy["frame-ancestors"] == "'none'" == policy["base-uri"] == policy["object-src"]
    assert "unsafe" not in str(policy) and "http" not in str(policy)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "camera=(self)" in response.headers["permissions-policy"]
    assert response.headers["cache-control"] == (
        "no-store" if "/api" in path or path == "/nothing" else "no-cache"
    )
    assert "access-control-allow-origin" not in response.headers


def test_the_pages_files_are_there(local: TestClient) -> None:
    page = local.get("/")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    for file in STATIC.iterdir():
        found = local.get(f"/static/{file.name}")
        assert found.status_code == 200 and found.content == file.read_bytes()
        if file.suffix == ".js":
            assert "javascript" in found.headers["content-type"]


def test_what_the_browser_has_is_not_sent_again(local: TestClient) -> None:
    for path in ("/static/page.js", "/static/page.css", "/static/theme.js"):
        first = local.get(path)
        again = local.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/..%5capp.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/%00",
        "/static/",
        "/static",
        "/app.py",
        "/docs",
        "/redoc",
    ],
)
def test_no_other_file_is(local: TestClient, path: str) -> None:
    response = local.get(path)
    assert response.status_code in {404, 405} and response.json()["error"]["what"]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", "LocalHost.", "127.1.2.3"])
def test_loopback_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "box", "", "localhost.example"])
def test_what_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)
