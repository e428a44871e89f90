"""Work on the page: zoom, doubts, walls of one letter, words and lines moved and read anew, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.ocr.web.page.hand import draw, expect, expect_page, open_view, read, reading, text_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[4]
NOTE, APART = ROOT / "samples/note.jpg", ROOT / "samples/letters_apart.jpg"
MARKER = ROOT / "samples/marker.jpg"
"""Two of its letters are read less surely than 90 %."""


PAINTED = """canvas => canvas.getContext("2d").getImageData(0, 0, 28, 28).data
    .reduce((sum, value, k) => (31 * sum + value * (k % 997)) % 1000003, 0)"""
"""A number that changes with what is painted."""


def scale(page: Page) -> float:
    shown: float = page.locator("#picture-sheet").evaluate(
        "sheet => sheet.offsetWidth / sheet.querySelector('svg').viewBox.baseVal.width"
    )
    return shown


def test_the_picture_is_zoomed_and_moved_and_the_chosen_letter_is_brought_into_view(page: Page) -> None:
    read(page, NOTE)
    fits = scale(page)
    pane = page.locator("#picture").bounding_box()
    assert pane is not None
    middle = (pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.wheel(0, -300)
    assert scale(page) > 1.3 * fits
    page.locator("#picture").focus()
    for key, factor in (("+", 1.25), ("-", 0.8)):
        before = scale(page)
        page.keyboard.press(key)
        assert scale(page) == pytest.approx(factor * before, rel=0.02)
    sheet = page.locator("#picture-sheet")
    before_move = sheet.bounding_box()
    page.keyboard.press("ArrowRight")
    page.mouse.down()
    page.mouse.move(middle[0] + 60, middle[1] + 60, steps=4)
    page.mouse.up()
    assert sheet.bounding_box() != before_move
    for _ in range(5):
        page.keyboard.press("+")
    page.locator("#text button").last.click()
    box = page.locator("#picture-letters rect.chosen").bounding_box()
    assert box is not None
    assert pane["x"] <= box["x"] and box["x"] + box["width"] <= pane["x"] + pane["width"]
    assert pane["y"] <= box["y"] and box["y"] + box["height"] <= pane["y"] + pane["height"]
    page.locator("#picture").focus()
    page.keyboard.press("0")
    assert scale(page) == pytest.approx(fits, rel=0.01)
    page.click("#zoom-width")
    assert sheet.bounding_box()["width"] == pytest.approx(pane["width"], abs=2)  # type: ignore[index]
    page.click("#show-letters")
    assert page.locator("#picture-letters rect:visible").count() == 1  # the chosen one
    page.click("#show-letters")


def test_doubts_come_one_after_another_over_all_pages_and_one_key_confirms(
    page: Page, tmp_path: Path
) -> None:
    pages = [Image.open(path).convert("L") for path in (NOTE, APART, NOTE)]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    open_view(page, "Read")
    with reading(page):
        page.set_input_files("#file", tmp_path / "pages.tif")
    on_first = page.locator("#text button.unsure").count()
    assert on_first and page.locator("#doubts").inner_text().endswith("on other pages.")
    page.locator("#text button").first.focus()
    page.keyboard.press("F8")
    for left in range(on_first - 1, -1, -1):
        page.keyboard.press("Space")
        if left:
            expect(page.locator("#text button.unsure")).to_have_count(left)
    expect_page(page, 3, 3)
    assert page.evaluate("document.activeElement.classList.contains('unsure')")
    page.keyboard.press("Shift+F8")  # none is left before it: the last one
    expect_page(page, 3, 3)
    for _ in range(on_first):
        page.click("#undo-step")
    expect_page(page, 1, 3)
    expect(page.locator("#text button.unsure")).to_have_count(on_first)


def test_wrong_ones_are_clicked_out_of_a_wall_of_one_letter(page: Page) -> None:
    read(page, NOTE)
    before = text_of(page)
    page.locator("#case button[aria-label^='E:']").click()
    tiles = page.locator("#wall-crops button")
    expect(tiles).to_have_count(sum(line.count("E") for line in before))
    tiles.nth(0).click()
    other = tiles.nth(0).locator(".tile-says").inner_text().removeprefix("→ ")
    tiles.nth(1).focus()
    page.keyboard.type("B")
    assert page.locator("#wall-crops .out").count() == 2
    page.keyboard.press("Enter")
    expect(page.locator("#wall")).to_be_hidden()
    expect(page.locator("#text button.corrected")).to_have_count(tiles.count())
    after = "".join(text_of(page))
    assert after.count("E") == "".join(before).count("E") - 2 and other in after
    page.keyboard.press("Control+z")
    expect(page.locator("#text button.corrected")).to_have_count(0)
    assert text_of(page) == before


def test_words_and_lines_are_moved_split_and_joined_and_a_word_alone_is_read_anew(page: Page) -> None:
    read(page, NOTE)
    before = text_of(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    first = page.locator("#text .word").first.locator("button").first
    first.focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#text .line").first).to_have_text("NEIGHBOUR, DEAR")
    page.keyboard.press("Alt+Enter")
    expect(page.locator("#text .line")).to_have_count(len(before) + 1)
    page.keyboard.press("Alt+Delete")
    expect(page.locator("#text .line").nth(1)).to_have_text(f"DEAR {before[1]}")
    for _ in range(3):
        page.click("#undo-step")
    expect(page.locator("#text .line")).to_have_text(before)
    page.locator("#text .word").nth(1).locator("button").nth(5).click()
    page.locator("#chosen .arrange summary").click()
    page.click("#chosen .split")
    expect(page.locator("#text .line").first).to_have_text("DEAR NEIGH BOUR,")
    page.click("#undo-step")
    page.locator("#text .word").nth(1).locator("button").first.click()
    assert not any("inspect" in url for url in asked)
    with page.expect_response("**/api/inspect?*region=*"):
        page.click("#chosen .anew")
    expect(page.locator(".notice.done strong")).to_contain_text("Read anew: “NEIGHBOUR,”.")
    assert text_of(page) == before


def test_the_text_lies_over_the_picture_and_blocks_change_their_order(page: Page) -> None:
    read(page, ROOT / "samples/two_columns.png")
    before = text_of(page)
    assert page.locator("#picture-text:visible, #picture-blocks:visible").count() == 0
    page.click("#show-overlay")
    page.click("#show-blocks")
    words = page.locator("#picture-text text")
    assert words.all_text_contents() == " ".join(before).split()
    box, word = page.locator("#picture-letters rect").first.bounding_box(), words.first.bounding_box()
    assert box is not None and word is not None
    assert word["x"] == pytest.approx(box["x"], abs=6) and word["y"] == pytest.approx(box["y"], abs=12)
    numbers = page.locator("#picture-blocks .order")
    assert numbers.all_text_contents() == [str(k + 1) for k in range(len(before))]
    page.locator("#chosen .arrange summary").click()
    page.click("#chosen .block-down")
    expect(page.locator("#text .line").first).to_have_text(before[1])
    after = text_of(page)
    assert sorted(after) == sorted(before) and after.index(before[0]) > 5
    page.click("#undo-step")
    assert text_of(page) == before
    page.click("#show-overlay")
    assert words.count() == 0


def test_a_line_is_turned_and_read_anew(page: Page, tmp_path: Path) -> None:
    upright = Image.open(NOTE).convert("L").crop((0, 0, 1100, 200))
    upright.transpose(Image.Transpose.ROTATE_180).save(tmp_path / "turned.png")
    open_view(page, "Read")
    page.click("summary:has-text('Settings')")
    page.select_option("#settings select[name=pipeline]", "line")
    with reading(page):
        page.set_input_files("#file", tmp_path / "turned.png")
    assert "NEIGHBOUR" not in "".join(text_of(page))
    page.locator("#text button").first.click()
    page.locator("#chosen .arrange summary").click()
    for _ in range(2):
        with page.expect_response("**/api/inspect?*"):
            page.click("#chosen .turn-line")
        page.wait_for_selector("#picture:not(.rereading)")
    expect(page.locator("#text .line").first).to_contain_text("NEIGHBOUR")
    boxes = page.locator("#picture-letters rect").evaluate_all("all => all.map((one) => one.x.baseVal.value)")
    assert boxes[0] > boxes[-1]  # it begins at the right


def test_why_a_letter_was_read_is_told_by_votes_that_add_up(page: Page) -> None:
    read(page, NOTE)
    page.locator("#text button.unsure").nth(1).click()
    rows = page.locator("#chosen .vote-table tr")
    names = rows.locator("th").all_inner_texts()
    assert names[0] == "Letter network" and names[-1] == "Together" and "Language" in names
    values = [float(text.replace("−", "-")) for text in rows.locator(".number").all_inner_texts()]
    assert sum(values[:-1]) == pytest.approx(values[-1], abs=0.25)
    made_it = page.locator("#chosen .occlusion canvas")
    expect(made_it).to_be_visible()  # what in the crop made it so
    first = made_it.evaluate(PAINTED)
    page.locator("#chosen .votes select").select_option(index=1)
    expect(made_it).to_be_visible()
    assert made_it.evaluate(PAINTED) != first


def test_a_filter_is_seen_at_work_on_a_letter_and_what_comes_out_has_names(page: Page) -> None:
    draw(page, "R")
    open_view(page, "Network")
    names = page.locator("#outputs li span:first-child")
    expect(names.first).to_have_text("R")
    assert page.locator("#outputs li").count() == 12
    expect(page.locator("#occlusion canvas")).to_be_visible()
    sums, tiles = page.locator("#filters output"), page.locator("#filters .filter-tiles")
    said = {sums.inner_text()}
    box = tiles.bounding_box()
    assert box is not None
    for share in (0.3, 0.6, 0.9):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
        said.add(sums.inner_text())
    assert len(said) == 4
    assert page.locator("#filters input[name=Filter]").input_value() != "0"
    letter = page.locator("#filters .filter-letter").first
    letter.hover(position={"x": 3, "y": 3})  # nothing is written there
    assert sums.inner_text() == "0.00"
    page.locator("#filters input[name=Across]").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert page.locator("#filters input[name=Across]").input_value() >= "12"
    expect(page.locator("#confusion-of")).to_contain_text("are read right")


def test_light_or_dark_is_chosen_and_remembered(page: Page) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page.click("#theme")
    page.click("#theme")
    assert page.evaluate(ground) == "rgb(18, 20, 24)"
    page.reload()
    assert page.evaluate(ground) == "rgb(18, 20, 24)"
    assert page.get_attribute("#theme", "aria-label") == "Light or dark: dark"
