"""The page in a real browser, on a server of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
WIDE = {"width": 1200, "height": 820}


@dataclass(frozen=True)
class Server:
    """A running ``ocr serve``."""

    url: str
    corrections: Path
    process: subprocess.Popen[str]


def serve(corrections: Path) -> Server:
    """Start ``ocr serve`` and wait until it says where it is."""
    command = [sys.executable, "-m", "ocr", "serve", "--port", "0", "--corrections", str(corrections)]
    quiet = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=quiet)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Open http://"), line
    return Server(line.split()[1].rstrip("/"), corrections, process)


def stop(server: Server) -> None:
    server.process.send_signal(signal.SIGINT)
    server.process.communicate(timeout=20)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser is installed: none of {', '.join(BROWSERS)}")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = serve(tmp_path_factory.mktemp("corrections"))
    yield server
    stop(server)


class Watched:
    """What a browser context asked for and complained of."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url, self.page = url, context.new_page()
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()
        context.on("request", self._request)
        context.on("console", lambda message: message.type == "error" and self._complaint(message.text))
        context.on("weberror", lambda error: self._complaint(str(error.error)))

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def _complaint(self, text: str) -> None:
        self.complaints.append(text)

    def check(self) -> None:
        assert self.foreign == []
        assert [text for text in self.complaints if not any(part in text for part in self.expected)] == []


@pytest.fixture
def watched(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Watched]:
    """A fresh context with the page open; nothing may be asked of others, nor complained of."""
    settings = getattr(request, "param", {"viewport": WIDE})
    context = browser.new_context(**settings)
    context.set_default_timeout(20_000)
    watched = Watched(context, server.url)
    watched.page.goto(server.url)
    yield watched
    context.close()
    watched.check()


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.page
