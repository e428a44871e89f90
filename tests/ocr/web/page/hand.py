"""A hand that draws letters on the page, and drops files on it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from math import cos, pi, sin
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from playwright.sync_api._generated import LocatorAssertions

Points = list[tuple[float, float]]


def _round(x: float, y: float, wide: float, high: float, start: float, end: float) -> Points:
    """Part of an ellipse; angles as shares of a turn, from the right, downwards."""
    angles = [2 * pi * (start + (end - start) * k / 16) for k in range(17)]
    return [(x + wide * cos(angle), y + high * sin(angle)) for angle in angles]


STROKES: dict[str, list[Points]] = {
    "A": [[(0, 1), (0.35, 0), (0.7, 1)], [(0.14, 0.62), (0.57, 0.61)]],
    "E": [[(0.55, 0), (0, 0.01), (0, 1), (0.57, 1)], [(0, 0.5), (0.45, 0.5)]],
    "H": [[(0, 0), (0.01, 1)], [(0.6, 0), (0.6, 1)], [(0, 0.5), (0.6, 0.49)]],
    "K": [[(0, 0), (0.01, 1)], [(0.58, 0), (0.02, 0.55)], [(0.16, 0.44), (0.62, 1)]],
    "L": [[(0, 0), (0.01, 1), (0.55, 0.99)]],
    "M": [[(0, 1), (0.04, 0), (0.4, 0.66), (0.76, 0), (0.8, 1)]],
    "O": [_round(0.4, 0.5, 0.4, 0.5, -0.25, 0.77)],
    "R": [
        [(0, 1), (0, 0)],
        [(0, 0), *_round(0.28, 0.26, 0.32, 0.26, -0.25, 0.25), (0, 0.52)],
        [(0.26, 0.52), (0.6, 1)],
    ],
    "T": [[(0, 0), (0.7, 0.01)], [(0.35, 0), (0.36, 1)]],
    "4": [[(0.42, 0), (0, 0.66), (0.66, 0.65)], [(0.46, 0.3), (0.45, 1)]],
    "7": [[(0, 0.02), (0.6, 0), (0.22, 1)]],
}


def draw(page: Page, letter: str, left: float = 60, top: float = 60, size: float = 150) -> None:
    """Draw a letter with the mouse; `left`, `top` and `size` in pixels of the drawing area."""
    for stroke in STROKES[letter]:
        draw_stroke(page, [(left + size * x, top + size * y) for x, y in stroke])
    page.wait_for_selector("#drawn:not([aria-busy=true])")  # it was read while the pen moved, and once more


def draw_stroke(page: Page, points: Points) -> None:
    """Draw a stroke with the mouse, in pixels of the drawing area."""
    draw_at(page, _on_page(page, points))


def draw_at(page: Page, points: Points) -> None:
    """Draw a stroke with the mouse, in pixels of the page."""
    (x, y), *rest = points
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=4)
    page.mouse.up()


def draw_by_finger(page: Page, letter: str, left: float = 60, top: float = 40, size: float = 120) -> None:
    """Draw a letter by touch."""
    session = page.context.new_cdp_session(page)
    send = lambda kind, points: session.send(  # noqa: E731
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
    )
    for stroke in STROKES[letter]:
        first, *rest = _on_page(page, [(left + size * x, top + size * y) for x, y in stroke])
        send("touchStart", [first])
        for before, after in zip([first, *rest], rest, strict=False):
            for k in range(1, 5):
                send("touchMove", [tuple(a + (b - a) * k / 4 for a, b in zip(before, after, strict=True))])
        send("touchEnd", [])


def _on_page(page: Page, points: Points) -> Points:
    page.wait_for_selector("#paper")
    box = page.locator("#paper").bounding_box()
    assert box is not None
    return [(box["x"] + x, box["y"] + y) for x, y in points]


def drop(page: Page, name: str, content: bytes, kind: str = "image/png") -> None:
    """Drop a file on the page, as if from the desktop."""
    _hand_over(page, "drop", name, content, kind)


def paste(page: Page, name: str, content: bytes, kind: str = "image/png") -> None:
    _hand_over(page, "paste", name, content, kind)


def _hand_over(page: Page, event: str, name: str, content: bytes, kind: str) -> None:
    page.evaluate(
        """([event, name, content, type]) => {
            const transfer = new DataTransfer();
            const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
            transfer.items.add(new File([bytes], name, {type}));
            const settings = {bubbles: true, cancelable: true};
            const made = event === "drop"
                ? new DragEvent("drop", {...settings, dataTransfer: transfer})
                : new ClipboardEvent("paste", {...settings, clipboardData: transfer});
            document.querySelector("main").dispatchEvent(made);
        }""",
        [event, name, base64.b64encode(content).decode(), kind],
    )


def open_view(page: Page, name: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=name).click()
    page.wait_for_selector(f"body[data-view={name.lower()}]")


def read(page: Page, path: Path) -> None:
    """Drop a picture and wait for its text."""
    with reading(page):
        drop(page, path.name, path.read_bytes())


@contextmanager
def reading(page: Page) -> Iterator[None]:
    """Wait for the text of a picture that the page is given in the block."""
    with page.expect_response("**/api/inspect/pages?*", timeout=60_000):
        yield
    page.wait_for_selector("#busy", state="hidden", timeout=60_000)
    page.wait_for_selector("#reading", state="visible")
    page.wait_for_selector("#text:not([aria-busy=true])")


def expect(locator: Locator, message: str | None = None) -> LocatorAssertions:
    """Playwright's assertions, which wait; imported late, as it may not be installed."""
    from playwright.sync_api import expect as playwright_expect

    return playwright_expect(locator, message)


def expect_page(page: Page, number: int, count: int) -> None:
    """Wait until so many pages are told, and this one is shown."""
    expect(page.locator("#page-number")).to_have_value(str(number))
    expect(page.locator("#page-count")).to_have_text(f"of {count}")


def text_of(page: Page) -> list[str]:
    """The lines of the text as shown."""
    return page.locator("#text .line").all_text_contents()
