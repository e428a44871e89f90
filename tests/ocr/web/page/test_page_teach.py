"""Putting letters right on the page, keeping them, and learning from them."""

from __future__ import annotations

import io
import json
import re
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from nn.model import Sequential
from ocr.recognition.classify import BUNDLED
from tests.ocr.web.page.hand import STROKES, draw, draw_at, expect, open_view, read, text_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

    from tests.ocr.web.page.conftest import Server, Watched

ROOT = Path(__file__).parents[4]
APART, NOTE = ROOT / "samples/letters_apart.jpg", ROOT / "samples/note.jpg"
golden: list[str] = json.loads((ROOT / "tests/golden/note.json").read_text(encoding="utf-8"))["text"]
needs_learning = pytest.mark.skipif(
    find_spec("ocr.learning.learn") is None, reason="ocr.learning is not there"
)


def kept(page: Page, url: str) -> dict[str, int]:
    answer: dict[str, Any] = page.request.get(f"{url}/api/corrections").json()
    return answer["classes"]  # type: ignore[no-any-return]


def more(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    """What was kept meanwhile, by class."""
    return {text: count - before.get(text, 0) for text, count in after.items() if count != before.get(text)}


UNDO = ".notice.done button:has-text('Undo')"


def word_field(page: Page) -> Locator:
    return page.locator(".word-form input")


def retype(page: Page, word: Locator, text: str) -> None:
    word.locator("button").first.focus()
    page.keyboard.press("Enter")
    word_field(page).fill(text)
    page.keyboard.press("Enter")


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
    page.click(UNDO)
    told(page, "Taken back")
    assert kept(page, server.url) == before
    assert text_of(page) == ["M b R 4 e K"]
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("Delete")
    told(page, "Removed. Nothing is learned")
    assert page.locator("#text button").all_text_contents() == list("MR4eK")
    assert kept(page, server.url) == before
    page.locator("#text button").nth(1).click()
    page.click("#chosen .none")
    told(page, "Kept no letter")
    assert page.locator("#text button").all_text_contents() == list("M4eK")
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


def test_undo_takes_back_its_own_correction_and_no_other_and_only_where_the_server_did(
    watched: Watched, page: Page, server: Server
) -> None:
    watched.expected = ("500",)
    before = kept(page, server.url)
    read(page, APART)
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("h")
    told(page, "Kept h")
    page.locator(UNDO).focus()  # so that it stays
    other = watched.context.new_page()
    other.goto(watched.url)
    draw(other, "L")
    other.locator("#drawn-letters .bar-row").first.click()
    told(other, "Kept L")
    other.close()
    failure = '{"error": {"what": "The folder is gone.", "hint": "Put it right."}}'
    page.route("**/api/corrections/*", lambda route: route.fulfill(status=500, body=failure))
    page.click(UNDO)
    expect(page.locator(".notice.error strong")).to_have_text("The folder is gone.")
    assert text_of(page) == ["M h R 4 e K"]
    page.unroute("**/api/corrections/*")
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("k")
    told(page, "Kept k")
    assert more(kept(page, server.url), before) == {"L": 1, "k": 1}
    page.click(UNDO)
    told(page, "Taken back")
    assert text_of(page) == ["M h R 4 e K"]
    assert more(kept(page, server.url), before) == {"L": 1, "h": 1}


def test_a_letter_has_one_example_what_it_was_put_right_to_last(page: Page, server: Server) -> None:
    before = kept(page, server.url)
    read(page, NOTE)
    word = page.locator("#text .word").nth(1)
    retype(page, word, "NEIGHBORS,")
    told(page, "Kept N E I G H B O R S")
    word.locator("button").first.focus()
    page.keyboard.type("QV")  # faster than the server answers
    told(page, "Kept V")
    gained = more(kept(page, server.url), before)
    assert sum(gained.values()) == len("NEIGHBORS,")
    assert "Q" in gained and "V" in gained and not {"N", "E"} & set(gained)
    retype(page, word, "NEIGHBOURHOOD")
    told(page, "Put right here. Not kept")
    assert more(kept(page, server.url), before) == {text: gained[text] for text in "IGHBOR"}  # they stay
    page.click(UNDO)
    told(page, "Taken back")
    assert text_of(page)[0] == "DEAR QVIGHBORS,"
    assert more(kept(page, server.url), before) == gained


def test_a_drawn_letter_has_one_example_too(page: Page, server: Server) -> None:
    before = kept(page, server.url)
    draw(page, "L")
    rows = page.locator("#drawn-letters .bar-row")
    for place in (1, 0, 0):
        rows.nth(place).click()
        told(page, f"Kept {rows.nth(place).locator('.bar-text').text_content()}")
        expect(page.locator("#drawn-letters .letter.kept")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert more(kept(page, server.url), before) == {"L": 1}
    page.click(UNDO)
    told(page, "Taken back")


def test_of_a_word_typed_anew_what_is_not_known_is_not_kept(page: Page, server: Server) -> None:
    before = kept(page, server.url)
    read(page, NOTE)
    word = page.locator("#text .word").nth(1)
    retype(page, word, "xNEIGHBOUR,")
    told(page, "Put right here. Not kept")
    assert word.locator("button").all_text_contents() == list("xNEIGHBOUR,")
    chosen = page.locator("#chosen")
    word.locator("button").first.click()
    assert chosen.locator("canvas.crop").count() == 1
    assert chosen.locator("canvas.glyph, .none").count() == 0  # nobody saw it
    page.keyboard.press("v")
    told(page, "Put right here.")
    assert word.locator("button").all_text_contents() == list("vNEIGHBOUR,")
    assert kept(page, server.url) == before
    word.locator("button").nth(1).click()
    page.keyboard.press("M")  # its ink is known
    told(page, "Kept M")
    assert more(kept(page, server.url), before) == {"M": 1}


def test_words_are_joined_emptied_and_letters_removed_and_nothing_is_learned_from_it(
    page: Page, server: Server
) -> None:
    before = kept(page, server.url)
    read(page, NOTE)
    first, second = page.locator("#text .word").nth(0), page.locator("#text .word").nth(1)
    second.locator("button").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")
    told(page, "Joined: “DEARNEIGHBOUR,”.")
    assert text_of(page)[0] == "DEARNEIGHBOUR,"
    page.click(UNDO)
    told(page, "Taken back")
    assert text_of(page) == golden
    first.locator("button").first.click()
    page.click("#chosen .join")
    expect(page.locator("#text .line").first).to_have_text("DEARNEIGHBOUR,")
    for _ in "DEAR":
        page.locator("#text button").first.focus()
        page.keyboard.press("Delete")
    expect(page.locator("#text .line").first).to_have_text("NEIGHBOUR,")
    retype(page, first, "")
    told(page, "Removed. Nothing is learned")
    assert text_of(page) == golden[1:]
    assert kept(page, server.url) == before
    page.click("#download summary")
    with page.expect_download() as download:
        page.click("#formats button[data-format=json]")
    found = json.loads(download.value.path().read_bytes())["pages"][0]
    assert found["text"].split("\n") == golden[1:] and len(found["lines"]) == len(golden) - 1
    for _ in range(7):
        page.keyboard.press("Control+z")
        page.wait_for_timeout(150)
    expect(page.locator("#text .line").first).to_have_text(golden[0])
    assert text_of(page) == golden
    assert kept(page, server.url) == before


def test_a_mark_that_was_missed_is_added_on_the_picture_or_in_the_word(page: Page, server: Server) -> None:
    before = kept(page, server.url)
    read(page, APART)
    rects = page.locator("#picture-letters rect")
    one, other = rects.nth(2).bounding_box(), rects.nth(3).bounding_box()
    assert one is not None and other is not None
    page.click("#add")
    left, right = one["x"] + one["width"] + 3, other["x"] - 3
    page.mouse.move(left, one["y"] + one["height"] - 12, steps=9)
    page.mouse.down()
    page.mouse.move(right, one["y"] + one["height"], steps=9)
    page.mouse.up()
    page.fill("#add-text", ";")
    page.keyboard.press("Enter")
    told(page, "Added. Nothing is learned")
    assert text_of(page) == ["M b R ; 4 e K"]
    assert page.evaluate("document.activeElement.textContent") == ";"
    retype(page, page.locator("#text .word").nth(0), "M, !")
    told(page, "Put right here. Not kept")
    assert text_of(page) == ["M, ! b R ; 4 e K"]
    assert kept(page, server.url) == before
    page.click("#download summary")
    with page.expect_download() as download:
        page.click("#formats button[data-format=tsv]")
    assert all(f"\t{mark}\n" in download.value.path().read_text() for mark in ("M,", "!", ";"))


def test_a_word_is_put_right_to_two_in_the_text_and_every_download(page: Page) -> None:
    read(page, NOTE)
    for typed, stays in (("NEIGH BOUR,", False), ("NEIGH  BOUR ", True)):
        wanted = " ".join(["DEAR", *typed.split()])
        retype(page, page.locator("#text .word").nth(1), typed)
        assert text_of(page)[0] == wanted
        if not stays:
            page.click(UNDO)
            told(page, "Taken back")
            assert text_of(page)[0] == "DEAR NEIGHBOUR,"
    for name in ("text", "tsv", "json"):
        page.click("#download summary")
        with page.expect_download() as download:
            page.click(f"#formats button[data-format={name}]")
        content = download.value.path().read_text(encoding="utf-8")
        assert all(part in content for part in typed.split())
        assert (wanted in content) == (name != "tsv")


def test_a_character_that_the_network_lacks_is_put_right_and_not_kept(page: Page, server: Server) -> None:
    before = kept(page, server.url)
    read(page, APART)
    page.locator("#text button").nth(4).focus()
    page.fill(".letter-form input", "é")
    page.click(".letter-form button:has-text('Keep')")
    told(page, "Put right here. The network has no é")
    assert text_of(page) == ["M b R 4 é K"]
    assert kept(page, server.url) == before
    page.click(UNDO)
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
    assert sorted(page.locator("#kept-classes b").all_text_contents()) == sorted(classes)
    with page.expect_download() as download:
        page.click("#kept-npz")
    with np.load(download.value.path()) as arrays:
        assert total in {len(array) for array in arrays.values()}
    with page.expect_download() as download:
        page.click("#kept-zip")
    pictures = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())).namelist()
    assert sum(name.endswith(".png") for name in pictures) == total


def test_a_sheet_is_written_on_and_examples_are_seen_and_taken_back_one_by_one(
    page: Page, server: Server
) -> None:
    before = kept(page, server.url)
    open_view(page, "Teach")
    page.click("#sheet")
    cells = page.locator(".sheet-cells li")
    expect(cells).to_have_count(36)
    for label in "AHL":
        paper = page.locator(f"canvas[aria-label='Write {label} here']")
        box = paper.bounding_box()
        assert box is not None
        for stroke in STROKES[label]:
            draw_at(page, [(box["x"] + 16 + 55 * x, box["y"] + 12 + 55 * y) for x, y in stroke])
    expect(page.locator(".sheet-cells .written")).to_have_count(3)
    page.get_by_label("Write H again").click()
    page.get_by_role("button", name="Keep 2 letters").click()
    told(page, "Kept A L")
    assert more(kept(page, server.url), before) == {"A": 1, "L": 1}
    chip = page.locator(".chip", has=page.get_by_text("A", exact=True))
    chip.click()
    examples = page.locator("#examples-list button")
    expect(examples).to_have_count(1 + before.get("A", 0))
    examples.first.click()
    told(page, "Taken back: A of a sheet.")
    assert more(kept(page, server.url), before) == {"L": 1}
    page.click(UNDO)
    expect(chip).to_contain_text(str(1 + before.get("A", 0)))
    assert more(kept(page, server.url), before) == {"A": 1, "L": 1}


def test_where_nothing_is_kept_the_page_says_how_to(watched: Watched, page: Page) -> None:
    watched.expected = ("409",)
    refusal = '{"error": {"what": "The server keeps no corrections.", "hint": ""}}'
    page.route("**/api/corrections", lambda route: route.fulfill(status=409, body=refusal))
    read(page, APART)
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("h")
    told(page, "Put right here only.")
    assert text_of(page) == ["M h R 4 e K"]


def test_learning_begun_elsewhere_is_followed_to_its_result(watched: Watched, page: Page) -> None:
    watched.expected = ("409",)
    draw(page, "L")
    page.locator("#drawn-letters .bar-row").first.click()
    told(page, "Kept L")
    open_view(page, "Teach")
    page.wait_for_selector("#learn:enabled")
    result = {"samples": 9, "seconds": 3.2, "before": 0.5, "after": 0.75, "kept": 0.999}
    change = {"label": "L", "before": "l", "after": "L", "glyph": "A" * 1045 + "Q=="}
    learned = {**result, "model": "my letters/it's.safetensors", "changes": [change]}
    done = {"state": "done", "progress": 1, "message": "", "result": learned}
    answers = [
        {"state": "running", "progress": share, "message": f"{share}", "result": None} for share in (0.2, 0.6)
    ]

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            refusal = {"error": {"what": "It is learning already.", "hint": "Wait."}}
            route.fulfill(status=409, json=refusal)
        else:
            route.fulfill(json=answers.pop(0) if answers else done)

    page.route("**/api/learn", answer)
    page.click("#learn")
    page.wait_for_selector("#learn-run", state="visible")
    expect(page.locator("#learn-result")).to_contain_text("Learned from 9 letters")
    assert page.inner_text("#learn-result .changes") == "l → L"
    assert page.inner_text("#learn-result code") == r"ocr read --model 'my letters/it'\''s.safetensors'"
    assert page.locator(".notice.error").count() == 0 and page.is_enabled("#learn")


def test_an_old_answer_does_not_hide_that_learning_has_begun(page: Page) -> None:
    draw(page, "L")
    page.locator("#drawn-letters .bar-row").first.click()
    told(page, "Kept L")
    idle = {"state": "idle", "progress": 0, "message": "", "result": None}
    held: list[Route] = []

    def answer(route: Route) -> None:
        if not held:
            held.append(route)
            return
        message = "begun" if route.request.method == "POST" else "under way"
        route.fulfill(json={**idle, "state": "running", "message": message})

    page.route("**/api/learn", answer)
    open_view(page, "Teach")
    page.click("#learn:enabled")
    held[0].fulfill(json=idle)
    expect(page.locator("#learn-message")).to_have_text("under way")
    expect(page.locator("#learn-run")).to_be_visible()


@needs_learning
def test_it_learns_from_what_was_put_right_and_reads_with_it(page: Page, server: Server) -> None:
    for letter in "TL":
        for place in range(4):
            draw(page, letter, 60 + 20 * place)
            expect(page.locator("#drawn-text")).to_have_text(letter)
            page.locator("#drawn-letters .bar-row").first.click()
            expect(page.locator("#drawn-letters .letter.kept")).to_have_count(1)
            page.click("#clear")
    open_view(page, "Teach")
    page.click("#learn:enabled")
    expect(page.locator("#learn-result")).to_contain_text("Learned from", timeout=120_000)
    expect(page.locator("#learn-run")).to_be_hidden()
    shares = page.locator(".before-after dd").all_text_contents()
    assert len(shares) == 2 and all(share.endswith("%") for share in shares)
    page.get_by_role("button", name="Read with it").click()
    told(page, "Reads with the learned network now.")
    expect(page.locator("#model-name")).to_have_text("Reads with learned.safetensors.")
    open_view(page, "Draw")
    draw(page, "T")
    expect(page.locator("#drawn-text")).to_have_text("T")
    open_view(page, "Teach")
    expect(page.locator("#model-used input[value=learned]")).to_be_checked()
    page.locator("#model-used input[value=bundled]").check()
    told(page, "Reads with the bundled network now.")


def test_what_was_put_right_is_downloaded_after_another_network_is_chosen(page: Page, server: Server) -> None:
    model = Sequential.load(BUNDLED)
    model.layers[-1].params["weight"][...] *= -1
    model.changed()
    learned = server.corrections / "learned.safetensors"
    former = learned.read_bytes() if learned.exists() else None
    read(page, APART)
    page.locator("#text button").nth(1).focus()
    page.keyboard.press("h")
    told(page, "Kept h")
    try:
        model.save(learned)
        open_view(page, "Teach")
        page.locator("#model-used input[value=learned]").check()
        told(page, "Reads with the learned network now.")
        open_view(page, "Read")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("text", "json", "pdf"):
            page.click("#download summary")
            with page.expect_download() as download:
                page.click(f"#formats button[data-format={name}]")
            content = download.value.path().read_bytes()
            assert content.startswith(b"%PDF-") if name == "pdf" else b"M h R 4 e K" in content
        assert not any("/api/read" in url or "/api/inspect" in url for url in asked)
    finally:
        page.request.post(f"{server.url}/api/model", data={"used": "bundled"})
        learned.unlink() if former is None else learned.write_bytes(former)
