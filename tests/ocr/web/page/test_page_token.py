"""The page that asks for the token: on a phone and on a desk, in the light and in the dark."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

from tests.ocr.web.page.test_page_access import DESK, PHONE, STILL

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Serving = Callable[..., AbstractContextManager[tuple[str, subprocess.Popen[str]]]]
TOKEN = "0123456789-abcdef"


def test_the_token_is_asked_for_and_opens_the_page(browser: Browser, serving: Serving) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with serving("--jobs", "1", "--token", TOKEN) as (address, _):
        url = address.partition("?")[0]
        looks: dict[str, Any] = {
            "light desk": {**STILL, **DESK, "color_scheme": "light"},
            "dark phone": {**STILL, **PHONE, "color_scheme": "dark"},
        }
        for name, look in looks.items():
            context = browser.new_context(**look)
            context.set_default_timeout(60_000)
            context.add_cookies([{"name": "other", "value": '{"a":"ü"}', "url": url}])
            page = context.new_page()
            page.goto(url)
            found = axe.run(page).response["violations"]
            assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == [], name
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
            heights = page.locator("input, button").evaluate_all(
                "all => all.map(one => one.getBoundingClientRect().height)"
            )
            assert min(heights) >= 44
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == {"light": "rgb(246, 245, 241)", "dark": "rgb(18, 20, 24)"}[look["color_scheme"]]
            page.keyboard.type("wrong")  # the field has the focus
            page.keyboard.press("Enter")
            page.wait_for_selector("[role=alert]")
            page.get_by_label("token").fill(TOKEN)
            page.get_by_role("button", name="Open").click()
            page.wait_for_selector("#draw", state="visible")
            assert TOKEN not in page.url
            assert TOKEN not in page.content()
            context.close()
