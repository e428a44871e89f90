"""Training on the page: begun, watched, paused, gone on with at another rate, looked into at its steps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.ocr.web.page.hand import expect, open_view

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.ocr.web.page.conftest import Watched

PAINTED = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .reduce((sum, value, k) => (31 * sum + value * (k % 997)) % 1000003, 0)"""
"""A number that changes with what is painted on a canvas."""


def test_a_network_learns_on_the_page_and_every_step_can_be_looked_into(watched: Watched, page: Page) -> None:
    watched.expected = ("/api/lab/steps/",)  # which may have been thinned out since they were told
    open_view(page, "Lab")
    lab = page.locator("#lab")
    status, reads = lab.locator(".lab-status"), lab.locator(".lab-reads b")
    expect(status).to_contain_text("Nothing is trained yet")
    lab.get_by_label("Data").select_option("drawn digits")
    lab.get_by_label("Samples").select_option("500")
    lab.get_by_label("Epochs").fill("400")
    lab.get_by_role("button", name="Train").click()
    expect(status).to_contain_text("of those held out are right", timeout=60_000)
    lab.get_by_role("button", name="Pause").click()
    expect(status).to_contain_text("Paused at epoch", timeout=30_000)
    lab.get_by_role("button", name="Halve the rate").click()
    lab.get_by_role("button", name="Go on").click()
    expect(status).to_contain_text("Learning at 0.001:")
    lab.get_by_role("button", name="Pause").click()
    expect(status).to_contain_text("Paused at epoch", timeout=30_000)

    lab.get_by_role("button", name="Example").click()
    layers = lab.locator(".lab-layers canvas")
    expect(layers).to_have_count(10)  # the input, and all layers that change it
    expect(reads).to_have_text(re.compile(r"^\d$"))
    cells = lab.locator(".lab-course li")
    expect(cells.last).to_have_class("here")
    assert cells.count() == int(lab.locator("#lab-step").get_attribute("max") or 0) + 1
    filters = lab.locator("canvas.lab-tiles").first
    last, answered = filters.evaluate(PAINTED), layers.nth(1).evaluate(PAINTED)
    lab.locator("#lab-step").focus()
    page.keyboard.press("Home")
    expect(lab.locator(".lab-time output")).to_have_text("0")
    expect(cells.first).to_have_class("here")
    expect(lab.get_by_role("button", name="Newest")).to_have_attribute("aria-pressed", "false")
    for canvas, before in ((filters, last), (layers.nth(1), answered)):
        for _ in range(100):
            if canvas.evaluate(PAINTED) != before:
                break
            page.wait_for_timeout(100)
        assert canvas.evaluate(PAINTED) != before

    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1200, "height": 820})
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    grave = [one for one in axe.run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in grave] == []
    page.request.delete(page.url.partition("#")[0] + "api/lab")
