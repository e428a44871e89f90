"""The usual way through the page, in Firefox: draw, read, put right, undo, save, and come back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ocr.web.page.firefox import CONTROL, Firefox, firefox
from tests.ocr.web.page.hand import STROKES

if TYPE_CHECKING:
    from tests.ocr.web.page.conftest import Server

BROWSERS = ("firefox-esr", "firefox")
APART = Path(__file__).parents[4] / "samples/letters_apart.jpg"
TEXT = "M b R 4 e K"
SHOWN = "return document.querySelector('#text')?.innerText.trim().split(/\\s+/).join(' ') === arguments[0]"


@pytest.fixture(scope="module")
def program() -> str:
    """Where Firefox is."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"Firefox is not installed: none of {', '.join(BROWSERS)}")
    return found


@pytest.fixture
def browser_window(program: str, server: Server, tmp_path: Path) -> Iterator[Firefox]:
    """Firefox with the page."""
    with firefox(program, tmp_path) as window:
        window.open(server.url)
        yield window


def saved(folder: Path) -> str:
    """Wait for a file that is downloaded, and return what is in it."""
    end = time.monotonic() + 30
    while not (files := [path for path in folder.glob("*.txt") if path.stat().st_size]):
        assert time.monotonic() < end, list(folder.iterdir())
        time.sleep(0.1)
    return files[0].read_text(encoding="utf-8")


def test_a_picture_is_read_put_right_and_saved(browser_window: Firefox) -> None:
    window = browser_window
    window.wait_for("#paper")
    box = window.run("return document.querySelector('#paper').getBoundingClientRect().toJSON()")
    for stroke in STROKES["A"]:
        window.draw([(box["x"] + 60 + 150 * x, box["y"] + 40 + 150 * y) for x, y in stroke])
    window.wait_for("#drawn-letters > li .bar-row")
    window.wait("return document.querySelector('#drawn-text').innerText.trim() === 'A'")

    window.click("nav a[href='#read']")
    window.upload("#file", APART)
    window.wait(SHOWN, TEXT)
    assert window.run("return document.querySelectorAll('#picture-letters rect').length") == 6
    window.click("#text button")
    window.wait_for("#chosen .bar-row")
    window.press("X")
    window.wait(SHOWN, TEXT.replace("M", "X"))
    window.press(CONTROL, "z")
    window.wait(SHOWN, TEXT)
    window.click("#download summary")
    window.click("#formats button[data-format=text]")
    assert saved(window.downloads) == TEXT + "\n"

    window.send("WebDriver:Refresh")
    window.click("#shelf button.file")
    window.wait(SHOWN, TEXT)
    assert window.run("return document.querySelectorAll('.notice.error').length") == 0
