"""Putting letters right on the page, keeping them, and learning from them."""

from __future__ import annotations

import io
import re
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.ocr.web.page.hand import draw, expect, open_view, read, text_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.ocr.web.page.conftest import Server, Watched

ROOT = Path(__file__).parents[4]
APART, NOTE = ROOT / "samples/letters_apart.jpg", ROOT / "samples/note.jpg"
needs_learning = pytest.mark.skipif(
    find_spec("ocr.learning.learn") is None, reason="ocr.learning is not there"
)


def kept(page: Page, url: str) -> dict[str, int]:
    answer: dict[str, Any] = page.request.get(f"{url}/api/corrections").json()
    return answer["classes"]  # type: ignore[no-any-return]


def more(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    """What was kept meanwhile, by class."""
    return {text: count - before.get(text, 0) for text, count in after.items() if count != before.get(text)}


def told(page: Page, start: str) -> None:
    expect(page.locator(".notice.done strong")).to_have_text(re.compile(f"^{re.escape(start)}"))


def test_a_letter_is_put_right_where_it_stands_kept_and_taken_back(page: Page, server: Server) -> None:
    before = kept(page, server.url)
    read(page, APART)
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("h")
    told(page, "Kept h")
    assert text_of(page) == ["M h R 4 e K"]
    assert page.evaluate("document.activeElement.textContent") == "R"
    assert "put right" in (page.locator("#text button").nth(1).get_attribute("aria-label") or "")
    assert more(kept(page, server.url), before) == {"h": 1}
    page.click(".notice.done button:has-text('Undo')")
    told(page, "Taken back")
    assert kept(page, server.url) == before
    assert text_of(page) == ["M b R 4 e K"]
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("Delete")
    told(page, "Kept no letter")
    assert page.locator("#text button:visible").all_text_contents() == list("MR4eK")
    assert more(kept(page, server.url), before) == {"": 1}


def test_a_word_is_put_right_in_place(page: Page, server: Server) -> None:
    before = kept(page, server.url)
    read(page, NOTE)
    page.locator("#text .word").nth(1).locator("button").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert text_of(page)[0].startswith("DEAR NEIGHBOUR")
    page.keyboard.press("Enter")
    field = page.locator(".word-form input")
    field.fill(field.input_value().replace("NEIGHBOUR", "NEIGHBORS"))
    page.keyboard.press("Enter")
    told(page, "Kept N E I G H B O R S")
    assert text_of(page)[0].startswith("DEAR NEIGHBORS")
    gained = more(kept(page, server.url), before)
    assert {text: gained[text] for text in "NEIGHBORS"} == dict.fromkeys("NEIGHBORS", 1)
    page.locator("#text .word").nth(1).locator("button").first.focus()
    page.keyboard.press("Enter")
    page.locator(".word-form input").fill("NEIGHBOURHOOD")
    page.keyboard.press("Enter")
    told(page, "Put right here. Not kept")
    assert text_of(page)[0].startswith("DEAR NEIGHBOURHOOD")
    for name in ("text", "tsv"):
        page.click("#download summary")
        with page.expect_download() as download:
            page.click(f"#formats button[data-format={name}]")
        assert "NEIGHBOURHOOD" in download.value.path().read_text(encoding="utf-8")


def test_a_character_that_the_network_lacks_is_put_right_and_not_kept(page: Page, server: Server) -> None:
    before = kept(page, server.url)
    read(page, APART)
    page.locator("#text button").nth(4).focus()
    page.fill(".letter-form input", "é")
    page.click(".letter-form button:has-text('Keep')")
    told(page, "Put right here. The network has no é")
    assert text_of(page) == ["M b R 4 é K"]
    assert kept(page, server.url) == before
    page.click(".notice.done button:has-text('Undo')")
    assert text_of(page) == ["M b R 4 e K"]


def test_what_was_put_right_is_taken_away_as_npz_and_as_folders(page: Page, server: Server) -> None:
    draw(page, "L")
    page.wait_for_selector("#drawn-letters > li")
    page.locator("#drawn-letters .bar-row").nth(1).click()
    second = page.locator("#drawn-letters .bar-text").nth(1).text_content()
    told(page, f"Kept {second}")
    open_view(page, "Teach")
    expect(page.locator("#kept-total")).not_to_have_text("0")
    total = int(page.inner_text("#kept-total"))
    classes = [text or "no character" for text in kept(page, server.url)]
    assert page.locator("#kept-classes b").all_text_contents() == classes
    with page.expect_download() as download:
        page.click("#kept-npz")
    with np.load(download.value.path()) as arrays:
        assert total in {len(array) for array in arrays.values()}
    with page.expect_download() as download:
        page.click("#kept-zip")
    pictures = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())).namelist()
    assert sum(name.endswith(".png") for name in pictures) == total


def test_where_nothing_is_kept_the_page_says_how_to(watched: Watched, page: Page) -> None:
    watched.expected = ("409",)
    refusal = '{"error": {"what": "The server keeps no corrections.", "hint": ""}}'
    page.route("**/api/corrections", lambda route: route.fulfill(status=409, body=refusal))
    read(page, APART)
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("h")
    told(page, "Put right here only.")
    assert text_of(page) == ["M h R 4 e K"]


@needs_learning
def test_it_learns_from_what_was_put_right_and_reads_with_it(page: Page, server: Server) -> None:
    for letter in "TL":
        draw(page, letter)
        expect(page.locator("#drawn-text")).to_have_text(letter)
        for _ in range(4):
            page.locator("#drawn-letters .bar-row").first.click()
            told(page, f"Kept {letter}")
        page.click("#clear")
    open_view(page, "Teach")
    page.click("#learn:enabled")
    page.wait_for_selector("#learn-run", state="visible")
    page.wait_for_selector("#learn-run", state="hidden", timeout=120_000)
    assert "Learned from" in page.inner_text("#learn-result")
    shares = page.locator(".before-after dd").all_text_contents()
    assert len(shares) == 2 and all(share.endswith("%") for share in shares)
    page.locator("#model-used input[value=learned]").check()
    told(page, "Reads with the learned network now.")
    open_view(page, "Draw")
    draw(page, "T")
    expect(page.locator("#drawn-text")).to_have_text("T")
    open_view(page, "Teach")
    expect(page.locator("#model-used input[value=learned]")).to_be_checked()
    page.locator("#model-used input[value=bundled]").check()
    told(page, "Reads with the bundled network now.")
