"""Take the pictures of the page that the README shows: ``python -m tests.ocr.web.page.screenshots``."""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.ocr.web.page.conftest import BROWSERS, FLAGS, serve, stop
from tests.ocr.web.page.hand import draw, expect, open_view, read

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[4]
SHOWN = ROOT / "samples/shown"
QUALITY = 82
DESK = {"viewport": {"width": 1120, "height": 760}}
PHONE = {"viewport": {"width": 375, "height": 760}, "has_touch": True, "is_mobile": True}


def drawn(page: Page) -> None:
    page.click("#example")
    expect(page.locator("#drawn-text")).to_have_text("READ")


def drawn_letter(page: Page) -> None:
    draw(page, "R", 110, 60, 160)
    expect(page.locator("#drawn-text")).to_have_text("R")


def chosen(page: Page) -> None:
    read(page, ROOT / "samples/note.jpg")
    page.locator("#text button", has_text="S").first.click()


def corrected(page: Page) -> None:
    drawn(page)
    for place in range(4):
        page.locator("#drawn-letters .letter").nth(place).locator(".bar-row").first.click()
        page.locator(".notice.done button:has-text('Undo')").wait_for()
    open_view(page, "Teach")
    expect(page.locator("#kept-total")).to_have_text("4")


def network(page: Page) -> None:
    drawn_letter(page)
    open_view(page, "Network")
    page.wait_for_selector("#activations img")


def lab(page: Page) -> None:
    open_view(page, "Lab")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("button", name="Example", exact=True).last.click(timeout=60_000)
    page.locator(".lab-status", has_text="Done").wait_for(timeout=120_000)
    page.wait_for_timeout(1000)
    page.locator("#lab-desk > .panel").evaluate("setup => scrollTo(0, setup.offsetTop + setup.offsetHeight)")


STATES: dict[str, tuple[Callable[[Page], None], dict[str, Any]]] = {
    "draw": (drawn, DESK),
    "draw_phone": (drawn_letter, {**PHONE, "color_scheme": "dark"}),
    "read": (chosen, DESK),
    "read_dark": (chosen, {**DESK, "color_scheme": "dark"}),
    "read_phone": (chosen, PHONE),
    "teach": (corrected, DESK),
    "network": (network, {"viewport": {"width": 1120, "height": 1000}}),
    "lab": (lab, {"viewport": {"width": 1120, "height": 1320}}),
}


def main() -> None:
    from playwright.sync_api import sync_playwright

    server = serve(Path(tempfile.mkdtemp()))
    with sync_playwright() as driver:
        path = next(filter(None, map(shutil.which, BROWSERS)))
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        for name, (reach, settings) in STATES.items():
            page = browser.new_context(reduced_motion="reduce", **settings).new_page()
            page.goto(server.url)
            reach(page)
            page.mouse.move(5, 5)
            page.locator(".notice").evaluate_all("notices => notices.forEach((one) => one.remove())")
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            file = SHOWN / f"web_{name}.jpg"
            picture.save(file, quality=QUALITY, subsampling=0, optimize=True)
            print(file.name, file.stat().st_size)
        browser.close()
    stop(server)


if __name__ == "__main__":
    main()
