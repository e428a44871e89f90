"""Drawing letters on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ocr.web.page.hand import draw, draw_by_finger, draw_stroke, expect

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from tests.ocr.web.page.conftest import Watched

INK = """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    .reduce((most, value, k) => k % 4 === 3 ? Math.max(most, value) : most, 0)"""
BRIGHT = """canvas => canvas.getContext("2d").getImageData(0, 0, 28, 28).data
    .reduce((most, value, k) => k % 4 === 0 ? Math.max(most, value) : most, 0)"""
WIDTHS = "bars => bars.map(bar => bar.getBoundingClientRect().width / bar.parentElement.clientWidth)"
PHONE = {
    "viewport": {"width": 375, "height": 720},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 3,
}


def expect_text(page: Page, text: str) -> None:
    """Wait until a drawing is read as `text`; the last stroke may still be on its way."""
    expect(page.locator("#drawn-text")).to_have_text(text, timeout=15_000)


def test_letters_drawn_are_read_as_what_they_are(page: Page) -> None:
    for letter in "EKMR47":
        draw(page, letter)
        expect_text(page, letter)
        assert page.locator("#drawn-letters > li").count() == 1
        page.click("#clear")
    for end in ((180.0, 100.0), (250.0, 103.0)):
        draw_stroke(page, [(100, 100), end])
        expect_text(page, "-")
        page.click("#clear")
    draw(page, "O")
    page.wait_for_selector("#drawn-letters > li")
    assert page.inner_text("#drawn-text") in {"O", "o", "0"}


def test_a_letter_has_its_five_best_readings_and_what_the_network_saw_until_it_is_cleared(page: Page) -> None:
    draw(page, "A")
    expect_text(page, "A")
    card = page.locator("#drawn-letters > li")
    assert card.locator(".bar-text").first.text_content() == "A"
    assert card.locator(".bar-row").count() == 5
    page.wait_for_timeout(200)
    shares = card.locator(".bar-fill").evaluate_all(WIDTHS)
    assert shares == sorted(shares, reverse=True)
    assert 0.3 < shares[0] <= 1.001
    assert card.locator("canvas.glyph").evaluate(BRIGHT) > 200
    assert page.locator("#paper").evaluate(INK) == 255
    page.click("#clear")
    assert page.locator("#paper").evaluate(INK) == 0
    assert page.inner_text("#drawn-text") == "nothing yet"
    assert page.locator("#drawn-letters > li").count() == 0
    assert page.is_disabled("#clear")
    draw(page, "T")
    expect_text(page, "T")


def test_letters_apart_are_read_as_a_word_after_each_stroke(page: Page) -> None:
    for k, letter in enumerate("HALT"):
        draw(page, letter, 50 + 150 * k, 90, 110)
        expect_text(page, "HALT"[: k + 1])
    assert page.locator("#drawn-letters > li").count() == 4
    assert (
        page.locator("#drawn-letters .bars").evaluate_all(
            "lists => lists.map(list => list.querySelector('.bar-text').textContent).join('')"
        )
        == "HALT"
    )


def test_undo_takes_strokes_back_one_at_a_time_and_brings_back_what_was_cleared(page: Page) -> None:
    assert page.is_disabled("#undo")
    draw(page, "L", 60, 60, 130)
    draw(page, "T", 260, 60, 130)
    expect_text(page, "LT")
    page.click("#undo")
    page.keyboard.press("Control+z")
    expect_text(page, "L")
    page.click("#undo")
    assert page.is_disabled("#undo")
    assert page.locator("#drawn-letters > li").count() == 0
    draw(page, "L")
    expect_text(page, "L")
    page.click("#clear")
    page.click("#undo")
    expect_text(page, "L")
    page.keyboard.press("Control+Shift+z")
    assert page.inner_text("#drawn-text") == "nothing yet"
    page.click("#undo")
    draw(page, "L", 260, 60, 130)
    expect_text(page, "LL")
    page.click("#undo")
    expect_text(page, "L")
    page.click("#redo")
    expect_text(page, "LL")
    assert page.is_disabled("#redo")


def test_a_letter_is_read_while_the_pen_moves(page: Page) -> None:
    box = page.locator("#paper").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 200, steps=8)
    for step in range(60):
        page.mouse.move(box["x"] + 60 + 2 * step, box["y"] + 200)
        page.wait_for_timeout(40)
        if page.inner_text("#drawn-text") == "L":
            break
    expect(page.locator("#drawn-text")).to_have_text("L")
    assert page.get_attribute("#drawn", "aria-busy") == "true"  # the pen is still down
    page.mouse.up()
    expect(page.locator("#drawn")).to_have_attribute("aria-busy", "false")
    expect_text(page, "L")


def test_a_stroke_that_is_done_waits_for_no_answer_to_what_was_begun(page: Page) -> None:
    held: list[Route] = []
    page.route("**/api/predict*", lambda route: route.continue_() if held else held.append(route))
    box = page.locator("#paper").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 200, steps=8)
    while not held:
        page.mouse.move(box["x"] + 60, box["y"] + 201)
        page.mouse.move(box["x"] + 60, box["y"] + 200)
    page.mouse.move(box["x"] + 160, box["y"] + 200, steps=8)
    page.mouse.up()
    expect_text(page, "L")
    expect(page.locator("#drawn")).to_have_attribute("aria-busy", "false")
    with page.expect_request_finished():
        held[0].continue_()
    page.wait_for_timeout(200)  # what was read of half the letter comes too late
    assert page.inner_text("#drawn-text") == "L"


@pytest.mark.parametrize("watched", [PHONE], indirect=True)
def test_a_finger_draws_too_and_the_canvas_is_as_fine_as_the_screen(page: Page) -> None:
    page.wait_for_function(
        """() => {
            const canvas = document.querySelector("#paper");
            return canvas?.width === 3 * canvas?.clientWidth;
        }"""
    )
    draw_by_finger(page, "A")
    expect_text(page, "A")
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("watched", [{"reduced_motion": "reduce"}], indirect=True)
def test_the_example_is_drawn_at_once_where_motion_is_unwanted(page: Page) -> None:
    page.click("#example")
    expect_text(page, "READ")


def test_the_page_waits_for_a_server_that_is_gone(watched: Watched, page: Page) -> None:
    watched.expected = ("ERR_INTERNET_DISCONNECTED",)
    page.wait_for_selector("#paper")
    watched.context.set_offline(True)
    draw(page, "A")
    page.wait_for_selector(".notice.lost")
    watched.context.set_offline(False)
    page.wait_for_selector(".notice.lost", state="detached")
    expect_text(page, "A")
    page.click("#clear")
    draw(page, "T")
    expect_text(page, "T")


def test_what_the_server_refuses_is_told_and_the_page_goes_on(watched: Watched, page: Page) -> None:
    watched.expected = ("503",)
    refusal = '{"error": {"what": "The reader has its hands full.", "hint": "Wait a little."}}'
    page.route("**/api/predict", lambda route: route.fulfill(status=503, body=refusal))
    draw(page, "A")
    page.wait_for_selector(".notice.error")
    assert page.inner_text(".notice.error").split("\n\n")[:2] == [
        "The reader has its hands full.",
        "Wait a little.",
    ]
    page.unroute("**/api/predict")
    page.click("#clear")
    assert page.locator(".notice.error").count() == 0
    draw(page, "A")
    expect_text(page, "A")


def test_spaces_between_drawn_words_are_read(page: Page) -> None:
    left = 30.0
    for word in ("AT", "HOME"):
        for letter in word:
            draw(page, letter, left, 80, 70)
            left += 66
        left += 50
    expect_text(page, "AT HOME")
    assert page.locator("#drawn-letters > li").count() == 6


SEEN = """canvas => {
    const {data, width} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const columns = new Set();
    for (let k = 3; k < data.length; k += 4) if (data[k]) columns.add(((k - 3) / 4) % width);
    return [Math.min(...columns), Math.max(...columns)].map((x) => x / width);
}"""


def test_strokes_stay_on_the_sheet_when_it_becomes_smaller_and_as_they_were_when_it_grows(page: Page) -> None:
    draw(page, "H", 100, 60, 100)
    draw(page, "T", 560, 60, 100)
    expect_text(page, "HT")
    before = page.locator("#paper").evaluate(SEEN)
    page.set_viewport_size({"width": 420, "height": 820})
    page.wait_for_timeout(300)
    left, right = page.locator("#paper").evaluate(SEEN)
    assert 0 < left < right <= 1
    draw(page, "L", 20, 100, 60)  # it is read where it is seen
    page.wait_for_timeout(300)
    page.set_viewport_size({"width": 1200, "height": 820})
    page.wait_for_timeout(300)
    assert page.locator("#paper").evaluate(SEEN)[1] == pytest.approx(before[1], abs=0.01)
    expect(page.locator("#drawn-letters > li")).to_have_count(3)
    page.set_viewport_size({"width": 1200, "height": 820})


def test_ink_stays_on_the_sheet_while_a_stroke_leaves_it(page: Page) -> None:
    draw_stroke(page, [(60, 60), (60, 200), (-80, 200)])
    page.wait_for_selector("#drawn-letters > li")
    box = page.locator("#paper").bounding_box()
    assert box is not None
    page.locator("#drawn-letters > li").hover()
    frame = page.locator("#paper-box rect").bounding_box()
    assert frame is not None and frame["x"] >= box["x"] - 12
