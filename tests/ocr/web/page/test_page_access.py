"""The page for everybody: axe finds nothing, the keyboard reaches all, a phone's width is enough."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ocr.web.page.hand import draw, open_view, read

if TYPE_CHECKING:
    from playwright.sync_api import Page

APART = Path(__file__).parents[4] / "samples/letters_apart.jpg"
VIEWS = ("Draw", "Read", "Teach", "Network", "Lab")
STILL = {"reduced_motion": "reduce"}
DESK = {"viewport": {"width": 1200, "height": 820}}
PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LOOKS = {
    "light desk": {**STILL, **DESK, "color_scheme": "light"},
    "dark phone": {**STILL, **PHONE, "color_scheme": "dark"},
}


def fill(page: Page) -> None:
    """Bring every view to where it shows something."""
    draw(page, "A", 40, 40, 100)
    page.wait_for_selector("#drawn-letters > li")
    read(page, APART)
    page.locator("#text button").first.click()
    open_view(page, "Network")
    page.wait_for_selector("#layers table")


@pytest.mark.parametrize("watched", LOOKS.values(), ids=LOOKS.keys(), indirect=True)
def test_axe_finds_nothing_and_all_is_named_and_of_a_size_for_screen_and_finger(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    fill(page)
    for view in (*VIEWS, "API"):
        open_view(page, view)
        if view == "API":
            page.wait_for_selector("#api-calls > li")
        found = axe.run(page).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], view
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
    open_view(page, "Read")
    for button in page.locator("#read button:visible, nav a").all():
        assert button.get_attribute("aria-label") or button.inner_text()
    small = page.locator("#read .drop button:visible, nav a:visible, .bar button:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)"
    )
    assert small == []


def test_every_call_of_the_api_is_told_and_can_be_made_as_it_stands(page: Page, tmp_path: Path) -> None:
    open_view(page, "API")
    page.wait_for_selector("#api-calls > li")
    paths = page.evaluate("fetch('/api/openapi.json').then((answer) => answer.json())")["paths"]
    calls = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(page.locator("#api-calls h2").all_text_contents()) == calls
    snippets = page.locator("#api-calls pre").all_text_contents()
    assert len(snippets) == len(calls) and all(text.startswith("curl ") for text in snippets)
    shutil.copy(APART, tmp_path / "note.jpg")
    read_it = next(text for text in snippets if text.endswith("/api/read'"))
    if shutil.which("curl"):
        answer = subprocess.run(["bash", "-c", f"{read_it} -sf"], cwd=tmp_path, capture_output=True)
        assert json.loads(answer.stdout)["pages"][0]["text"] == "M b R 4 e K"
    page.check("#api-language input[value=python]")
    page.wait_for_selector("#api-calls pre:has-text('import requests')")
    for snippet in page.locator("#api-calls pre").all_text_contents():
        compile(snippet, "snippet", "exec")


def test_the_keyboard_reaches_every_view_and_focus_is_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "view"
    page.evaluate("document.activeElement.blur()")
    page.locator(".brand").focus()
    for view in VIEWS:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == view
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for view in VIEWS:
        page.get_by_role("navigation").get_by_role("link", name=view).focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(f"#{view.lower()}", state="visible")
        assert page.locator("main > section:visible").count() == 1
        assert page.title().startswith(view)
