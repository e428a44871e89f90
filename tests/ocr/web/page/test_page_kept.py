"""Nothing that was put right is lost without being asked for; and how far a picture is, is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from tests.ocr.web.page.hand import drop, expect, expect_page, open_view, paste, read, reading, text_of

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page, Route

    from tests.ocr.web.page.conftest import Watched

ROOT = Path(__file__).parents[4]
NOTE, APART = ROOT / "samples/note.jpg", ROOT / "samples/letters_apart.jpg"
RIGHT = ["M h R 4 e K"]


@pytest.fixture
def right(page: Page) -> Page:
    """The page with a reading that was put right."""
    read(page, APART)
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("h")
    expect(page.locator("#text .line")).to_have_text(RIGHT[0])
    return page


def picked(page: Page) -> None:
    page.set_input_files("#file", NOTE)


WAYS: dict[str, Callable[[Page], None]] = {
    "a text dropped": lambda page: drop(page, "notes.txt", b"some text", "text/plain"),
    "a picture dropped": lambda page: drop(page, NOTE.name, NOTE.read_bytes()),
    "a picture pasted": lambda page: paste(page, "", NOTE.read_bytes(), "image/jpeg"),
    "a picture picked": picked,
    "the example": lambda page: page.click("#sample"),
}


def test_another_file_takes_nothing_of_what_was_put_right(watched: Watched, right: Page) -> None:
    watched.expected = ("415",)
    for count, (name, way) in enumerate(WAYS.items(), start=1):
        way(right)
        if name == "a text dropped":  # nothing of it stays
            expect(right.locator(".notice.error strong")).to_contain_text("is text")
        else:
            expect(right.locator("#text .line").first).to_have_text("DEAR NEIGHBOUR,")
            expect(right.locator("#shelf .file")).to_have_count(count)
            right.locator("#shelf .file").first.click()
        expect(right.locator("#text .line"), name).to_have_text(RIGHT)
    right.keyboard.press("Control+z")
    expect(right.locator("#text .line")).to_have_text("M b R 4 e K")


def test_what_is_cancelled_leaves_what_was_put_right_and_a_file_is_removed_after_a_question(
    right: Page,
) -> None:
    held: list[Route] = []
    right.route("**/api/inspect/pages?*", lambda route: held.append(route))
    drop(right, NOTE.name, NOTE.read_bytes())
    expect(right.locator("#busy")).to_be_visible()
    expect(right.locator("#picture-image")).to_have_js_property("complete", True)  # it is shown at once
    expect(right.locator("#text")).to_have_text("Not read yet.")
    right.click("#cancel")
    expect(right.locator("#busy")).to_be_hidden()
    right.unroute_all()
    first, second = right.locator("#shelf li").nth(0), right.locator("#shelf li").nth(1)
    second.locator(".bare").click()
    expect(right.locator("#text .line")).to_have_text(RIGHT)
    first.locator(".bare").click()
    assert "letters_apart.jpg was not downloaded" in right.inner_text("#ask-means")
    right.click("#ask-no")
    right.click("#download summary")
    with right.expect_download() as download:
        right.click("#formats button[data-format=text]")
    assert download.value.path().read_text() == "M h R 4 e K\n"
    first.locator(".bare").click()  # it was downloaded: nobody asks
    expect(right.locator("#shelf li")).to_have_count(0)
    expect(right.locator("#reading")).to_be_hidden()


def test_a_click_on_the_shelf_counts_though_the_shelf_is_shown_anew_meanwhile(right: Page) -> None:
    read(right, NOTE)
    first = right.locator("#shelf .file").first
    first.focus()
    box = first.bounding_box()
    assert box is not None
    right.mouse.move(box["x"] + 20, box["y"] + 20)
    right.mouse.down()
    right.locator("#text button").first.evaluate(
        "one => one.dispatchEvent(new KeyboardEvent('keydown', {key: 'x', bubbles: true}))"
    )
    expect(right.locator("#text .line").first).to_have_text("xEAR NEIGHBOUR,")
    right.mouse.up()
    expect(right.locator("#text .line")).to_have_text(RIGHT)


def test_a_word_that_is_being_typed_counts_when_a_file_is_dropped(page: Page) -> None:
    read(page, APART)
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("hat")
    drop(page, NOTE.name, NOTE.read_bytes())
    expect(page.locator("#text .line").first).to_have_text("DEAR NEIGHBOUR,")
    page.locator("#shelf .file").first.click()
    expect(page.locator("#text .line")).to_have_text("M hat R 4 e K")


def test_a_reload_brings_all_back_and_what_was_done_can_still_be_undone(right: Page) -> None:
    right.locator("#text button").nth(3).focus()
    right.keyboard.press("9")
    expect(right.locator("#text .line")).to_have_text("M h R 9 e K")
    right.reload()
    expect(right.locator("#text .line")).to_have_text("M h R 9 e K")
    for text in ("M h R 4 e K", "M b R 4 e K"):
        right.keyboard.press("Control+z")
        expect(right.locator("#text .line")).to_have_text(text)
    right.keyboard.press("Control+Shift+z")
    expect(right.locator("#text .line")).to_have_text(RIGHT)
    right.click("#redo-step")
    expect(right.locator("#redo-step")).to_be_disabled()
    right.click("#download summary")
    with right.expect_download() as download:
        right.click("#formats button[data-format=json]")
    assert json.loads(download.value.path().read_bytes())["pages"][0]["text"] == "M h R 9 e K"


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A TIFF of four pages."""
    names = ("letters_apart.jpg", "digits.png", "letters_apart.jpg", "digits.png")
    found = [Image.open(ROOT / "samples" / name).convert("L") for name in names]
    found[0].save(tmp_path / "pages.tif", save_all=True, append_images=found[1:])
    return tmp_path / "pages.tif"


HEAVY = """() => {
    const send = XMLHttpRequest.prototype.send;
    window.seen = [];
    new MutationObserver(() => window.seen.push(document.querySelector("#busy-text").textContent))
        .observe(document.querySelector("#busy-text"), {childList: true});
}"""


def test_sending_and_each_page_are_told_and_pages_are_shown_as_they_come(page: Page, pages: Path) -> None:
    open_view(page, "Read")
    page.evaluate(HEAVY)
    with reading(page):
        page.set_input_files("#file", pages)
    told = page.evaluate("seen.map(text => text.replace(/, \\d+ s$/, ''))")
    firsts = list(dict.fromkeys(told))
    assert firsts[0] == "Sending pages.tif"
    told_pages = [text for text in firsts if ", page " in text]
    all_pages = [f"Reading pages.tif, page {number} of 4" for number in range(1, 5)]
    assert told_pages == [text for text in all_pages if text in told_pages]
    assert len(told_pages) >= 2 and firsts[-1] == all_pages[-1], (
        "two may come in one piece, and the last stays"
    )
    expect_page(page, 1, 4)


def line_of_a_page(page: Page) -> dict[str, Any]:
    """Return what the server tells of a page with six letters."""
    open_view(page, "Read")
    file: FilePayload = {"name": APART.name, "mimeType": "image/jpeg", "buffer": APART.read_bytes()}
    answer = page.request.post(f"{page.url.partition('#')[0]}api/inspect/pages", multipart={"file": file})
    _, line = map(json.loads, answer.text().splitlines())
    return cast(dict[str, Any], line)


def test_a_wall_has_the_letters_of_all_pages_however_many(page: Page) -> None:
    line, count = line_of_a_page(page), 70  # more than have an address, in an answer that is taken whole
    lines = [json.dumps({"count": count})]
    for number in range(1, count + 1):
        line["document"]["pages"][0]["number"] = number
        lines.append(json.dumps(line))
    body = "\n".join([*lines, ""])
    page.route("**/api/inspect/pages?*", lambda route: route.fulfill(body=body))
    page.set_input_files("#file", APART)
    expect_page(page, 1, count)
    expect(page.locator("#busy")).to_be_hidden()
    page.get_by_role("button", name=f"M: {count} times").click()
    crops = page.locator("#wall-crops canvas")
    expect(crops).to_have_count(count)
    blank = """all => all.filter(one => !one.getContext("2d").getImageData(48, 48, 1, 1).data[3]).length"""
    for _ in range(100):
        if not crops.evaluate_all(blank):
            break
        page.wait_for_timeout(100)
    assert crops.evaluate_all(blank) == 0


PAGES, AT_ONCE = 8, 5
WHITE = " " * 3_000_000


@pytest.mark.parametrize("fails", [False, True], ids=["to its end", "to a page that fails"])
def test_a_long_answer_is_broken_off_and_the_rest_is_asked_for(page: Page, fails: bool) -> None:
    line = line_of_a_page(page)
    asked: list[tuple[str, int]] = []

    def page_line(number: int) -> str:
        if fails and number == PAGES:
            return json.dumps({"error": {"what": "It broke.", "hint": "Mend it."}})
        line["document"]["pages"][0]["number"] = number
        return json.dumps(line) + WHITE

    def answered(route: Route) -> None:
        pages = parse_qs(urlsplit(route.request.url).query).get("pages", ["1-"])[0]
        first = int(pages.removesuffix("-"))
        asked.append((route.request.resource_type, first))
        numbers = range(first, 1 + (AT_ONCE if first == 1 else PAGES))
        lines = [json.dumps({"count": PAGES + 1 - first}), *map(page_line, numbers)]
        route.fulfill(body="\n".join([*lines, ""]), content_type="application/x-ndjson")

    page.route("**/api/inspect/pages?*", answered)
    page.set_input_files("#file", APART)
    expect(page.locator("#busy")).to_be_hidden()
    expect_page(page, 1, PAGES - fails)
    assert [kind for kind, _ in asked] == ["xhr", "fetch"]
    assert 1 < asked[1][1] <= AT_ONCE + 1
    page.fill("#page-number", str(PAGES - fails))
    page.press("#page-number", "Enter")
    assert text_of(page) == ["M b R 4 e K"]
    if fails:
        assert page.inner_text(".notice.error strong") == "It broke."
        assert page.inner_text(".notice.error p").startswith(f"{PAGES - 1} of {PAGES} pages were read.")


def test_cancelling_keeps_the_pages_that_were_read(page: Page, tmp_path: Path) -> None:
    many = [Image.open(APART).convert("L")] * 30
    many[0].save(tmp_path / "many.tif", save_all=True, append_images=many[1:])
    open_view(page, "Read")
    page.set_input_files("#file", tmp_path / "many.tif")
    expect(page.locator("#text .line")).to_have_text("M b R 4 e K", timeout=60_000)
    page.click("#cancel")
    expect(page.locator("#busy")).to_be_hidden()
    message = page.locator(".notice.done strong").inner_text()
    count = int(message.split()[0])
    assert message.endswith("of 30 pages were read.") and 1 <= count < 30
    assert text_of(page) == ["M b R 4 e K"]
    for name in ("json", "pdf"):
        page.click("#download summary")
        with page.expect_download() as download:
            page.click(f"#formats button[data-format={name}]")
        content = download.value.path().read_bytes()
        assert name == "pdf" or len(json.loads(content)["pages"]) == count
    answer = page.request.get(f"{page.url.partition('#')[0]}api/health")
    assert answer.json()["waiting"] == 0
