"""URLs: what is one, what is fetched, and one line on what cannot be."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pipelines.errors import PictureError
from pipelines.sources.load import load
from pipelines.sources.remote import is_url

fsspec = pytest.importorskip("fsspec")

PIXELS = np.arange(60, dtype=np.uint8).reshape(6, 10) * 4


def png() -> bytes:
    stream = io.BytesIO()
    Image.fromarray(PIXELS).save(stream, "PNG")
    return stream.getvalue()


def complaint(source: str) -> str:
    with pytest.raises(PictureError) as caught:
        list(load(source))
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{source}: ")
    return message.removeprefix(f"{source}: ")


class _Store(BaseHTTPRequestHandler):
    """A web server, and an object store behind the same paths; it has a picture and a locked one."""

    def do_GET(self) -> None:
        status = {"/bucket/a.png": 200, "/bucket/locked.png": 403, "/bucket/broken.png": 500}
        code = status.get("/bucket/" + self.path.split("?")[0].split("/")[-1], 404)
        body = png() if code == 200 else b""
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of a web server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def memory() -> Iterator[Any]:
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


@pytest.mark.parametrize("url", ["s3://a/b.png", "http://a", "memory://a", "file:///a", "abfs+x.y-z://a"])
def test_what_has_a_scheme_in_front_is_a_url(url: str) -> None:
    assert is_url(url)


@pytest.mark.parametrize(
    "path",
    [
        "a.png",
        "/a/b.png",
        "C:/a.png",
        r"C:\a.png",
        "C://a.png",
        "a:b",
        "://a",
        "./s3://a",
        "1s://a",
        " s3://a",
    ],
)
def test_what_has_none_is_a_path_and_never_fetched(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert not is_url(path)
    assert complaint(path) == "no such file"


def test_only_text_is_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    for source in (b"s3://a/b.png", Path("s3://a/b.png")):
        with pytest.raises(PictureError, match=r"is text|no such file"):
            list(load(source))


def test_a_file_in_memory_is_fetched(memory: Any) -> None:
    memory.pipe("/some/a.png", png())
    [picture] = load("memory://some/a.png")
    np.testing.assert_array_equal(picture.pixels, PIXELS)
    assert picture.name == "memory://some/a.png"
    assert complaint("memory://some/b.png") == "no such file"
    assert complaint("memory://some") == "no such file"


def test_a_file_here_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(png())
    [picture] = load(f"file://{tmp_path}/a b.png")
    np.testing.assert_array_equal(picture.pixels, PIXELS)
    assert complaint(f"file://{tmp_path}/none.png") == "no such file"
    assert complaint(f"file://{tmp_path}").startswith("is a folder")


def test_a_picture_on_the_web_is_fetched(store: str) -> None:
    pytest.importorskip("aiohttp")
    [picture] = load(f"{store}/bucket/a.png")
    np.testing.assert_array_equal(picture.pixels, PIXELS)
    assert complaint(f"{store}/none.png") == "no such file"
    assert complaint(f"{store}/bucket/locked.png").startswith("permission denied")
    assert complaint(f"{store}/bucket/broken.png").startswith("cannot be fetched (500")


def test_nobody_at_the_address_is_one_line() -> None:
    pytest.importorskip("aiohttp")
    assert complaint("http://127.0.0.1:9/a.png").startswith("cannot be fetched (")


def test_a_picture_in_an_s3_bucket_is_fetched(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("s3fs")
    for name, value in {
        "AWS_ENDPOINT_URL": store,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    [picture] = load("s3://bucket/a.png")
    np.testing.assert_array_equal(picture.pixels, PIXELS)
    assert complaint("s3://bucket/none.png") == "no such file"
    assert complaint("s3://bucket/locked.png").startswith("permission denied")


def test_a_picture_in_a_google_bucket_is_fetched(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gcsfs")
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", store)
    [picture] = load("gs://bucket/a.png")
    np.testing.assert_array_equal(picture.pixels, PIXELS)
    assert complaint("gs://bucket/none.png") == "no such file"
    assert complaint("gs://bucket/locked.png").startswith("permission denied")


@pytest.mark.parametrize(
    ("url", "missing", "says"),
    [
        ("s3://bucket/a.png", "s3fs", "pip install 'letters-ocr[s3]'"),
        ("gs://bucket/a.png", "gcsfs", "pip install 'letters-ocr[gs]'"),
        ("gcs://bucket/a.png", "gcsfs", "pip install 'letters-ocr[gs]'"),
        ("https://host/a.png", "aiohttp", "pip install 'letters-ocr[remote]'"),
        ("memory://a.png", "fsspec", "pip install 'letters-ocr[remote]'"),
        ("abfs://a.png", "adlfs", "Install adlfs"),
        ("ssh://a.png", "paramiko", "paramiko"),
    ],
)
def test_a_missing_package_is_named(
    url: str, missing: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("fsspec.implementations.http")]:
        monkeypatch.delitem(sys.modules, name)
    loaded = sys.modules["fsspec.registry"]._registry
    for name in list(loaded):
        monkeypatch.delitem(loaded, name)
    for name in [missing, *(name for name in sys.modules if name.startswith(f"{missing}."))]:
        monkeypatch.setitem(sys.modules, name, None)
    message = complaint(url)
    assert "needs a package that is not installed" in message
    assert says in message


def test_an_unknown_kind_of_place_is_named() -> None:
    assert complaint("nowhere://a.png").startswith("is at no kind of place that is known (")
