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
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
SEEN = Path(__file__).parents[4] / "samples/letters_apart.jpg"
WIDE: ViewportSize = {"width": 1200, "height": 820}


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
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera looks at six letters."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"no browser is installed: none of {', '.join(BROWSERS)}")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    playwright.expect.set_options(timeout=20_000)
    with playwright.sync_playwright() as driver:
        seen = tmp_path_factory.mktemp("camera") / "seen.mjpeg"
        seen.write_bytes(SEEN.read_bytes())
        camera = f"--use-file-for-fake-video-capture={seen}"
        browser = driver.chromium.launch(executable_path=path, args=[*FLAGS, camera])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all browsers of this process; where there is no browser nobody asks for it."""
    server = serve(tmp_path_factory.mktemp("corrections"))
    yield server
    stop(server)


class Watched:
    """A browser's context with a page, what it asked for and what it complained of."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        context.set_default_timeout(20_000)
        self.context, self.url, self.page = context, url, context.new_page()
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._complaint(str(error.error)))

    def open(self) -> None:
        """Show the page as if for the first time: nothing is on its shelf."""
        self.page.unroute_all()
        self.context.set_offline(False)
        self.page.goto("about:blank")
        session = self.context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": self.url, "storageTypes": "all"})
        session.detach()
        self.foreign.clear()
        self.complaints.clear()
        self.expected = ()
        self.page.goto(self.url)

    def check(self) -> None:
        assert self.foreign == []
        assert [text for text in self.complaints if not any(part in text for part in self.expected)] == []

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.foreign.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complaint(f"{message.text} {message.location['url']}")

    def _complaint(self, text: str) -> None:
        self.complaints.append(text)


@pytest.fixture(scope="package")
def desk(browser: Browser, server: Server) -> Iterator[Watched]:
    context = browser.new_context(viewport=WIDE)
    yield Watched(context, server.url)
    context.close()


@pytest.fixture
def watched(request: pytest.FixtureRequest, browser: Browser, desk: Watched) -> Iterator[Watched]:
    """The page, just opened: that of a desk, or of a browser as the parameter says.

    Nothing may be asked of others, nor complained of.
    """
    settings = getattr(request, "param", None)
    watched = desk if settings is None else Watched(browser.new_context(**settings), desk.url)
    watched.open()
    yield watched
    if watched is not desk:
        watched.context.close()
    watched.check()


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.page
