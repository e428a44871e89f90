"""The page for everybody: axe finds nothing, the keyboard reaches all, a phone's width is enough."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ocr.web.page.hand import draw, expect, open_view, read

if TYPE_CHECKING:
    from playwright.sync_api import Page

APART = Path(__file__).parents[4] / "samples/letters_apart.jpg"
VIEWS = ("Draw", "Read", "Teach", "Network", "Lab")
STILL = {"reduced_motion": "reduce"}
DESK = {"viewport": {"width": 1200, "height": 820}}
PHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
LOOKS = {
    "light desk": ({**STILL, **DESK, "color_scheme": "dark"}, "light"),
    "dark phone": ({**STILL, **PHONE, "color_scheme": "light"}, "dark"),
}
"""A browser, and what is chosen on the page against what its system has."""


def is_phone(page: Page) -> bool:
    return bool(page.evaluate("matchMedia('(pointer: coarse)').matches"))


def fill(page: Page) -> None:
    """Bring every view to where it shows something."""
    draw(page, "A", 40, 40, 100)
    page.wait_for_selector("#drawn-letters > li")
    read(page, APART)
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("h")
    expect(page.locator("#text")).to_have_text("M h R 4 e K")
    if is_phone(page):  # there the message lies over the links to the views for some seconds
        page.click(".notice.done button.bare")
    for opened in ("summary:has-text('Settings')", ".arrange summary"):
        page.locator(opened).click()
    for shown in ("#show-overlay", "#show-blocks"):
        page.click(shown)
    open_view(page, "Network")
    page.wait_for_selector("#layers table")


REACHED = """() => {
    const within = document.querySelector("dialog[open]") ?? document.body;
    const all = [...within.querySelectorAll("button, a[href], input, select, summary, [tabindex='0']")];
    const lost = all.filter((one) => {
        if (one.matches(".skip, :disabled") || !one.checkVisibility()) return false;
        one.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
        const {left, top, width, height} = one.getBoundingClientRect();
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        return !(one.closest("label") ?? one).contains(hit);
    });
    return lost.map((one) => one.id || one.textContent || one.outerHTML);
}"""
"""What of a page cannot be brought to where it is seen and clicked."""


def dialog(page: Page, view: str, *opening: str) -> Callable[[], None]:
    """Return what opens a dialog of a view, by clicks."""

    def opens() -> None:
        if page.locator("dialog[open]").count():
            page.keyboard.press("Escape")
        open_view(page, view)
        for selector in opening:
            page.locator(selector).first.click()
        page.wait_for_selector("dialog[open]")

    return opens


def states(page: Page) -> dict[str, Callable[[], None]]:
    """Return what brings the page to each of its states."""
    views = {view: partial(open_view, page, view) for view in (*VIEWS, "API")}
    dialogs = {
        "a question": dialog(page, "Read", "#shelf .bare"),
        "a wall": dialog(page, "Read", "#case button"),
        "a sheet": dialog(page, "Teach", "#sheet"),
    }
    if not is_phone(page):  # a phone takes photos by itself
        dialogs["a photo"] = dialog(page, "Read", "#photograph")
    return {**views, **dialogs}


@pytest.mark.parametrize("watched, theme", LOOKS.values(), ids=LOOKS.keys(), indirect=["watched"])
def test_axe_finds_nothing_and_all_is_named_and_can_be_reached_on_a_desk_a_phone_and_at_400_percent(
    page: Page, theme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.evaluate(axe.axe_script)  # once: it is large
    fill(page)
    while page.get_attribute("html", "data-theme") != theme:
        page.click("#theme")
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    for name, reach in states(page).items():
        reach()
        if name == "API":
            page.wait_for_selector("#api-calls > li")
        found = page.evaluate("axe.run({resultTypes: ['violations']}).then((told) => told.violations)")
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == [], name
        for height in (640, 256) if width == 320 else ():  # so high is a screen of 1280 x 1024 at 400 %
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            assert page.evaluate(REACHED) == [], (name, height)
        page.set_viewport_size({"width": width, "height": 720})
    page.keyboard.press("Escape")
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
