"""Reading pictures on the page."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.ocr.web.page.hand import draw, drop, expect, expect_page, open_view, paste, read, reading, text_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.ocr.web.page.conftest import Watched

ROOT = Path(__file__).parents[4]
NOTE, APART = ROOT / "samples/note.jpg", ROOT / "samples/letters_apart.jpg"
"""Two letters of the note are read less surely than 90 %."""
FORMATS: dict[str, Callable[[bytes], bool]] = {
    "text": lambda content: content.decode() == "M b R 4 e K\n",
    "layout": lambda content: content.decode().split() == list("MbR4eK"),
    "markdown": lambda content: content.decode() == "M b R 4 e K\n",
    "csv": lambda content: content.decode() == "M b R 4 e K\r\n",
    "json": lambda content: json.loads(content)["pages"][0]["text"] == "M b R 4 e K",
    "tsv": lambda content: content.startswith(b"level\t"),
    "hocr": lambda content: b"ocrx_word" in content,
    "alto": lambda content: b"<alto" in content,
    "page": lambda content: b"PcGts" in content,
    "pdf": lambda content: content.startswith(b"%PDF-"),
}


def golden(path: Path) -> list[str]:
    content = json.loads((ROOT / "tests/golden" / f"{path.stem}.json").read_text(encoding="utf-8"))
    return content["text"]  # type: ignore[no-any-return]


def bomb() -> bytes:
    """A small PNG that says it is 30,000 pixels wide and high."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    side = 30_000
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side * (side // 8 + 1)), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def shown(page: Page) -> Page:
    """The page with six letters read."""
    read(page, APART)
    return page


def test_pictures_dropped_give_their_text_and_as_many_boxes_as_letters(page: Page) -> None:
    """A letter by itself, a page, a table, and one on its side, by the setting for each."""
    open_view(page, "Read")
    page.click("summary:has-text('Settings')")
    for name in ("letter_small_h.png", "note.jpg", "prices.png", "quarter_turn.jpg"):
        page.locator("#settings select[name=pipeline]").evaluate(
            "(select, value) => { select.value = value; }", "letter" if name.startswith("letter_") else "auto"
        )
        path = ROOT / "samples" / name
        read(page, path)
        lines = text_of(page)
        assert lines == golden(path), name
        letters = sum(len(line.replace(" ", "")) for line in lines)
        assert page.locator("#picture-letters rect").count() == letters, name


def test_pictures_are_picked_and_pasted_and_there_is_an_example(page: Page) -> None:
    open_view(page, "Read")
    with reading(page):
        page.set_input_files("#file", APART)
    assert text_of(page) == golden(APART)
    with reading(page):
        page.click("#sample")
    assert text_of(page) == golden(NOTE)
    with reading(page):
        paste(page, "", APART.read_bytes(), "image/jpeg")
    assert text_of(page) == golden(APART)


def test_a_photo_is_taken_and_read(page: Page) -> None:
    open_view(page, "Read")
    page.click("#photograph")
    expect(page.locator("#camera-video")).to_have_js_property("paused", False)
    with reading(page):
        page.click("#camera-shoot")
    assert text_of(page) == golden(APART)
    assert page.locator("#camera").is_hidden()


def test_arrow_keys_and_pointing_at_boxes_lead_from_letter_to_letter_and_show_each(shown: Page) -> None:
    shown.locator("#text button").first.focus()
    seen = []
    for _ in range(6):
        seen.append(shown.locator("#chosen .bar-text").first.text_content())
        assert shown.locator("#chosen .bar-row").count() == 5
        assert shown.locator("#chosen canvas.crop").count() == 1
        assert shown.locator("#chosen canvas.glyph").count() == 1
        assert shown.locator("#picture-letters rect.chosen").count() == 1
        shown.keyboard.press("ArrowRight")
    assert "".join(filter(None, seen)).casefold() == "mbr4ek"
    shown.keyboard.press("Home")
    assert shown.evaluate("document.activeElement.textContent") == "M"
    shown.evaluate("document.activeElement.blur()")
    box = shown.locator("#picture-letters rect").nth(3).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    shown.mouse.move(*middle)
    assert shown.locator("#text button.pointed").text_content() == "4"
    shown.mouse.click(*middle)
    assert shown.evaluate("document.activeElement.textContent") == "4"
    assert panel(shown) == "4"


def panel(page: Page) -> str:
    """The letter that the panel is about."""
    return page.locator("#chosen .letter-form input").input_value()


def move_to(page: Page, target: Locator) -> None:
    """Scroll there, and move the mouse as a hand does: over all that lies between."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=40)


def test_a_click_pins_a_letter_and_the_way_to_the_panel_chooses_no_other(page: Page) -> None:
    read(page, NOTE)
    box = page.locator("#picture-letters rect").nth(0)
    move_to(page, box)
    page.mouse.down()
    page.mouse.up()
    assert panel(page) == "D"
    chosen = page.locator("#text button.chosen")
    for place in (30, 70, 98):  # over the picture, the text and what lies between
        move_to(page, page.locator("#picture-letters rect").nth(place))
        move_to(page, page.locator("#text button").nth(place))
        assert panel(page) == page.locator("#text button").nth(place).text_content()
        assert chosen.text_content() == "D"
    move_to(page, page.locator("#chosen .bar-row").nth(1))
    assert panel(page) == "D" and page.locator(".pointed").count() == 0
    other = page.locator("#chosen .bar-text").nth(1).text_content()
    page.mouse.down()
    page.mouse.up()
    expect(page.locator("#text .line").first).to_have_text(f"{other}EAR NEIGHBOUR,")
    assert text_of(page)[1:] == golden(NOTE)[1:]


def test_what_is_typed_is_put_in_the_letter_that_was_chosen_wherever_the_mouse_rests(page: Page) -> None:
    read(page, NOTE)
    page.locator("#text button").nth(1).click()
    move_to(page, page.locator("#picture-letters rect").nth(40))
    page.keyboard.press("x")
    expect(page.locator("#text .line").first).to_have_text("DxAR NEIGHBOUR,")
    assert text_of(page)[1:] == golden(NOTE)[1:]


def test_settings_change_how_it_is_read(page: Page) -> None:
    read(page, ROOT / "samples/digits.png")
    page.click("summary:has-text('Settings')")
    languages = page.locator("#settings select[name=language] option")
    expect(languages.filter(has_text="German")).to_have_count(1)
    assert languages.last.get_attribute("value") == "none"
    page.fill("#settings input[name=whitelist]", "0123456789")
    with reading(page), page.expect_request("**/api/inspect/pages?*") as request:
        page.keyboard.press("Tab")
    assert "pipeline=auto&language=en&whitelist=0123456789" in request.value.url
    assert set("".join(text_of(page))) <= set("0123456789 ")


def test_settings_do_not_drop_what_was_put_right_unasked(watched: Watched, shown: Page) -> None:
    watched.expected = ("400",)
    shown.locator("#text button").nth(1).focus()
    shown.keyboard.press("h")
    expect(shown.locator("#text")).to_have_text("M h R 4 e K")
    shown.click("summary:has-text('Settings')")
    again = shown.locator("#read-again")
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    shown.fill("#settings input[name=whitelist]", "☃")
    shown.keyboard.press("Tab")
    expect(again).to_be_focused()
    assert text_of(shown) == ["M h R 4 e K"] and not any("inspect" in url for url in asked)
    shown.fill("#settings input[name=whitelist]", "")
    shown.keyboard.press("Tab")
    expect(again).to_be_hidden()
    shown.fill("#settings input[name=whitelist]", "☃")
    shown.keyboard.press("Tab")
    again.press("Enter")
    expect(shown.locator(".notice.error strong")).to_contain_text("☃")
    assert text_of(shown) == ["M h R 4 e K"] and shown.is_visible("#reading")
    shown.click("#download summary")
    with shown.expect_download() as download:
        shown.click("#formats button[data-format=json]")
    assert json.loads(download.value.path().read_bytes())["pages"][0]["text"] == "M h R 4 e K"
    shown.fill("#settings input[name=whitelist]", "0123456789")
    shown.keyboard.press("Tab")
    with reading(shown):
        again.press("Enter")
    assert set("".join(text_of(shown))) <= set("0123456789 ")
    assert again.is_hidden()


def test_a_picture_chosen_while_the_server_is_gone_is_read_when_it_is_back(
    watched: Watched, page: Page
) -> None:
    watched.expected = ("ERR_INTERNET_DISCONNECTED",)
    open_view(page, "Read")
    watched.context.set_offline(True)
    page.set_input_files("#file", APART)
    page.wait_for_selector(".notice.lost")
    watched.context.set_offline(False)
    expect(page.locator("#text .line")).to_have_text(golden(APART))
    assert page.locator(".notice.lost").count() == 0


def test_pages_are_turned(page: Page, tmp_path: Path) -> None:
    pages = [Image.open(ROOT / "samples" / name).convert("L") for name in ("letters_apart.jpg", "digits.png")]
    pages.append(Image.new("L", (300, 200), 255))
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    read(page, tmp_path / "pages.tif")
    expect_page(page, 1, 3)
    assert page.is_disabled("#page-before")
    assert text_of(page) == golden(APART)
    page.click("#page-after")
    expect_page(page, 2, 3)
    assert text_of(page) == golden(ROOT / "samples/digits.png")
    page.click("#page-after")
    expect(page.locator("#text")).to_have_text("No letters were found.")
    assert page.locator("#chosen").is_hidden()
    assert page.is_disabled("#page-after")


def test_a_page_is_turned_to_by_its_number_and_by_keys(page: Page, tmp_path: Path) -> None:
    pages = [Image.open(path).convert("L") for path in (APART, ROOT / "samples/digits.png", NOTE)]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    read(page, tmp_path / "pages.tif")
    for typed, number, path in (("3", 3, NOTE), ("0", 1, APART), ("99", 3, NOTE), ("x", 3, NOTE)):
        page.fill("#page-number", typed)
        page.press("#page-number", "Enter")
        expect_page(page, number, 3)
        assert text_of(page) == golden(path)
    page.focus("#picture")
    for key, number in (("PageUp", 2), ("PageUp", 1), ("PageUp", 1), ("PageDown", 2)):
        page.keyboard.press(key)
        expect_page(page, number, 3)
    assert text_of(page) == golden(ROOT / "samples/digits.png")


def test_stages_lie_over_the_picture(shown: Page) -> None:
    for name in ("light", "binary", "segments"):
        shown.locator(f"#stages input[value={name}]").check()
        stage = shown.locator("#picture-stage")
        stage.evaluate("image => image.decode()")
        assert stage.is_visible()
        below = shown.locator("#picture-image")
        assert stage.bounding_box() == pytest.approx(below.bounding_box(), abs=1)
        shown.locator("#strength").fill("40")
        assert stage.evaluate("image => getComputedStyle(image).opacity") == "0.4"
    shown.locator("#stages input[value=picture]").check()
    assert shown.locator("#picture-stage").is_hidden()


def test_what_is_less_sure_is_marked_by_more_than_colour(page: Page) -> None:
    read(page, NOTE)
    unsure = page.locator("#text button.unsure")
    assert unsure.count() == page.locator("#picture-letters rect.unsure").count() > 0
    line = "button => getComputedStyle(button).textDecorationStyle"
    assert unsure.first.evaluate(line) == "wavy"
    assert "unsure" in (unsure.first.get_attribute("aria-label") or "")
    dashes = "box => getComputedStyle(box).strokeDasharray"
    assert page.locator("#picture-letters rect.unsure").first.evaluate(dashes) != "none"
    page.click("#next-doubt")
    assert page.evaluate("document.activeElement.classList.contains('unsure')")


def test_the_text_is_copied_and_every_format_is_downloaded(shown: Page) -> None:
    shown.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shown.click("#copy")
    shown.wait_for_selector(".notice.done")
    assert shown.evaluate("navigator.clipboard.readText()") == "M b R 4 e K"
    offered = shown.locator("#formats button").evaluate_all("all => all.map(one => one.dataset.format)")
    assert offered == list(FORMATS)
    for name, holds in FORMATS.items():
        shown.click("#download summary")
        with shown.expect_download() as download:
            shown.click(f"#formats button[data-format={name}]")
        assert download.value.suggested_filename.startswith("letters_apart.")
        assert holds(download.value.path().read_bytes()), name


REFUSED: dict[str, Callable[[], bytes]] = {
    "notes.jpg": lambda: b"no picture at all\n" * 40,
    "huge.png": lambda: bytes(50_000_000),
    "bomb.png": bomb,
}


def test_what_is_no_picture_is_refused_readably_and_the_page_lives_on(
    watched: Watched, page: Page, tmp_path: Path
) -> None:
    watched.expected = ("413", "415", "422")
    message = page.locator(".notice.error")
    for name, make in REFUSED.items():
        (tmp_path / name).write_bytes(make())
        open_view(page, "Read")
        if message.count():
            message.get_by_label("Close this message").click()
        page.set_input_files("#file", tmp_path / name)
        message.wait_for()
        assert len(message.inner_text()) > 25
        assert "Error" not in message.inner_text()
        assert page.locator("#reading").is_hidden()
    read(page, APART)
    assert text_of(page) == golden(APART)
    assert message.count() == 0


def test_two_tabs_work_at_once(watched: Watched, page: Page) -> None:
    other = watched.context.new_page()
    other.goto(watched.url)
    drop(page, NOTE.name, NOTE.read_bytes())
    draw(other, "A")
    drop(page, APART.name, APART.read_bytes())
    other.wait_for_selector("#drawn-letters > li")
    assert other.inner_text("#drawn-text") == "A"
    expect(page.locator("#text .line")).to_have_text(golden(APART))
    other.close()
